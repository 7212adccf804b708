from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from materiality.models.immutability import allow_changes, forbid_changes

TABLE = "materiality_snapshot"


def install(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    forbid_changes(editor.connection, TABLE)


def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    allow_changes(editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [("materiality", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
