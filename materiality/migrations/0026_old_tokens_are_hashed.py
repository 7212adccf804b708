"""Tokens that stood in clear are hashed: programs go on for ninety days, then need a new one."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

PLAIN = "authtoken_token"


def hash_plain_tokens(apps, schema_editor):
    from knox.crypto import hash_token
    from knox.settings import CONSTANTS

    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if PLAIN not in connection.introspection.table_names(cursor):
            return
        cursor.execute(f"SELECT key, user_id FROM {PLAIN}")
        rows = cursor.fetchall()
        tokens = apps.get_model("materiality", "ApiToken").objects
        for key, user in rows:
            tokens.model(
                digest=hash_token(key),
                token_key=key[: CONSTANTS.TOKEN_KEY_LENGTH],
                user_id=user,
                expiry=timezone.now() + timedelta(days=90),
                name="From before tokens expired",
                scopes=["collect", "decide", "own"],
            ).save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {PLAIN}")


class Migration(migrations.Migration):
    dependencies = [("materiality", "0025_api_tokens")]

    operations = [migrations.RunPython(hash_plain_tokens, migrations.RunPython.noop)]
