"""The languages of a company and of a survey become lists, so that more can follow."""

from typing import Any

from django.db import migrations, models

import surveys.languages

BOTH = ["zh-hans", "en"]


def _name_languages(apps: Any, _schema_editor: Any) -> None:
    """A company speaks what its name is written in; a survey what its word said."""
    for row in apps.get_model("surveys", "Organisation").objects.all():
        row.languages = [code for code in BOTH if row.name.get(code)] or BOTH
        row.save(update_fields=["languages"])
    surveys_of = apps.get_model("surveys", "Survey").objects
    for code in BOTH:
        surveys_of.filter(languages_word=code).update(languages=[code])


def _name_word(apps: Any, _schema_editor: Any) -> None:
    surveys_of = apps.get_model("surveys", "Survey").objects
    for code in BOTH:
        surveys_of.filter(languages=[code]).update(languages_word=code)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0020_topics_may_be_sorted_into_three")]

    operations = [
        migrations.AddField(
            "organisation",
            "languages",
            surveys.languages.LanguagesField(
                default=surveys.languages.all_codes,
                help_text="What it asks and reports in, one or more.",
            ),
        ),
        migrations.RemoveConstraint("survey", "languages_are_known"),
        migrations.RenameField("survey", "languages", "languages_word"),
        migrations.AddField(
            "survey",
            "languages",
            surveys.languages.LanguagesField(
                default=surveys.languages.all_codes,
                help_text="A survey opens only in languages that every text is in.",
            ),
        ),
        migrations.RunPython(_name_languages, _name_word, elidable=True),
        migrations.RemoveField("survey", "languages_word"),
        migrations.AddConstraint(
            "organisation",
            models.CheckConstraint(
                condition=~models.Q(languages=[]), name="organisation_has_a_language"
            ),
        ),
        migrations.AddConstraint(
            "survey",
            models.CheckConstraint(condition=~models.Q(languages=[]), name="survey_has_a_language"),
        ),
    ]
