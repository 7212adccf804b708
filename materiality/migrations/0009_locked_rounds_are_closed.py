from django.db import migrations

from materiality.models.closing import close_locked_rounds, open_locked_rounds


def install(apps, editor):
    close_locked_rounds(editor.connection)


def remove(apps, editor):
    open_locked_rounds(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("materiality", "0008_content_index")]
    operations = [migrations.RunPython(install, remove)]
