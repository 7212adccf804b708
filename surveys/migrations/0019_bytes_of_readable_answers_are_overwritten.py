from django.db import migrations


def rewrite(apps, schema_editor):
    """Write the tables anew: the bytes of a removed column stay in its rows until then."""
    for model in ("Intake", "StagedAnswer"):
        table = apps.get_model("surveys", model)._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"VACUUM FULL {table}")
    if schema_editor.connection.vendor == "sqlite" and not schema_editor.connection.in_atomic_block:
        schema_editor.execute("VACUUM")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("surveys", "0018_readable_answers_are_gone")]

    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
