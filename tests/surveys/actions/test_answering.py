"""A respondent's verbs, on the real database."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from surveys.actions import answer
from surveys.actions.invite import revoke
from surveys.actions.publish import close
from surveys.errors import Conflict, ConsentMissing, InvalidAnswers, SurveyClosed, UnknownLink
from surveys.models import CANNOT_JUDGE, Intake, Invitation, Survey
from surveys.questionnaire import checks
from tests.builders import (
    consent_of,
    invitation_of,
    make_audience,
    make_link,
    make_survey,
    ratings_for,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(survey):
    return survey.questions.first()


def stored() -> Intake:
    return Intake.objects.get()


# ---- starting ----


def test_starting_keeps_the_hash_of_the_text_agreed_to(survey, token):
    answer.start(token, consent_of(survey, "zh-hans"))

    assert stored().consent == consent_of(survey, "zh-hans")


@pytest.mark.parametrize("consent", ["", "0" * 64])
def test_nobody_starts_without_consent_to_this_text(token, consent):
    with pytest.raises(ConsentMissing):
        answer.start(token, consent)

    assert not Intake.objects.exists()


def test_starting_again_goes_on(survey, begun, question):
    answer.save(begun, {question.pk: 4})

    answer.start(begun, "")

    assert stored().contents.ratings == {str(question.pk): 4}


def test_an_unknown_and_a_revoked_link_say_the_same(survey, token):
    revoke(invitation_of(token))

    with pytest.raises(UnknownLink) as revoked:
        answer.start(token, consent_of(survey))
    with pytest.raises(UnknownLink) as unknown:
        answer.start("never-made", consent_of(survey))
    assert str(revoked.value) == str(unknown.value)


def test_a_link_of_an_unpublished_survey_is_unknown(db):
    draft = make_survey(publish_it=False)

    with pytest.raises(UnknownLink):
        answer.start(make_link(draft), "")


# ---- ratings: one place judges them ----


@pytest.mark.parametrize(
    ("given", "kept"),
    [(1, 1), (5, 5), ("1", 1), ("5", 5), ("cannot_judge", CANNOT_JUDGE)],
)
def test_a_rating_is_kept(begun, question, given, kept):
    answer.save(begun, {question.pk: given})

    assert stored().contents.ratings == {str(question.pk): kept}


@pytest.mark.parametrize(
    "given",
    [0, 6, -1, 255, True, False, 1.0, 4.5, None, "", "0", "6", "5x", " 5", "５", "4.0", "1e0", "dk",
     [5], {"rating": 5}, (1,), b"5", "\x00", 10**400],
)  # fmt: skip
def test_what_is_not_a_rating_is_refused_and_nothing_is_stored(begun, survey, question, given):
    other = survey.questions.last()

    with pytest.raises(InvalidAnswers):
        answer.save(begun, {other.pk: 3, question.pk: given})

    assert stored().contents.ratings == {}


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.binary(), st.none()))
def test_nothing_but_eleven_spellings_is_a_rating(given):
    spellings = [1, 2, 3, 4, 5, "1", "2", "3", "4", "5", "cannot_judge"]
    is_one = any(type(given) is type(each) and given == each for each in spellings)

    class AnyQuestion:
        title = {"en": "Data security"}

    class AnyForm:
        questions = {"1": AnyQuestion()}
        survey = Survey(points=5)

    try:
        checks.checked_ratings(AnyForm(), {"1": given})
    except InvalidAnswers:
        assert not is_one
    else:
        assert is_one


@pytest.mark.parametrize("key", ["0", "999999999", "-1", "x", "", None, "1 ", True])
def test_a_question_nobody_asked_is_refused(begun, key):
    with pytest.raises(InvalidAnswers):
        answer.save(begun, {key: 3})

    assert stored().contents.ratings == {}


def test_a_question_of_another_survey_is_refused(begun):
    foreign = make_survey().questions.first()

    with pytest.raises(InvalidAnswers, match=str(foreign.pk)):
        answer.save(begun, {foreign.pk: 3})


def test_a_question_for_another_audience_is_refused(db):
    survey = make_survey(publish_it=False)
    employees = make_audience(survey, "employees")
    only = survey.questions.first()
    only.audiences.set([employees])
    from surveys.actions.publish import publish

    publish(survey)
    token = make_link(survey)
    answer.start(token, consent_of(survey))

    with pytest.raises(InvalidAnswers):
        answer.save(token, {only.pk: 3})
    inside = make_link(survey, "employees")
    answer.start(inside, consent_of(survey))
    answer.save(inside, {only.pk: 3})


@pytest.mark.parametrize(
    ("language", "words"), [("en", "'7' is not a rating of “Topic"), ("zh-hans", "'7' 不是“议题")]
)
def test_the_refusal_names_what_was_found_in_the_visitors_language(
    begun, question, language, words
):
    with translation.override(language), pytest.raises(InvalidAnswers, match=words):
        answer.save(begun, {question.pk: "7"})


def test_a_long_value_is_not_repeated_in_full(begun, question):
    with pytest.raises(InvalidAnswers) as refusal:
        answer.save(begun, {question.pk: "9" * 10_000})

    assert len(str(refusal.value)) < 200


def test_the_last_answer_to_a_question_wins_and_the_others_stay(survey, begun):
    first, second = survey.questions.all()[:2]
    answer.save(begun, {first.pk: 1, second.pk: 2})

    answer.save(begun, {first.pk: 5})

    assert stored().contents.ratings == {str(first.pk): 5, str(second.pk): 2}


# ---- comments ----


def test_a_comment_of_500_characters_fits_and_501_do_not(begun):
    answer.save(begun, {}, "字" * 500)

    with pytest.raises(InvalidAnswers, match="501"):
        answer.save(begun, {}, "字" * 501)

    assert stored().contents.comment == "字" * 500


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", None, 5, ["a"]])
def test_a_comment_that_cannot_be_kept_is_refused(begun, text):
    with pytest.raises(InvalidAnswers):
        answer.submit(begun, submission=uuid4(), comment=text)


@pytest.mark.parametrize("text", ["<b>hi</b>", "=1+1", "‮abc", "👩‍👩‍👧", "a\nb"])
def test_a_strange_comment_is_kept_as_it_is(begun, text):
    answer.submit(begun, submission=uuid4(), comment=text)

    assert stored().contents.comment == text


# ---- handing in ----


def test_handing_in_gives_a_receipt_that_can_be_read_out(begun):
    receipt = answer.submit(begun, submission=uuid4())

    assert len(receipt) == 9
    assert receipt[4] == "-"
    assert not set(receipt) & set("01IO")
    assert stored().receipt == receipt


def test_the_same_submission_again_gets_the_same_receipt(survey, begun):
    once = uuid4()
    first = answer.submit(begun, submission=once, ratings=ratings_for(survey), comment="Good")

    again = answer.submit(begun, submission=once, ratings=ratings_for(survey), comment="Good")

    assert again == first
    assert Intake.objects.count() == 1


@pytest.mark.parametrize("change", [{"comment": "Bad"}, {"rating": 1}])
def test_the_same_submission_with_other_content_is_a_conflict(survey, begun, change):
    once = uuid4()
    answer.submit(begun, submission=once, ratings=ratings_for(survey, 4), comment="Good")

    with pytest.raises(Conflict):
        answer.submit(
            begun,
            submission=once,
            ratings=ratings_for(survey, change.get("rating", 4)),
            comment=change.get("comment", "Good"),
        )

    assert stored().contents.comment == "Good"
    assert set(stored().contents.ratings.values()) == {4}


def test_the_control_uncompared_other_content_would_be_lost_with_a_receipt(begun, monkeypatch):
    monkeypatch.setattr(answer, "_require_same", lambda draft, sent: None)
    once = uuid4()
    receipt = answer.submit(begun, submission=once, comment="Good")

    assert answer.submit(begun, submission=once, comment="Bad") == receipt
    assert stored().contents.comment == "Good"


def test_a_new_submission_replaces_the_answer_and_keeps_the_receipt(survey, begun):
    first = answer.submit(begun, submission=uuid4(), ratings=ratings_for(survey, 4))

    second = answer.submit(begun, submission=uuid4(), ratings=ratings_for(survey, 2))

    assert second == first
    assert set(stored().contents.ratings.values()) == {2}


def test_handing_in_without_ratings_keeps_those_of_the_draft(begun, question):
    answer.save(begun, {question.pk: 3})

    answer.submit(begun, submission=uuid4(), comment="Good")

    assert stored().contents.ratings == {str(question.pk): 3}


def test_a_whole_response_names_every_question(survey, begun):
    ratings = dict(ratings_for(survey))
    missing = ratings.popitem()[0]

    with pytest.raises(InvalidAnswers, match=missing):
        answer.submit(begun, submission=uuid4(), ratings=ratings)

    assert not stored().submitted


def test_null_leaves_a_question_blank(survey, begun):
    ratings = dict(ratings_for(survey)) | {str(survey.questions.first().pk): None}

    answer.submit(begun, submission=uuid4(), ratings=ratings)

    assert len(stored().contents.ratings) == 13


def test_one_may_hand_in_without_starting_first_if_one_agrees(survey, token):
    with pytest.raises(ConsentMissing):
        answer.submit(token, submission=uuid4(), ratings=ratings_for(survey))
    assert not Intake.objects.exists()

    answer.submit(
        token, submission=uuid4(), ratings=ratings_for(survey), consent=consent_of(survey)
    )

    assert stored().submitted


def test_two_people_may_use_the_same_submission_id(survey, begun):
    other, once = make_link(survey), uuid4()
    answer.start(other, consent_of(survey))

    receipts = {answer.submit(token, submission=once) for token in (begun, other)}

    assert len(receipts) == 2


def test_a_forwarded_link_has_one_answer_whoever_holds_it(survey, begun):
    """Case 34."""
    for rating in (1, 5):
        answer.submit(begun, submission=uuid4(), ratings=ratings_for(survey, rating))
    assert set(stored().contents.ratings.values()) == {5}

    with pytest.raises(IntegrityError), transaction.atomic():  # the database has the last word
        Intake.objects.create(invitation=invitation_of(begun), survey=survey)
    answer.start(make_link(survey), consent_of(survey))
    assert Intake.objects.count() == 2  # control: another link has another answer


# ---- leaving, and the end ----


def test_whoever_is_removed_while_answering_hands_in_nothing(survey, begun, question):
    """Case 35."""
    answer.save(begun, {question.pk: 4})  # control: until then it is taken
    revoke(invitation_of(begun))

    for attempt in (
        lambda: answer.save(begun, {question.pk: 5}),
        lambda: answer.submit(begun, submission=uuid4(), ratings=ratings_for(survey)),
    ):
        with pytest.raises(UnknownLink):
            attempt()
    assert not Intake.objects.exists()


@pytest.mark.parametrize(
    ("leave", "state"),
    [(answer.decline, Invitation.State.DECLINED), (answer.withdraw, Invitation.State.WITHDRAWN)],
)
def test_leaving_erases_the_answers_and_one_may_come_back(survey, begun, leave, state):
    leave(begun)

    assert not Intake.objects.exists()
    assert invitation_of(begun).state == state
    with pytest.raises(ConsentMissing):
        answer.start(begun, "")
    answer.start(begun, consent_of(survey))
    assert invitation_of(begun).state == Invitation.State.INVITED


@pytest.mark.parametrize(
    "verb",
    [
        lambda token, survey: answer.save(token, {}),
        lambda token, survey: answer.submit(token, submission=uuid4()),
        lambda token, survey: answer.decline(token),
        lambda token, survey: answer.withdraw(token),
        lambda token, survey: answer.start(make_link(survey), consent_of(survey)),
    ],
)
def test_nothing_is_written_after_closing(survey, begun, verb):
    close(survey)

    with pytest.raises(SurveyClosed):
        verb(begun, survey)

    assert stored().contents.ratings == {}
    assert not stored().submitted


def test_a_repetition_after_closing_still_gets_its_receipt(survey, begun):
    once = uuid4()
    receipt = answer.submit(begun, submission=once)
    close(survey)

    assert answer.submit(begun, submission=once) == receipt
