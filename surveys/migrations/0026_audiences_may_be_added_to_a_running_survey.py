from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def asked_since_publication(apps, editor):
    surveys = apps.get_model("surveys", "Survey").objects.filter(pk=OuterRef("survey"))
    published = Subquery(surveys.values("published_at")[:1])
    apps.get_model("surveys", "Audience").objects.update(asked_from=published)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0025_tables_handed_in_leave_no_trace")]
    operations = [
        migrations.AddField(
            model_name="audience",
            name="asked_from",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Since when it belongs to a published survey; from then on its questions stand.",
                null=True,
            ),
        ),
        migrations.RunPython(asked_since_publication, migrations.RunPython.noop),
    ]
