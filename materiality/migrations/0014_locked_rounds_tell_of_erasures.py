from django.db import migrations

from materiality.models.closing import close_locked_rounds


def install(apps, editor):
    close_locked_rounds(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("materiality", "0013_publication_day_of_the_report")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
