import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

from materiality.models.closing import open_locked_rounds


def open_for_a_change(apps, editor):
    """Remove the triggers: a score in a locked round keeps what it says, and says how it is read.

    `migrate` puts them back when it ends.
    """
    open_locked_rounds(editor.connection)


def read_as_the_entry_says(apps, editor):
    """Take a score to be gross or net as its entry is now: until now there was one of them."""
    entries = apps.get_model("materiality", "Iro").objects.filter(pk=OuterRef("iro"))
    scores = apps.get_model("materiality", "IroScore").objects.filter(iro__is_net=True)
    scores.update(is_net=Subquery(entries.values("is_net")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('materiality', '0036_risks_and_opportunities_have_sheets_of_their_own'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(open_for_a_change, open_for_a_change),
        migrations.CreateModel(
            name='IroLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('impact', 'The impact gives rise to it'), ('dependency', 'It depends on what the impact acts on')], default='impact', max_length=12)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='iroscore',
            name='one_score_per_expert',
        ),
        migrations.RemoveConstraint(
            model_name='iroscore',
            name='one_consensus_per_iro',
        ),
        migrations.AddField(
            model_name='iroscore',
            name='is_net',
            field=models.BooleanField(default=False, help_text='After mitigation; what counts is said by the entry.'),
        ),
        migrations.RunPython(read_as_the_entry_says, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='iroscore',
            constraint=models.UniqueConstraint(fields=('iro', 'expert', 'is_net'), name='one_score_per_expert_and_reading'),
        ),
        migrations.AddConstraint(
            model_name='iroscore',
            constraint=models.UniqueConstraint(condition=models.Q(('expert', None)), fields=('iro', 'is_net'), name='one_consensus_per_iro_and_reading'),
        ),
        migrations.AddField(
            model_name='irolink',
            name='assessment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='iro_links', to='materiality.assessment'),
        ),
        migrations.AddField(
            model_name='irolink',
            name='effect',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cause_links', to='materiality.iro'),
        ),
        migrations.AddField(
            model_name='irolink',
            name='impact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='effect_links', to='materiality.iro'),
        ),
        migrations.AddConstraint(
            model_name='irolink',
            constraint=models.UniqueConstraint(fields=('impact', 'effect'), name='one_link_per_pair_of_iros'),
        ),
        migrations.AddConstraint(
            model_name='irolink',
            constraint=models.CheckConstraint(condition=models.Q(('impact', models.F('effect')), _negated=True), name='no_iro_links_to_itself'),
        ),
        migrations.AddConstraint(
            model_name='irolink',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['impact', 'dependency'])), name='iro_link_kind_is_known'),
        ),
    ]
