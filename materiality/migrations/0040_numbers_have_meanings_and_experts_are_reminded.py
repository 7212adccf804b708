import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('materiality', '0039_rounds_have_a_context'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='iroassignment',
            name='reminded_at',
            field=models.DateTimeField(blank=True, help_text='When a mail last asked for the score.', null=True),
        ),
        migrations.CreateModel(
            name='IroScale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('criterion', models.CharField(choices=[('scale', 'Scale'), ('scope', 'Scope'), ('irremediability', 'Irremediability'), ('likelihood', 'Likelihood'), ('magnitude', 'Financial magnitude')], max_length=16)),
                ('horizon', models.CharField(blank=True, choices=[('short', 'Short term'), ('medium', 'Medium term'), ('long', 'Long term')], max_length=8)),
                ('words', models.JSONField(default=list, help_text='A text for each number, from 1 on.')),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('limits', models.JSONField(default=list, help_text='Where one band ends and the next begins.')),
                ('at', models.DateTimeField()),
                ('scores_before', models.PositiveIntegerField(default=0, help_text='How many scores by the criterion there were when it was set.')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='iro_scales', to='materiality.assessment')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('assessment', 'criterion', 'horizon'), name='one_meaning_per_criterion'), models.CheckConstraint(condition=models.Q(('criterion__in', ['scale', 'scope', 'irremediability', 'likelihood', 'magnitude'])), name='iro_criterion_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('currency', ''), ('horizon', '')), models.Q(('criterion', 'magnitude'), ('horizon__in', ('', 'short', 'medium', 'long'))), _connector='OR'), name='only_magnitude_has_bands_and_horizons')],
            },
        ),
    ]
