"""A published questionnaire is frozen: a change of words is a new version, answers keep theirs."""

import importlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from surveys.actions import answer
from surveys.actions.publish import publish
from surveys.actions.revise import OtherQuestions, revise_audience
from surveys.actions.seal import seal
from surveys.actions.wording import revise_wording
from surveys.answers import version_counts
from surveys.errors import Conflict, RuleBroken
from surveys.models import Intake, Prompt, Question, QuestionnaireVersion, Survey
from surveys.questionnaire.wording import digest_of, texts_of
from surveys.responses.blocks import digest_of as digest_of_block
from surveys.responses.blocks import unpack
from surveys.visit.visits import find
from tests.builders import both, consent_of, make_link, make_survey, ratings_for
from tests.markup import page_of
from tests.tampering import unprotected

pytestmark = pytest.mark.django_db
NEW = both("新议题一", "Topic one, reworded")
WHY = "A word was misread"


def reword(survey, **fields):
    return revise_wording(survey, items={"t1": {"title": NEW, **fields}}, reason=WHY)


def begin(survey):
    token = make_link(survey)
    answer.start(token, consent_of(survey))
    return token


def hand_in(survey, token, rating=4):
    answer.submit(token, submission=uuid4(), ratings=ratings_for(survey, rating))


def sealed(survey):
    survey.closes_at = timezone.now() - timedelta(seconds=1)
    survey.save(update_fields=["closes_at"])
    return seal(survey)


def read(visitor, token):
    pages = range(1, find(token).form.page_count + 1)
    return "".join(page_of(visitor.get(f"/r/{token}/{at}/")) for at in pages)


def test_who_began_keeps_the_words_and_who_begins_now_reads_the_new_ones(survey, visitor):
    old = begin(survey)
    assert "Topic one, reworded" not in read(visitor, old)

    reword(survey)
    revise_wording(
        survey, prompts={"importance": {"text": both("重要吗？", "Matters?")}}, reason="x"
    )
    new = begin(survey)

    assert "Topic 1 <" in read(visitor, old)
    assert "How important are these topics to you?" in read(visitor, old)
    assert "Topic one, reworded" in read(visitor, new)
    assert "Matters?" in read(visitor, new)
    versions = Intake.objects.order_by("pk").values_list("survey_version", flat=True)
    assert list(versions) == [1, 3]


def test_ratings_given_before_a_new_version_stay(survey):
    token = begin(survey)
    answer.save(token, ratings_for(survey, 5))

    reword(survey)
    answer.submit(token, submission=uuid4())

    assert set(Intake.objects.get().contents.ratings.values()) == {5}


def test_a_page_of_an_earlier_version_costs_no_more_queries(survey, visitor):
    old = begin(survey)
    reword(survey)
    new = begin(survey)
    counts = []
    for token in (old, new):
        visitor.get(f"/r/{token}/1/")  # fills the memory
        with CaptureQueriesContext(
            connection,
        ) as queries:
            visitor.get(f"/r/{token}/1/")
        counts.append(len(queries))

    assert counts == [1, 1]


def test_every_version_keeps_the_whole_questionnaire_who_when_and_why(survey):
    before = texts_of(survey)

    made = reword(survey)

    first, second = survey.versions.all()
    assert (first.number, first.texts, first.at) == (1, before, first.at)
    assert first.at >= survey.published_at
    assert (second, second.number, second.reason) == (made, 2, WHY)
    assert second.texts == texts_of(survey)
    assert second.digest == digest_of(second.texts) != first.digest
    assert second.differences(first) == [(both("议题 1", "Topic 1"), NEW)]


@override("en")
def test_what_refuses_a_new_version_says_why_and_stores_nothing(survey):
    draft = make_survey(publish_it=False)
    over = make_survey()
    sealed(over)
    same = {"title": both("议题 1", "Topic 1")}
    refused = [
        (draft, {"title": NEW}, WHY, "is not published yet"),
        (over, {"title": NEW}, WHY, "is sealed already"),
        (survey, {"title": NEW}, "  ", "Say why the wording is fixed"),
        (survey, same, WHY, "No word differs"),
        (survey, {"title": both("", "Only English")}, WHY, "in every language of the survey"),
        (survey, {"title": both("\x00", "a")}, WHY, "cannot be kept"),
        (survey, {"position": 3}, WHY, "other questions or another scale need a new survey"),
    ]
    for one, words, reason, sentence in refused:
        with pytest.raises(RuleBroken, match=sentence):
            revise_wording(one, items={"t1": words}, reason=reason)

    assert set(Survey.objects.values_list("version", flat=True)) == {1}
    assert reword(survey).number == 2  # control


@override("en")
def test_other_questions_or_another_scale_need_a_new_survey(survey):
    words = {"labels": {"en": ["1", "2", "3", "4", "5"]}}
    for attempt in (
        lambda: revise_wording(survey, prompts={"importance": words}, reason=WHY),
        lambda: revise_wording(survey, items={"t99": {"title": NEW}}, reason=WHY),
        lambda: revise_audience(survey.audiences.get(), {}, prompts=[]),
    ):
        with pytest.raises(OtherQuestions, match="need a new survey"):
            attempt()


FROZEN = {
    "a title": lambda s: s.questions.filter(item="t1").update(title=NEW),
    "a definition": lambda s: s.questions.filter(item="t1").update(help=NEW),
    "a place": lambda s: s.questions.filter(item="t1").update(position=9),
    "a question more": lambda s: Question.objects.create(survey=s, prompt=s.prompts.get()),
    "a question less": lambda s: s.questions.filter(item="t1").delete(),
    "who is asked": lambda s: s.audiences.get().questions.clear(),
    "a prompt": lambda s: s.prompts.update(text=NEW),
    "the scale": lambda s: s.prompts.update(labels={}),
    "a prompt more": lambda s: Prompt.objects.create(survey=s, code="more", labels={}),
    "a version's words": lambda s: s.versions.update(texts={}),
    "a version less": lambda s: s.versions.all().delete(),
}


@pytest.mark.parametrize("attempt", FROZEN)
def test_the_database_refuses_every_other_change_of_a_published_questionnaire(attempt):
    published, draft = make_survey(), make_survey(publish_it=False)

    with pytest.raises(DatabaseError), transaction.atomic():
        FROZEN[attempt](published)

    FROZEN[attempt](draft)  # control: a draft may change
    with unprotected(), transaction.atomic():
        FROZEN[attempt](published)  # control: it is the triggers that refuse
        transaction.set_rollback(True)


def test_a_raised_number_without_its_version_lets_words_change_but_no_questions(survey):
    survey.version = 2
    survey.save(update_fields=["version"])

    FROZEN["a title"](survey)

    for attempt in ("a place", "a question more", "a question less", "the scale", "who is asked"):
        with pytest.raises(DatabaseError), transaction.atomic():
            FROZEN[attempt](survey)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (6, 5, [([1], 6), ([2], 5)]),
        (6, 4, [([1, 2], 10)]),
        (0, 7, [([1, 2], 7)]),
    ],
)
def test_the_seal_keeps_how_many_answered_each_version_and_pools_a_few(first, second, told):
    survey = make_survey(topics=2)
    for _person in range(first):
        hand_in(survey, begin(survey))
    reword(survey)
    for _person in range(second):
        hand_in(survey, begin(survey))
    assert version_counts(survey) == []  # nothing while it is open

    block = sealed(survey)

    assert [(each["versions"], each["answers"]) for each in block.versions] == told
    assert version_counts(survey) == block.versions
    columns = unpack(bytes(block.block), block.digest)
    assert "versions" not in columns  # no row of an anonymous survey says which it answered


def test_named_answers_keep_their_version():
    survey = make_survey(topics=2, mode="named")
    hand_in(survey, begin(survey), 2)
    reword(survey)
    hand_in(survey, begin(survey), 5)
    assert [each["answers"] for each in version_counts(survey)] == [1, 1]

    block = sealed(survey)

    columns = unpack(bytes(block.block), block.digest)
    answered = dict(
        zip(columns["ratings"][:, 0].tolist(), columns["versions"].tolist(), strict=True)
    )
    assert answered == {2: 1, 5: 2}
    columns["versions"] = columns["versions"][::-1]
    assert digest_of_block(columns) != block.digest  # control: the digest covers it


def test_a_survey_published_before_there_were_versions_gets_its_first(survey):
    migration = importlib.import_module(
        "surveys.migrations.0013_published_surveys_have_a_first_version"
    )
    kept = survey.versions.get()
    make_survey(publish_it=False)
    with unprotected():
        migration.drop_versions(apps, None)
        assert not QuestionnaireVersion.objects.exists()

        migration.keep_first_versions(apps, None)

    made = QuestionnaireVersion.objects.get()
    assert (made.survey, made.number, made.at) == (survey, 1, survey.published_at)
    assert (made.texts, made.digest) == (kept.texts, kept.digest)
    assert json.dumps(made.texts)


def test_publishing_twice_makes_no_second_first_version(survey):
    with pytest.raises(Conflict):
        publish(survey)

    assert survey.versions.count() == 1
