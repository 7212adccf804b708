"""A long questionnaire: everybody rates a part, and together they rate everything alike."""

from uuid import uuid4

import numpy as np
import pytest

from materiality import analysis
from surveys import answers
from surveys.actions import answer
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.errors import InvalidAnswers
from surveys.models import CANNOT_JUDGE, NOT_ASKED, Intake, SealedAnswers
from surveys.questionnaire.questionnaires import questionnaire
from surveys.responses.blocks import unpack
from surveys.visit.visits import find
from tests.builders import consent_of, make_link, make_links, make_survey
from tests.markup import page_of

pytestmark = pytest.mark.django_db
TOPICS, MOST = 60, 40


@pytest.fixture
def survey(db):
    return make_survey(topics=TOPICS)


@pytest.fixture
def form(survey):
    return questionnaire(survey.audiences.get())


def begun(survey, token=""):
    token = token or make_link(survey)
    answer.start(token, consent_of(survey))
    return token


def parts_of(form, people, seed=1):
    """Return [people, topics]: whether each was drawn for each."""
    draws = np.random.default_rng(seed).integers(0, 2**62, people).tolist()
    keys = [item.key for item in form.items]
    drawn = [{item.key for item in form.part(draw).items} for draw in draws]
    return np.array([[key in part for key in keys] for part in drawn])


def test_nobody_rates_more_than_forty_of_sixty_topics(visitor, survey):
    token = begun(survey)

    landing = page_of(visitor.get(f"/r/{token}/"))
    pages = [page_of(visitor.get(f"/r/{token}/{number}/")) for number in range(1, 7)]

    assert sum(page.count("<fieldset") for page in pages) == MOST
    assert "0 of 40 answered" in landing
    assert "Page 1 of 6" in pages[0]


def test_a_person_gets_the_same_part_every_time_and_others_another(survey):
    token = begun(survey)

    assert set(find(token).form.questions) == set(find(token).form.questions)
    assert set(find(begun(survey)).form.questions) != set(find(token).form.questions)


def test_what_was_not_asked_is_not_taken(survey):
    token = begun(survey)
    visit = find(token)
    [other, *_rest] = set(visit.form.whole.questions) - set(visit.form.questions)

    with pytest.raises(InvalidAnswers):
        answer.save(token, {other: 3})


def test_every_topic_is_drawn_as_often_and_blocks_keep_their_proportions(form):
    people = 2000
    drawn = parts_of(form, people)

    per_topic = drawn.sum(axis=0)
    expected, spread = people * MOST / TOPICS, np.sqrt(people * (2 / 3) * (1 / 3))
    assert (drawn.sum(axis=1) == MOST).all()
    assert (np.abs(per_topic - expected) < 4 * spread).all()
    blocks = np.array([item.questions[0].block for item in form.items])
    for block in "ESG":  # 20 topics each, so 13 or 14 of each
        assert set(drawn[:, blocks == block].sum(axis=1)) <= {13, 14}


def bias(drawn, ratings):
    """Return per topic the mean of those asked minus the mean of everybody, in standard errors."""
    asked = np.where(drawn, ratings, np.nan)
    n = drawn.sum(axis=0)
    error = np.nanstd(asked, axis=0, ddof=1) / np.sqrt(n) * np.sqrt(1 - n / len(drawn))
    return (np.nanmean(asked, axis=0) - ratings.mean(axis=0)) / error


@pytest.fixture
def everybody():
    """What 3000 people would rate: each topic its level, each person a leaning, and a quirk."""
    source = np.random.default_rng(7)
    level, leaning = source.uniform(2, 4.5, TOPICS), source.normal(0, 0.7, (3000, 1))
    quirk = source.normal(0, 0.6, (3000, TOPICS))
    return np.clip(np.rint(level + leaning + quirk), 1, 5)


def test_means_over_the_parts_are_unbiased(form, everybody):
    z = bias(parts_of(form, len(everybody)), everybody)

    assert np.abs(z).max() < 4
    assert abs(z.mean()) < 4 / np.sqrt(TOPICS)


def test_the_control_means_are_biased_if_people_choose_their_part(form, everybody):
    own_choice = np.argsort(np.argsort(-everybody, axis=1), axis=1) < MOST

    assert np.abs(bias(own_choice, everybody)).max() > 4


def sealed_with_one_answer(survey):
    token = begun(survey)
    asked = list(find(token).form.questions)
    answer.save(token, dict.fromkeys(asked[:-2], 4) | {asked[-2]: "cannot_judge"})
    answer.submit(token, submission=uuid4())
    close(survey)
    seal(survey)
    return asked


def test_not_asked_left_blank_and_cannot_judge_stay_three_things(survey):
    asked = sealed_with_one_answer(survey)

    sealed = answers.sealed_answers(survey)
    kept = SealedAnswers.objects.get()
    stored = unpack(bytes(kept.block), kept.digest)["ratings"]
    of = dict(zip(map(str, sealed.questions), range(TOPICS), strict=True))
    assert (stored == NOT_ASKED).sum() == sealed.not_asked.sum() == TOPICS - MOST
    assert not sealed.not_asked[0, [of[key] for key in asked]].any()
    assert stored[0, of[asked[-2]]] == CANNOT_JUDGE
    assert stored[0, of[asked[-1]]] == 0


def test_who_was_not_asked_counts_neither_as_rating_nor_as_cannot_judge(survey):
    sealed_with_one_answer(survey)

    ratings = answers.sealed_answers(survey).ratings
    counts = analysis.count_ratings(ratings, np.zeros(1, np.int64), 1)

    assert counts[0, :, :5].sum() == MOST - 2  # rated
    assert counts[0, :, 5].sum() == 1  # cannot judge


def test_the_part_cannot_be_repeated_from_the_link(survey):
    """Otherwise the gaps of the sealed rows would tell whose they are."""
    token = begun(survey)
    first = set(find(token).form.questions)
    answer.withdraw(token)
    begun(survey, token)

    assert set(find(token).form.questions) != first
    close(survey)
    seal(survey)
    assert not Intake.objects.exists()


def test_a_short_questionnaire_is_asked_whole():
    survey = make_survey(topics=MOST)

    assert len(find(begun(survey)).form.questions) == MOST
    assert find(begun(survey)).form.whole is None


def test_four_questions_on_a_topic_leave_ten_topics():
    survey = make_survey(topics=14, prompts=("scale", "scope", "repair", "chance"))

    form = find(begun(survey)).form

    assert len(form.questions) == MOST
    assert len(form.items) == 10


def test_the_program_is_asked_everything(survey):
    """It has no page to be long; who uses it draws for itself."""
    [token] = make_links(survey, 1)

    ratings = {str(key): 3 for key in survey.questions.values_list("pk", flat=True)}
    answer.submit(token, submission=uuid4(), ratings=ratings, consent=consent_of(survey))

    assert len(Intake.objects.get().contents.ratings) == TOPICS
