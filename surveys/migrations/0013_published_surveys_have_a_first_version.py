import hashlib
import json

from django.db import migrations

FACING = ("title", "headline", "lead", "after", "consent")
PROMPT = ("text", "hint", "labels", "cannot_judge", "position")
QUESTION = ("title", "help", "example", "item", "block", "position", "prompt__code")


def keep_first_versions(apps, editor):
    model = apps.get_model("surveys", "QuestionnaireVersion")
    for survey in apps.get_model("surveys", "Survey").objects.filter(published_at__isnull=False):
        texts = {
            "survey": {name: getattr(survey, name) for name in FACING},
            "audiences": {row.code: row.name for row in survey.audiences.all()},
            "prompts": {row.pop("code"): row for row in survey.prompts.values("code", *PROMPT)},
            "questions": {
                str(row.pop("pk")): row for row in survey.questions.values("pk", *QUESTION)
            },
        }
        written = json.dumps(texts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        model.objects.create(
            survey=survey,
            number=1,
            at=survey.published_at,
            by=survey.published_by,
            texts=texts,
            digest=hashlib.sha256(written.encode()).hexdigest(),
        )
    for sealed in apps.get_model("surveys", "SealedAnswers").objects.defer("block"):
        sealed.versions = [{"versions": [1], "answers": sealed.respondents}]
        sealed.save(update_fields=["versions"])


def drop_versions(apps, editor):
    apps.get_model("surveys", "QuestionnaireVersion").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("surveys", "0012_published_wording_has_versions")]
    operations = [migrations.RunPython(keep_first_versions, drop_versions)]
