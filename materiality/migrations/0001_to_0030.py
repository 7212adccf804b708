"""All tables as version 0.2 has them, in one step for a new database.

An older database takes the steps that this one stands for; decision 0047.
"""

import django.db.models.deletion
import django.db.models.expressions
import materiality.models.events
import materiality.models.evidence
import materiality.models.topics
import materiality.models.webhooks
import surveys.languages
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("materiality", "0001_initial"),
        ("materiality", "0002_locked_rounds_are_immutable"),
        ("materiality", "0003_event_log"),
        ("materiality", "0004_approvals"),
        ("materiality", "0005_evidence_files_and_remarks"),
        ("materiality", "0006_topics_have_sources_and_are_screened"),
        ("materiality", "0007_method_reason"),
        ("materiality", "0008_content_index"),
        ("materiality", "0009_locked_rounds_are_closed"),
        ("materiality", "0010_eight_rules_and_double_materiality"),
        ("materiality", "0011_report_files"),
        ("materiality", "0012_dimensions_have_criteria"),
        ("materiality", "0013_publication_day_of_the_report"),
        ("materiality", "0014_locked_rounds_tell_of_erasures"),
        ("materiality", "0015_groups_are_asked_chosen_topics"),
        ("materiality", "0016_rounds_have_names_and_are_archived"),
        ("materiality", "0017_values_are_cached_in_the_database"),
        ("materiality", "0018_rounds_name_their_languages"),
        ("materiality", "0019_rounds_name_their_tiers"),
        ("materiality", "0020_groups_have_head_counts"),
        ("materiality", "0021_sign_ins_and_downloads_are_noted"),
        ("materiality", "0022_decisions_give_reasons_in_each_language"),
        ("materiality", "0023_files_are_kept_in_the_database"),
        ("materiality", "0024_those_who_answered_are_told"),
        ("materiality", "0025_api_tokens"),
        ("materiality", "0026_old_tokens_are_hashed"),
        ("materiality", "0027_calls_are_answered_once"),
        ("materiality", "0028_webhooks"),
        ("materiality", "0029_approvals_comment_in_each_language"),
        ("materiality", "0030_tiers_and_scale_are_settings"),
    ]

    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("surveys", "0001_to_0033"),
    ]

    operations = [
        migrations.CreateModel(
            name="CachedValue",
            fields=[
                ("key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField(help_text="JSON, so that reading it runs nothing.")),
                ("until", models.FloatField(db_index=True, help_text="Unix time.")),
            ],
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, unique=True)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Name of the key it is encrypted with, if it is.",
                        max_length=16,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Access",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sign_in", "Signed in"),
                            ("sign_in_failed", "Did not get in"),
                            ("download", "Downloaded"),
                            ("read_list", "Read a list of people"),
                            ("token", "Made or ended a token of the API"),
                            ("role", "Set who may do what"),
                            ("webhook", "Changed what is told to other programs"),
                            (
                                "organisation",
                                "Suspended, resumed, exported or deleted an organisation",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="surveys.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "year",
                    models.CharField(help_text="What the report prints: “2020”.", max_length=20),
                ),
                (
                    "name",
                    surveys.languages.TextField(
                        blank=True, default=dict, help_text="For those who work on it; not printed."
                    ),
                ),
                (
                    "languages",
                    surveys.languages.LanguagesField(
                        default=surveys.languages.all_codes,
                        help_text="What it asks and reports in, one or more.",
                    ),
                ),
                ("simulated", models.BooleanField(default=False)),
                (
                    "tier_rule",
                    models.CharField(
                        choices=[
                            ("weighted_sum", "Weighted sum of both axes"),
                            ("either", "High on either axis"),
                            ("both", "High on both axes"),
                            ("distance", "Distance from the lowest corner, boundaries from 0 to 1"),
                            ("product", "Product of both axes"),
                            ("quadrants", "Quadrants, boundaries on each axis"),
                            (
                                "natural_breaks",
                                "Natural breaks (Jenks); moves with the year’s scores",
                            ),
                            ("quantiles", "Shares of the topics; moves with the year’s scores"),
                        ],
                        default="weighted_sum",
                        max_length=20,
                    ),
                ),
                ("axis_weight_x", models.FloatField(default=0.5)),
                ("axis_weight_y", models.FloatField(default=0.5)),
                (
                    "points",
                    models.PositiveSmallIntegerField(
                        default=5, help_text="The top of the rating scale, which begins at 1."
                    ),
                ),
                (
                    "maps_last_scale",
                    models.BooleanField(
                        default=False,
                        help_text="Ratings of the previous round, on another scale, are mapped linearly to it.",
                    ),
                ),
                ("tier_count", models.PositiveSmallIntegerField(default=3)),
                ("cut_high", models.FloatField(default=4.0)),
                ("cut_low", models.FloatField(default=3.5)),
                ("cut_lower", models.FloatField(default=3.0)),
                ("cut_lowest", models.FloatField(default=2.5)),
                ("axis_cut_x", models.FloatField(default=3.5)),
                ("axis_cut_y", models.FloatField(default=3.5)),
                (
                    "axis_cut_x_low",
                    models.FloatField(
                        default=2.5, help_text="The second boundary of five tiers by quadrants."
                    ),
                ),
                ("axis_cut_y_low", models.FloatField(default=2.5)),
                ("share_high", models.FloatField(default=0.3)),
                ("share_middle", models.FloatField(default=0.3)),
                ("share_lower", models.FloatField(default=0.2)),
                ("share_lowest", models.FloatField(default=0.1)),
                ("band", models.FloatField(default=0.0)),
                (
                    "double_rule",
                    models.CharField(
                        choices=[
                            ("either", "Impact or financial effect reaches its boundary"),
                            ("both", "Impact and financial effect both reach their boundary"),
                        ],
                        default="either",
                        max_length=10,
                    ),
                ),
                (
                    "severity_rule",
                    models.CharField(
                        choices=[
                            ("max", "The highest of the three: any one makes an impact severe"),
                            ("mean", "The mean of the three"),
                            ("mean_max", "Halfway between the mean and the highest"),
                        ],
                        default="max",
                        max_length=10,
                    ),
                ),
                (
                    "likelihood_rule",
                    models.CharField(
                        choices=[
                            ("scaled", "Severity times likelihood, over the top of the scale"),
                            (
                                "capped",
                                "Halfway between severity and likelihood, never above severity",
                            ),
                        ],
                        default="scaled",
                        max_length=10,
                    ),
                ),
                (
                    "tier_names",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="A text a tier, the highest first; none: the usual.",
                    ),
                ),
                ("minimum_group", models.PositiveSmallIntegerField(default=5)),
                (
                    "method_reason",
                    surveys.languages.TextField(
                        blank=True,
                        default=dict,
                        help_text="Why the method differs from the previous round’s.",
                    ),
                ),
                (
                    "four_eyes",
                    models.BooleanField(
                        default=True,
                        help_text="A second person approves before the round is locked.",
                    ),
                ),
                ("seed", models.PositiveIntegerField(default=1)),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=0, help_text="Counts changes, to notice two at once."
                    ),
                ),
                (
                    "log_head",
                    models.CharField(
                        blank=True, help_text="The hash of the log’s last entry.", max_length=64
                    ),
                ),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "deleted_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="A draft was deleted; its log stays.",
                        null=True,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="surveys.organisation",
                    ),
                ),
                (
                    "previous",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next",
                        to="materiality.assessment",
                    ),
                ),
                (
                    "surveys",
                    models.ManyToManyField(
                        blank=True, related_name="assessments", to="surveys.survey"
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("languages", []), _negated=True),
                        name="round_has_a_language",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("points__range", (3, 11))), name="three_to_11_points"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tier_count__range", (2, 5))), name="two_to_five_tiers"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tier_count__lt", 3),
                            ("cut_low__lt", models.F("cut_high")),
                            _connector="OR",
                        ),
                        name="cuts_are_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tier_count__lt", 4),
                            ("cut_lower__lt", models.F("cut_low")),
                            _connector="OR",
                        ),
                        name="cuts_of_four_tiers_are_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tier_count__lt", 5),
                            ("cut_lowest__lt", models.F("cut_lower")),
                            _connector="OR",
                        ),
                        name="cuts_of_five_tiers_are_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tier_count__lt", 5),
                            models.Q(
                                ("axis_cut_x_low__lt", models.F("axis_cut_x")),
                                ("axis_cut_y_low__lt", models.F("axis_cut_y")),
                            ),
                            _connector="OR",
                        ),
                        name="cuts_of_axes_are_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("axis_weight_x__gte", 0),
                            ("axis_weight_y__gte", 0),
                            models.Q(
                                ("axis_weight_x__gt", 0), ("axis_weight_y__gt", 0), _connector="OR"
                            ),
                        ),
                        name="axis_weights_are_usable",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("share_high__range", (0, 1.000001)),
                            ("share_middle__gte", 0),
                            ("share_lower__gte", 0),
                            ("share_lowest__gte", 0),
                        ),
                        name="shares_are_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tier_count__lt", 3),
                            (
                                "share_high__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.Value(1.000001), "-", models.F("share_middle")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="shares_of_3_tiers_are_of_one_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tier_count__lt", 4),
                            (
                                "share_high__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.Value(1.000001), "-", models.F("share_middle")
                                    ),
                                    "-",
                                    models.F("share_lower"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="shares_of_4_tiers_are_of_one_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tier_count__lt", 5),
                            (
                                "share_high__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.Value(1.000001), "-", models.F("share_middle")
                                        ),
                                        "-",
                                        models.F("share_lower"),
                                    ),
                                    "-",
                                    models.F("share_lowest"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="shares_of_5_tiers_are_of_one_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("band__gte", 0)), name="band_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("previous", models.F("pk")), _negated=True),
                        name="a_round_never_succeeds_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minimum_group__gte", 3)),
                        name="minimum_group_at_least_3",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=71)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("approved", "Approved"),
                            ("changes_requested", "Changes requested"),
                        ],
                        max_length=20,
                    ),
                ),
                ("comment", models.TextField(blank=True, max_length=1000)),
                (
                    "comments",
                    surveys.languages.TextField(
                        blank=True,
                        default=dict,
                        help_text="The comment in each language of a round of several.",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="materiality.assessment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["approved", "changes_requested"])),
                        name="verdict_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "approved"),
                            models.Q(("comment", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="who_asks_for_changes_says_which",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("kind", models.CharField(blank=True, max_length=100)),
                ("answer", models.BinaryField(default=b"")),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
                (
                    "caller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("caller", "key"), name="one_call_per_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Dimension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField()),
                ("name", surveys.languages.TextField(blank=True, default=dict)),
                (
                    "axis",
                    models.CharField(blank=True, choices=[("x", "x"), ("y", "y")], max_length=1),
                ),
                (
                    "criteria",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="What it is asked by; empty: one question.",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dimensions",
                        to="materiality.assessment",
                    ),
                ),
            ],
            options={
                "ordering": ["-axis", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "code"), name="one_dimension_per_code"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("axis", ""), _negated=True),
                        fields=("assessment", "axis"),
                        name="one_dimension_per_axis",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="The person’s name then.", max_length=200
                    ),
                ),
                ("verb", models.CharField(max_length=30)),
                (
                    "subject",
                    models.CharField(blank=True, help_text="The topic, group, …", max_length=100),
                ),
                ("before", materiality.models.events.CanonicalField(null=True)),
                ("after", materiality.models.events.CanonicalField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="materiality.assessment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["assessment", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "number"), name="one_event_per_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Explanation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("standard", models.CharField(max_length=30)),
                ("edition", models.CharField(blank=True, max_length=10)),
                ("code", models.CharField(max_length=30)),
                ("reason", surveys.languages.TextField(blank=True, default=dict)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="explanations",
                        to="materiality.assessment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "standard", "edition", "code"),
                        name="one_explanation_per_set_topic",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Heading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", surveys.languages.TextField(blank=True, default=dict)),
                ("page", models.CharField(blank=True, max_length=20)),
                (
                    "prints",
                    models.JSONField(
                        blank=True, default=list, help_text="Disclosures whose data stand under it."
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="headings",
                        to="materiality.assessment",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Package",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("order", models.JSONField(help_text="What was chosen.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("making", "Preparing"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("content", models.BinaryField(null=True)),
                ("size", models.PositiveIntegerField(default=0)),
                ("problem", models.TextField(blank=True, help_text="Why it could not be made.")),
                ("asked_at", models.DateTimeField()),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="packages",
                        to="materiality.assessment",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("content__isnull", False), ("state", "ready")),
                            models.Q(
                                models.Q(("state", "ready"), _negated=True), ("content", None)
                            ),
                            _connector="OR",
                        ),
                        name="package_is_ready_when_it_has_content",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="publication",
                        to="materiality.assessment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReportLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "colours",
                    models.JSONField(
                        blank=True, default=list, help_text="One a tier, the highest first."
                    ),
                ),
                (
                    "axis_titles",
                    models.JSONField(blank=True, default=dict, help_text="By axis, language."),
                ),
                (
                    "moved",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="By “language:size” and topic: millimetres x, y.",
                    ),
                ),
                (
                    "template",
                    models.BinaryField(help_text="The company’s own Word template.", null=True),
                ),
                ("template_name", models.CharField(blank=True, max_length=200)),
                ("template_digest", models.CharField(blank=True, max_length=64)),
                (
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="look",
                        to="materiality.assessment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("document", models.TextField()),
                ("digest", models.CharField(max_length=71)),
                ("method_version", models.CharField(max_length=10)),
                ("locked_at", models.DateTimeField()),
                ("approved_by", models.CharField(blank=True, max_length=200)),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "log_head",
                    models.CharField(
                        blank=True,
                        help_text="The hash of the log’s last entry at the lock.",
                        max_length=64,
                    ),
                ),
                (
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshot",
                        to="materiality.assessment",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PublishedFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=43, unique=True)),
                ("published_at", models.DateTimeField()),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "snapshot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published_figure",
                        to="materiality.snapshot",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=43, unique=True)),
                (
                    "next_steps",
                    surveys.languages.TextField(
                        blank=True,
                        default=dict,
                        help_text="What the company will do, one step a line.",
                    ),
                ),
                ("report", models.URLField(blank=True, help_text="Where the report is.")),
                ("given_at", models.DateTimeField()),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "snapshot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feedback",
                        to="materiality.snapshot",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StakeholderGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField()),
                ("name", surveys.languages.TextField(blank=True, default=dict)),
                (
                    "kind",
                    models.CharField(
                        choices=[("stakeholders", "Stakeholder group"), ("panel", "Impact panel")],
                        default="stakeholders",
                        max_length=12,
                    ),
                ),
                ("how_chosen", surveys.languages.TextField(blank=True, default=dict)),
                ("frequency", surveys.languages.TextField(blank=True, default=dict)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "head_count",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="How many people the group has, if that is known.",
                        null=True,
                    ),
                ),
                (
                    "chosen_topics",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Codes of the topics it is asked about; empty: all.",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="groups",
                        to="materiality.assessment",
                    ),
                ),
                (
                    "audience",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stakeholder_group",
                        to="surveys.audience",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "code"), name="one_group_per_code"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Engagement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("expectation", "Expectation"),
                            ("channel", "Channel and response"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", surveys.languages.TextField(blank=True, default=dict)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="engagements",
                        to="materiality.stakeholdergroup",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FilePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="materiality.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("file", "number"), name="one_part_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60)),
                ("name", surveys.languages.TextField(blank=True, default=dict)),
                ("definition", surveys.languages.TextField(blank=True, default=dict)),
                ("example", surveys.languages.TextField(blank=True, default=dict)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("economic", "Economic"),
                            ("environment", "Environment"),
                            ("social", "Social"),
                            ("governance", "Governance"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "references",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Rows of [standard, edition, code] of the catalogue.",
                    ),
                ),
                (
                    "sources",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[materiality.models.topics.validate_sources],
                    ),
                ),
                (
                    "actual",
                    models.BooleanField(
                        default=False,
                        help_text="The impact has happened: its likelihood does not count.",
                    ),
                ),
                (
                    "human_rights",
                    models.BooleanField(
                        default=False,
                        help_text="A harm to human rights: severe however unlikely it is.",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "screened_out",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_applicable", "Not applicable to the company"),
                            ("not_relevant", "Applicable, plainly not material"),
                            ("covered", "Covered by another topic"),
                        ],
                        max_length=20,
                    ),
                ),
                ("screening_reason", surveys.languages.TextField(blank=True, default=dict)),
                ("screened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="topics",
                        to="materiality.assessment",
                    ),
                ),
                (
                    "screened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assessment", "code"), name="one_topic_per_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("category__in", ["economic", "environment", "social", "governance"])
                        ),
                        name="category_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("screened_at", None), ("screened_out", "")),
                            models.Q(
                                ("screened_at__isnull", False),
                                ("screened_out__in", ["not_applicable", "not_relevant", "covered"]),
                            ),
                            _connector="OR",
                        ),
                        name="screened_out_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("continued", "Unchanged"),
                            ("renamed", "Renamed"),
                            ("widened", "Renamed or widened"),
                            ("split", "Split"),
                            ("merged", "Combined as new"),
                            ("absorbed", "Merged into"),
                            ("added", "Added"),
                            ("removed", "Removed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", surveys.languages.TextField(blank=True, default=dict)),
                (
                    "comparable",
                    models.BooleanField(
                        help_text="Whether the scores can be compared; empty: as the kind says.",
                        null=True,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="successions",
                        to="materiality.assessment",
                    ),
                ),
                (
                    "after",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="predecessors",
                        to="materiality.topic",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="materiality.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("before", "after"), name="one_succession_per_pair"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("after__isnull", False), ("before", None), ("kind", "added")),
                            models.Q(
                                ("after", None), ("before__isnull", False), ("kind", "removed")
                            ),
                            models.Q(
                                ("after__isnull", False),
                                ("before__isnull", False),
                                (
                                    "kind__in",
                                    [
                                        "continued",
                                        "renamed",
                                        "widened",
                                        "split",
                                        "merged",
                                        "absorbed",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="succession_has_the_sides_of_its_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=2000)),
                ("at", models.DateTimeField()),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="materiality.assessment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="materiality.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="remark_says_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("standard", models.CharField(max_length=30)),
                ("edition", models.CharField(blank=True, max_length=10)),
                ("code", models.CharField(max_length=30)),
                (
                    "wanted",
                    surveys.languages.TextField(
                        blank=True,
                        default=dict,
                        help_text="The heading as it was written, whether or not it exists.",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reported", "Reported"),
                            ("omitted", "Omitted, with a reason"),
                            ("not_applicable", "Not applicable"),
                        ],
                        default="reported",
                        max_length=20,
                    ),
                ),
                ("note", surveys.languages.TextField(blank=True, default=dict)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="index_rows",
                        to="materiality.assessment",
                    ),
                ),
                (
                    "heading",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="index_rows",
                        to="materiality.heading",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="index_rows",
                        to="materiality.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["reported", "omitted", "not_applicable"])
                        ),
                        name="index_status_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "about",
                    models.CharField(blank=True, help_text="What it proves.", max_length=300),
                ),
                ("size", models.PositiveBigIntegerField()),
                ("digest", models.CharField(help_text="SHA-256 of the content.", max_length=64)),
                ("file", models.FileField(upload_to=materiality.models.evidence.stored_name)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_files",
                        to="materiality.assessment",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_files",
                        to="materiality.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tier", models.PositiveSmallIntegerField()),
                ("reason", models.TextField(blank=True, max_length=500)),
                (
                    "reasons",
                    surveys.languages.TextField(
                        blank=True,
                        default=dict,
                        help_text="The reason in each language of a round of several.",
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "topic",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decision",
                        to="materiality.topic",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tier__range", (1, 5))), name="tier_is_1_to_5"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("criterion", models.CharField(blank=True, max_length=20)),
                (
                    "dimension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="topic_questions",
                        to="materiality.dimension",
                    ),
                ),
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topic_question",
                        to="surveys.question",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="topic_questions",
                        to="materiality.topic",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("topic", "dimension", "criterion"),
                        name="one_question_per_topic_dimension_criterion",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.URLField(max_length=500)),
                ("kinds", models.JSONField(default=list)),
                (
                    "secret",
                    models.CharField(default=materiality.models.webhooks.new_secret, max_length=60),
                ),
                ("is_on", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to="surveys.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100)),
                ("body", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Given up"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=100)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="materiality.webhook",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("webhook", "key"), name="told_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sending", "sent", "failed"])),
                        name="delivery_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Weight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.FloatField(default=1.0)),
                (
                    "dimension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weights",
                        to="materiality.dimension",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weights",
                        to="materiality.stakeholdergroup",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("group", "dimension"), name="one_weight_per_dimension"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 0)), name="weight_is_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("token_key", models.CharField(db_index=True, max_length=25)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("expiry", models.DateTimeField(blank=True, null=True)),
                ("name", models.CharField(max_length=100)),
                ("scopes", models.JSONField(default=list)),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="surveys.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="auth_token_set",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expiry__isnull", False)), name="api_token_expires"
                    )
                ],
            },
        ),
    ]
