from django.db import migrations

import surveys.languages


class Migration(migrations.Migration):
    dependencies = [("materiality", "0028_webhooks")]
    operations = [
        migrations.AddField(
            model_name="approval",
            name="comments",
            field=surveys.languages.TextField(
                blank=True,
                default=dict,
                help_text="The comment in each language of a round of several.",
            ),
        ),
    ]
