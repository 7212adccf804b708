"""Comments are read before any of them leaves: what names somebody is taken out, and logged."""

import io
import zipfile

import pytest
from django.contrib.auth.models import User
from django.db import connection
from rest_framework.test import APIClient

from materiality import actions
from materiality.archive.making import archive
from materiality.errors import RoundLocked
from materiality.inputs import released_comments
from materiality.locking import snapshots
from surveys.actions.redact import redact
from surveys.models import Comment, Intake
from surveys.people.contacts import BLACK
from tests.builders import rewrite
from tests.markup import page_of
from tests.rounds import STEADY, answer, close_and_seal, make_user
from tests.web.ask.asking import last_event, page, tab
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
SAID = "我叫李雷，电话 13800138000，请减少用水"
SHOWN = f"我叫{BLACK}，电话 {BLACK}，请减少用水"
PLAIN = "More trees, please"


def written(survey, *texts: str, ratings=STEADY) -> None:
    """Seal the survey; the first people to answer wrote these."""
    answer(survey, ratings)
    drafts = Intake.objects.filter(survey=survey).order_by("pk")[: len(texts)]
    for intake, text in zip(drafts, texts, strict=True):
        rewrite(Intake.objects.filter(pk=intake.pk), comment=text)
    close_and_seal(survey)


@pytest.fixture
def sealed(anonymous):
    written(anonymous, SAID, PLAIN)
    return anonymous


@pytest.fixture
def reviewer(round_):
    return signed_in("reviewer")


def read(client, survey, choices: dict[str, tuple[str, str | None]], **more):
    """Decide on the page: {start of the exact text: (choice, text or None as proposed)}."""
    data = {"comment": []}
    for form in client.get(tab(survey, "comments/"), more).context["forms"]:
        choice, text = choices.get(form.comment.text[:2], ("later", None))
        data["comment"].append(str(form.comment.pk))
        data[f"{form.prefix}-before"] = form["before"].value()
        data[f"{form.prefix}-choice"] = choice
        data[f"{form.prefix}-text"] = form["text"].value() if text is None else text
    return lambda: client.post(tab(survey, "comments/?lang=en"), data)


def everything_that_leaves(survey) -> str:
    """What a viewer sees and anybody may take: page, table, program, archive, bundle."""
    viewer, made = signed_in("viewer"), survey.assessments.get()
    api = APIClient()
    api.force_authenticate(User.objects.get(username="viewer"))
    files = zipfile.ZipFile(io.BytesIO(archive(made)))
    return "\n".join([
        page(viewer, survey, "comments/"),
        page_of(viewer.get(tab(survey, "comments/comments.csv"))),
        page_of(api.get(f"/api/v1/surveys/{survey.pk}/comments/")),
        *[files.read(name).decode(errors="replace") for name in files.namelist()],
    ])  # fmt: skip


@pytest.fixture
def round_with_results(sealed, named):
    answer(named, STEADY)
    close_and_seal(named)
    return sealed


def test_what_a_reviewer_let_out_leaves_and_nothing_else_does(round_with_results, reviewer):
    """Case 47, from the page to every way out."""
    survey = round_with_results
    exact = set(survey.comments.values_list("text", flat=True))
    assert all(text not in everything_that_leaves(survey) for text in exact)  # unread

    send = read(
        reviewer, survey, {"我叫": ("release", None), "Mo": ("release", "More ***, please")}
    )
    assert send().status_code == 302

    leaves = everything_that_leaves(survey)
    assert leaves.count(SHOWN) == leaves.count(f"More {BLACK}, please") == 4
    assert "李雷" not in leaves
    assert "trees" not in leaves
    assert set(survey.comments.values_list("text", flat=True)) == exact  # the seal stands
    event = last_event(survey.assessments.get())
    assert (event.verb, event.name, event.subject) == ("redact", "reviewer", survey.slug)
    assert event.after == {"read": 2, "blackened": 2, "withheld": 0}


def test_the_control_the_exact_name_is_there_for_the_reader_alone(sealed, reviewer):
    assert "<mark>李雷</mark>" in page(reviewer, sealed, "comments/")
    assert "李雷" not in page(signed_in("viewer"), sealed, "comments/")
    assert signed_in("viewer").post(tab(sealed, "comments/")).status_code == 403


def test_what_is_withheld_leaves_nowhere_and_what_is_left_for_later_stays(sealed, reviewer):
    read(reviewer, sealed, {"Mo": ("withhold", None)})()

    assert sealed.comments.counts() == {"unread": 1, "read": 1, "withheld": 1}
    assert page(signed_in("viewer"), sealed, "comments/").count("No comment was read") == 1
    assert last_event(sealed.assessments.get()).after["withheld"] == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [("Fewer trees, please", "what the author did not say"), (" ", "Nothing is left of it")],
)
def test_a_reader_cannot_say_something_else_and_loses_no_word(sealed, reviewer, text, why):
    refused = read(reviewer, sealed, {"Mo": ("release", text), "我叫": ("release", None)})()

    assert refused.status_code == 409
    assert why in page_of(refused)
    assert text.strip() in page_of(refused)
    assert sealed.comments.counts()["read"] == 0


def test_the_second_of_two_readers_is_told_and_nothing_is_kept_of_theirs(sealed, reviewer):
    second = read(reviewer, sealed, {"Mo": ("withhold", None), "我叫": ("release", None)})
    first = read(signed_in("owner"), sealed, {"Mo": ("release", None)})
    first()

    refused = second()

    assert refused.status_code == 409
    assert "Somebody else has read" in page_of(refused)
    assert sealed.comments.get(text=PLAIN).released == PLAIN
    assert sealed.comments.counts()["read"] == 1
    assert first().status_code == 302  # the same again is no conflict
    assert sealed.assessments.get().events.filter(verb="redact").count() == 1


def test_what_was_read_can_be_read_again(sealed, reviewer):
    read(reviewer, sealed, {"Mo": ("release", None)})()

    assert PLAIN not in page(reviewer, sealed, "comments/")
    read(reviewer, sealed, {"Mo": ("release", "***, please")}, read="")()

    assert sealed.comments.get(text=PLAIN).released == f"{BLACK}, please"


def test_a_comment_of_another_survey_is_not_found_from_here(sealed, named, reviewer):
    written(named, "Foreign")
    foreign = Comment.objects.get(text="Foreign")
    data = {"comment": [str(foreign.pk), "nonsense"], f"{foreign.pk.hex}-choice": "withhold"}

    assert reviewer.post(tab(sealed, "comments/"), data).status_code == 200
    assert sealed.comments.counts()["read"] == Comment.objects.filter(survey=named).read().count()


def test_a_locked_round_keeps_what_was_released(round_with_results, reviewer):
    survey, send = round_with_results, read(reviewer, round_with_results, {"Mo": ("release", None)})
    snapshots.lock(assessment=survey.assessments.get(), by=None)

    send()
    with pytest.raises(RoundLocked):
        actions.redact_comments(
            assessment=survey.assessments.get(), survey=survey, readings={}, by=make_user("late")
        )

    assert survey.comments.counts()["read"] == 0
    assert PLAIN not in page(reviewer, survey, "comments/")


def test_of_a_few_answers_no_comment_is_shown_to_anybody(anonymous, reviewer):
    written(anonymous, PLAIN, ratings={"customers": [[4, 3, 4, 4]] * 4})

    assert PLAIN not in page(reviewer, anonymous, "comments/")


@pytest.mark.parametrize(
    ("small", "named_groups"), [(4, {"employees"}), (5, {"employees", "customers", "regulators"})]
)
def test_a_group_is_not_told_by_being_the_only_one_that_is_not_named(
    anonymous, small, named_groups
):
    """Cases 42 and 43: comments without a group are those of all groups that are not named."""
    ratings = {"employees": 7, "customers": 6, "regulators": small}
    rows = {code: [[4, 3, 4, 4]] * people for code, people in ratings.items()}
    written(anonymous, *[f"Said {at}" for at in range(13 + small)], ratings=rows)
    anonymous.comments.update(released="Said")

    told = {row.group.code for row in released_comments(anonymous) if row.group}
    assert told == named_groups


def test_comments_before_the_seal_are_nobodys_to_read(anonymous, reviewer):
    answer(anonymous, STEADY)
    rewrite(Intake.objects.all(), comment=PLAIN)

    assert PLAIN not in page(reviewer, anonymous, "comments/")
    assert "once the survey is sealed" in page(reviewer, anonymous, "comments/")


def test_more_comments_need_no_more_queries(sealed, reviewer, django_assert_max_num_queries):
    Comment.objects.bulk_create(Comment(survey=sealed, text=f"Said {at}") for at in range(25))

    with django_assert_max_num_queries(12):
        content = page(reviewer, sealed, "comments/")
    assert content.count("<textarea") == 20
    assert "Page 1 of 2" in content


def test_reading_leaves_no_trace_of_who_wrote(sealed, reviewer):
    read(reviewer, sealed, {"Mo": ("release", None)})()

    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "surveys_comment")
    assert {one.name for one in columns} == {
        "id", "survey_id", "audience_id", "question_id", "text", "released"
    }  # fmt: skip


def test_redacting_an_open_survey_is_refused(anonymous):
    from surveys.errors import RuleBroken

    with pytest.raises(RuleBroken):
        redact(anonymous, {})
