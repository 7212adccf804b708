"""All tables as version 0.2 has them, in one step for a new database.

An older database takes the steps that this one stands for; decision 0047.
"""

import django.db.models.deletion
import django.db.models.manager
import surveys.languages
import surveys.models.answers
import surveys.models.imports
import surveys.models.lists
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("surveys", "0001_initial"),
        ("surveys", "0002_answers_show_signs_until_the_seal"),
        ("surveys", "0003_exclusions_by_sign"),
        ("surveys", "0004_invitations_can_be_mailed"),
        ("surveys", "0005_mail_texts_and_messages"),
        ("surveys", "0006_lists_of_people_and_planned_reminders"),
        ("surveys", "0007_counts_with_the_sealed_answers"),
        ("surveys", "0008_answers_from_elsewhere"),
        ("surveys", "0009_sealed_block_is_read_when_asked_for"),
        ("surveys", "0010_topics_are_drawn_picked_and_commented"),
        ("surveys", "0011_questions_have_an_example"),
        ("surveys", "0012_published_wording_has_versions"),
        ("surveys", "0013_published_surveys_have_a_first_version"),
        ("surveys", "0014_an_offered_role_is_taken_once"),
        ("surveys", "0015_lists_of_people_are_added_in_steps"),
        ("surveys", "0016_comments_are_read_and_bursts_are_told"),
        ("surveys", "0017_answers_are_encrypted_until_the_seal"),
        ("surveys", "0018_readable_answers_are_gone"),
        ("surveys", "0019_bytes_of_readable_answers_are_overwritten"),
        ("surveys", "0020_topics_may_be_sorted_into_three"),
        ("surveys", "0021_companies_and_surveys_name_their_languages"),
        ("surveys", "0022_an_import_is_named_and_can_be_taken_back"),
        ("surveys", "0023_invitations_say_who_can_be_emailed"),
        ("surveys", "0024_lists_of_people_keep_what_values_mean"),
        ("surveys", "0025_tables_handed_in_leave_no_trace"),
        ("surveys", "0026_audiences_may_be_added_to_a_running_survey"),
        ("surveys", "0027_feedback_is_asked_for"),
        ("surveys", "0028_many_may_begin_at_once"),
        ("surveys", "0029_organisations_have_a_life"),
        ("surveys", "0030_tables_are_read_under_a_lease"),
        ("surveys", "0031_lists_of_people_keep_their_file"),
        ("surveys", "0032_what_is_seen_of_a_table_is_encrypted"),
        ("surveys", "0033_scale_is_a_setting"),
    ]

    initial = True

    dependencies = [
        ("auth", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Audience",
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
                    "you_are",
                    surveys.languages.TextField(
                        blank=True,
                        default=dict,
                        help_text="“You are …” on the landing page: “a customer”.",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("target", models.PositiveIntegerField(default=0, help_text="Answers wanted.")),
                (
                    "open_link",
                    models.BooleanField(
                        default=False, help_text="Anyone with the link may answer."
                    ),
                ),
                (
                    "asked_from",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="Since when it belongs to a published survey; from then on its questions stand.",
                        null=True,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Prompt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField()),
                ("text", surveys.languages.TextField(blank=True, default=dict)),
                ("hint", surveys.languages.TextField(blank=True, default=dict)),
                (
                    "labels",
                    models.JSONField(
                        help_text="A word a rating and language, lowest first; or the ends."
                    ),
                ),
                ("cannot_judge", surveys.languages.TextField(blank=True, default=dict)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AnswerTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(help_text="SHA-256 of the content.", max_length=64)),
                (
                    "file",
                    models.FileField(
                        help_text="Erased by the import.",
                        storage=surveys.models.imports.passing_storage,
                        upload_to=surveys.models.imports.stored_name,
                    ),
                ),
                (
                    "seen",
                    models.BinaryField(
                        default=b"",
                        help_text="First rows, and how often each value stands there: encrypted, and erased.",
                    ),
                ),
                (
                    "said",
                    models.JSONField(default=dict, help_text="What somebody said of the table."),
                ),
                (
                    "summary",
                    models.JSONField(default=dict, help_text="What an import does, or did."),
                ),
                (
                    "marks",
                    models.BinaryField(
                        default=b"",
                        help_text="Of the people in it, to know them again. Erased by the seal.",
                    ),
                ),
                (
                    "beside",
                    models.JSONField(default=list, help_text="Imports it was compared with."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("mapping", "To be read"),
                            ("checking", "Being read"),
                            ("checked", "Read"),
                            ("imported", "Imported"),
                            ("taken_back", "Taken back"),
                        ],
                        default="mapping",
                        max_length=10,
                    ),
                ),
                (
                    "lease_until",
                    models.DateTimeField(blank=True, help_text="Of who is reading it.", null=True),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="How often it was begun."
                    ),
                ),
                ("read", models.PositiveIntegerField(default=0, help_text="Rows read so far.")),
                (
                    "known",
                    models.PositiveIntegerField(default=0, help_text="Rows imported before."),
                ),
                (
                    "unfinished",
                    models.PositiveIntegerField(default=0, help_text="Rows that are left out."),
                ),
                ("imported", models.PositiveIntegerField(default=0)),
                (
                    "problems",
                    models.JSONField(
                        default=list, help_text="The first of them: row, value, reason."
                    ),
                ),
                ("problem_count", models.PositiveIntegerField(default=0)),
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
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replaced_by",
                        to="surveys.answertable",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "imported"), _negated=True),
                            ("problem_count", 0),
                            _connector="OR",
                        ),
                        name="table_with_problems_is_not_imported",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("subgroup", models.CharField(blank=True, max_length=100)),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                (
                    "seed",
                    models.CharField(
                        blank=True,
                        help_text="With SECRET_KEY, gives the link again for a mail.",
                        max_length=32,
                    ),
                ),
                (
                    "reach",
                    models.CharField(
                        choices=[
                            ("open", "Can be emailed"),
                            ("bounced", "Mail came back"),
                            ("opted_out", "Wants no more mail"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invited", "Invited"),
                            ("started", "Started"),
                            ("submitted", "Submitted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("revoked", "Revoked"),
                        ],
                        default="invited",
                        max_length=10,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("personal", "Personal link"),
                            ("open", "Open link"),
                            ("staff", "Entered by staff"),
                            ("imported", "Imported from a table"),
                            ("test", "Test, never counts"),
                        ],
                        default="personal",
                        max_length=10,
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="surveys.audience",
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        blank=True,
                        help_text="Which table they came in with; forgotten at the seal.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="people",
                        to="surveys.answertable",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("email", ""), _negated=True),
                        fields=("audience", "email"),
                        name="one_invitation_per_mail",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", surveys.languages.TextField(blank=True, default=dict)),
                (
                    "contact",
                    surveys.languages.TextField(
                        blank=True,
                        default=dict,
                        help_text="Whom respondents may ask: a name and a mail address.",
                    ),
                ),
                (
                    "languages",
                    surveys.languages.LanguagesField(
                        default=surveys.languages.all_codes,
                        help_text="What it asks and reports in, one or more.",
                    ),
                ),
                (
                    "sender",
                    models.CharField(
                        blank=True,
                        help_text="The name that mail of its surveys comes from.",
                        max_length=100,
                    ),
                ),
                (
                    "reply_to",
                    models.EmailField(
                        blank=True, help_text="Where answers to its mail go.", max_length=254
                    ),
                ),
                (
                    "mail_is_held",
                    models.BooleanField(
                        default=False, help_text="Its mail goes to the test addresses alone."
                    ),
                ),
                ("suspended_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("languages", []), _negated=True),
                        name="organisation_has_a_language",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("editor", "Editor"),
                            ("reviewer", "Reviewer"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="surveys.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "user"), name="one_offer_per_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "editor", "reviewer", "viewer"])),
                        name="offered_role_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("editor", "Editor"),
                            ("reviewer", "Reviewer"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="surveys.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "user"), name="one_role_per_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "editor", "reviewer", "viewer"])),
                        name="role_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StagedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="Tells the row again in another file.", max_length=64
                    ),
                ),
                ("ciphertext", models.BinaryField(help_text="As in the intake it becomes.")),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="surveys.audience",
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staged",
                        to="surveys.answertable",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("table", "key"), name="one_staged_answer_per_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("title", surveys.languages.TextField(blank=True, default=dict)),
                (
                    "headline",
                    surveys.languages.TextField(
                        blank=True, default=dict, help_text="The question of the landing page."
                    ),
                ),
                (
                    "lead",
                    surveys.languages.TextField(
                        blank=True, default=dict, help_text="Why people are asked."
                    ),
                ),
                (
                    "after",
                    surveys.languages.TextField(
                        blank=True,
                        default=dict,
                        help_text="What happens next, one step a line: “April: …”.",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("anonymous", "Anonymous once the survey closes"),
                            ("named", "Named: reviewers see who said what"),
                        ],
                        default="anonymous",
                        max_length=10,
                    ),
                ),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("sealed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "version",
                    models.PositiveSmallIntegerField(
                        default=1,
                        editable=False,
                        help_text="Of the wording that whoever begins now is asked with.",
                    ),
                ),
                (
                    "keep_until",
                    models.DateField(help_text="Answers that name a person are erased after this."),
                ),
                (
                    "minimum_group",
                    models.PositiveSmallIntegerField(
                        default=5, help_text="Groups with fewer answers are never shown alone."
                    ),
                ),
                (
                    "points",
                    models.PositiveSmallIntegerField(
                        default=5, help_text="The top of the rating scale, which begins at 1."
                    ),
                ),
                ("page_size", models.PositiveSmallIntegerField(default=7)),
                ("most_reminders", models.PositiveSmallIntegerField(default=2)),
                (
                    "reminder_gap",
                    models.PositiveSmallIntegerField(
                        default=3, help_text="Days between two mails to the same person, at least."
                    ),
                ),
                (
                    "languages",
                    surveys.languages.LanguagesField(
                        default=surveys.languages.all_codes,
                        help_text="A survey opens only in languages that every text is in.",
                    ),
                ),
                (
                    "most_ratings",
                    models.PositiveSmallIntegerField(
                        default=40,
                        help_text="Whoever would be asked for more rates a balanced random part of the topics.",
                    ),
                ),
                (
                    "top_three",
                    models.BooleanField(
                        default=False,
                        help_text="After rating, people may tap the three that matter most.",
                    ),
                ),
                (
                    "best_worst",
                    models.BooleanField(
                        default=False,
                        help_text="After rating, people choose the best and worst of small sets (25 topics up).",
                    ),
                ),
                (
                    "sort_three",
                    models.BooleanField(
                        default=False,
                        help_text="After rating, people may sort the topics into low, middle and high.",
                    ),
                ),
                (
                    "topic_comments",
                    models.BooleanField(
                        default=False, help_text="People may comment on each topic."
                    ),
                ),
                (
                    "last_comment",
                    models.BooleanField(default=True, help_text="People may comment at the end."),
                ),
                (
                    "feedback",
                    models.BooleanField(
                        default=True,
                        help_text="Those who answered may hear what came of it, by mail if they ask for one.",
                    ),
                ),
                (
                    "open_answers_wait",
                    models.BooleanField(
                        default=False,
                        help_text="Answers by open link count only once a reviewer accepts them.",
                    ),
                ),
                (
                    "many_until",
                    models.DateTimeField(
                        editable=False,
                        help_text="Until when many may begin by open link from one network at once.",
                        null=True,
                    ),
                ),
                (
                    "consent",
                    surveys.languages.TextField(
                        blank=True,
                        default=dict,
                        editable=False,
                        help_text="What respondents agree to, fixed when published.",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="Name of the key of its answers; the key itself is outside the database.",
                        max_length=16,
                    ),
                ),
                (
                    "feedback_path",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="Path of the page that tells those who answered what came of it.",
                        max_length=200,
                    ),
                ),
                (
                    "simulated",
                    models.BooleanField(default=False, help_text="Answers come from a simulation."),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveys",
                        to="surveys.organisation",
                    ),
                ),
                (
                    "published_by",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("opens_at__lt", models.F("closes_at"))),
                        name="opens_before_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["anonymous", "named"])),
                        name="mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("page_size__gte", 1)), name="page_holds_a_question"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("points__range", (3, 11))),
                        name="scale_has_3_to_11_points",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("languages", []), _negated=True),
                        name="survey_has_a_language",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most_ratings__gte", 5)),
                        name="a_person_rates_at_least_5",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minimum_group__gte", 3)),
                        name="hidden_group_at_least_3",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most_reminders__lte", 2), ("reminder_gap__gte", 1)),
                        name="reminders_are_few",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sealed_at", None), ("published_at__isnull", False), _connector="OR"
                        ),
                        name="only_a_published_survey_is_sealed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedAnswers",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("block", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("respondents", models.PositiveIntegerField()),
                ("counts", models.JSONField(default=dict, help_text="Answers per audience code.")),
                (
                    "versions",
                    models.JSONField(
                        default=list, help_text="How many answered which versions of the wording."
                    ),
                ),
                (
                    "survey",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sealed",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "base_manager_name": "without_block",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("without_block", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ReminderPlan",
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
                            ("reminder_1", "First reminder"),
                            ("reminder_2", "Second reminder"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "most",
                    models.PositiveIntegerField(
                        help_text="Not sent if it were more mails by then."
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "held",
                    models.BooleanField(
                        default=False, help_text="It were more mails than allowed."
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminder_plans",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "ordering": ["kind"],
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "kind"), name="one_plan_per_reminder")
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="surveys.survey",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QuestionnaireVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True, help_text="Why the wording was fixed.")),
                ("texts", models.JSONField(help_text="The whole questionnaire in both languages.")),
                ("digest", models.CharField(help_text="SHA-256 of the texts.", max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "ordering": ["survey", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("survey", "number"), name="one_row_per_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number", 1),
                            models.Q(("number__gt", 1), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_new_version_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", surveys.languages.TextField(blank=True, default=dict)),
                ("help", surveys.languages.TextField(blank=True, default=dict)),
                ("example", surveys.languages.TextField(blank=True, default=dict)),
                (
                    "item",
                    models.CharField(
                        blank=True,
                        help_text="Questions about the same item stand together.",
                        max_length=50,
                    ),
                ),
                (
                    "block",
                    models.CharField(
                        blank=True, help_text="Items of a block stay together.", max_length=20
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "audiences",
                    models.ManyToManyField(related_name="questions", to="surveys.audience"),
                ),
                (
                    "prompt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="surveys.prompt",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddField(
            model_name="prompt",
            name="survey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="prompts",
                to="surveys.survey",
            ),
        ),
        migrations.CreateModel(
            name="PeopleList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("name", models.CharField(default="", max_length=200)),
                (
                    "file",
                    models.FileField(
                        default="",
                        help_text="As it was handed in, to be read otherwise. Erased by the import.",
                        storage=surveys.models.imports.passing_storage,
                        upload_to=surveys.models.lists.stored_name,
                    ),
                ),
                ("reading", models.JSONField(default=dict, help_text="What was said of the file.")),
                ("header", models.JSONField(default=list)),
                ("rows", models.JSONField(default=list, help_text="Emptied by the import.")),
                (
                    "first",
                    models.PositiveIntegerField(default=2, help_text="Number of the first row."),
                ),
                ("columns", models.JSONField(default=dict, help_text="Field → column.")),
                (
                    "said",
                    models.JSONField(default=dict, help_text="What values mean, as somebody said."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("mapping", "Columns to be named"),
                            ("adding", "Being added"),
                            ("added", "Imported"),
                        ],
                        default="mapping",
                        max_length=10,
                    ),
                ),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("total", models.PositiveIntegerField(default=0, help_text="Rows of the list.")),
                ("read", models.PositiveIntegerField(default=0, help_text="Rows read so far.")),
                ("added", models.PositiveIntegerField(default=0)),
                (
                    "known",
                    models.PositiveIntegerField(
                        default=0, help_text="Rows of people invited before."
                    ),
                ),
                (
                    "problems",
                    models.JSONField(
                        default=list, help_text="The first of them: row, value, reason."
                    ),
                ),
                ("problem_count", models.PositiveIntegerField(default=0)),
                (
                    "audience",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="surveys.audience",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose people it is compared with.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="surveys.survey",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people_lists",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "by"), name="one_list_per_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
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
                            ("invitation", "Invitation"),
                            ("reminder_1", "First reminder"),
                            ("reminder_2", "Second reminder"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Refused"),
                            ("uncertain", "Perhaps sent; not sent again"),
                            ("stopped", "Not needed any more"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="surveys.invitation",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["survey", "state", "not_before"], name="mail_due")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("survey", "invitation", "kind"), name="one_mail_per_person_and_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sending"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="sending_has_a_lease",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "occasion",
                    models.CharField(
                        choices=[("invitation", "Invitation"), ("reminder", "Reminder")],
                        max_length=10,
                    ),
                ),
                ("subject", surveys.languages.TextField(blank=True, default=dict)),
                ("body", surveys.languages.TextField(blank=True, default=dict)),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_texts",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("survey", "occasion"), name="one_text_per_occasion"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Intake",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "submission",
                    models.UUIDField(
                        help_text="Tells a repeated sending from a new one.", null=True
                    ),
                ),
                (
                    "ciphertext",
                    models.BinaryField(
                        help_text="The answers, readable as long as the survey's key is there."
                    ),
                ),
                ("answered", models.BooleanField(default=False, help_text="Holds a rating.")),
                ("receipt", models.CharField(blank=True, max_length=9)),
                (
                    "consent",
                    models.CharField(
                        blank=True,
                        help_text="SHA-256 of the text agreed to here, if it was.",
                        max_length=64,
                    ),
                ),
                ("submitted", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=0, help_text="Counts writes.")),
                (
                    "survey_version",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="The version of the questionnaire that was begun."
                    ),
                ),
                (
                    "begun",
                    models.PositiveBigIntegerField(
                        default=surveys.models.answers.this_second, help_text="Unix time."
                    ),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="intake",
                        to="surveys.invitation",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="intakes",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted", False),
                            models.Q(
                                ("submission__isnull", False),
                                models.Q(
                                    ("consent", ""),
                                    models.Q(("receipt", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="submitted_has_a_receipt",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedbackRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("language", models.CharField(max_length=10)),
                (
                    "taken_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="When its mail was begun. It is never repeated.",
                        null=True,
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback_requests",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("survey", "email"), name="one_feedback_per_address"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ("zh-hans", "en"))),
                        name="feedback_is_in_a_known_language",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "criterion",
                    models.CharField(
                        choices=[
                            ("two_signs", "At least two signs agree"),
                            ("straight_lining", "The same rating throughout"),
                            ("long_string", "A long run of the same rating"),
                            ("midpoint", "Almost only middle ratings"),
                            ("fast", "Faster than anyone reads"),
                            ("outlying", "Far from everybody else"),
                            ("duplicate", "Equal to another answer of the open link"),
                            ("trapped", "Filled in a field that people do not see"),
                            ("open_link", "Came by the open link"),
                            ("burst", "Came by the open link among many within ten minutes"),
                            ("staff", "Entered by staff"),
                            ("imported", "Imported from a table"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(max_length=1000)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_reason", models.TextField(blank=True, max_length=1000)),
                (
                    "by",
                    models.ForeignKey(
                        help_text="Nobody: the survey says so, until a reviewer decides.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exclusions",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("survey", "criterion"),
                        name="one_exclusion_in_force_per_criterion",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="exclusion_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "criterion__in",
                                [
                                    "two_signs",
                                    "straight_lining",
                                    "long_string",
                                    "midpoint",
                                    "fast",
                                    "outlying",
                                    "duplicate",
                                    "trapped",
                                    "open_link",
                                    "burst",
                                    "staff",
                                    "imported",
                                ],
                            )
                        ),
                        name="criterion_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("text", models.TextField(max_length=500)),
                (
                    "released",
                    models.TextField(
                        help_text="What may leave the product; empty: nothing of it; none: not read yet.",
                        null=True,
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="surveys.audience",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="surveys.question",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="audience",
            name="survey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="audiences",
                to="surveys.survey",
            ),
        ),
        migrations.AddField(
            model_name="answertable",
            name="survey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answer_tables",
                to="surveys.survey",
            ),
        ),
        migrations.AddConstraint(
            model_name="prompt",
            constraint=models.UniqueConstraint(
                fields=("survey", "code"), name="one_prompt_per_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="audience",
            constraint=models.UniqueConstraint(
                fields=("survey", "code"), name="one_audience_per_code"
            ),
        ),
    ]
