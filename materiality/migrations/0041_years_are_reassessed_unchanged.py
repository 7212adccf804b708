import django.db.models.deletion
import surveys.languages
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('materiality', '0040_numbers_have_meanings_and_experts_are_reminded'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reassessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.CharField(max_length=20)),
                ('looked_at', surveys.languages.TextField(blank=True, default=dict, help_text='What was looked at: business, value chain, events, law.')),
                ('reason', surveys.languages.TextField(blank=True, default=dict, help_text='Why nothing material has changed.')),
                ('people', models.CharField(help_text='Who looked at it.', max_length=300)),
                ('concluded_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reassessments', to='materiality.assessment')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='materiality.assessment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reassessment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirmation', to='materiality.reassessment')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='reassessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('looked_at', {}), _negated=True), models.Q(('reason', {}), _negated=True), models.Q(('people', ''), _negated=True)), name='reassessment_says_what_why_and_who'),
        ),
    ]
