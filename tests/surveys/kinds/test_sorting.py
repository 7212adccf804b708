"""Sort into three: asked, saved, sealed, counted with suppression, shown; each kind's shape."""

from uuid import uuid4

import pytest
from django.template.loader import get_template

from materiality.inputs import pick_counts
from surveys import answers
from surveys.actions import answer
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.errors import InvalidAnswers
from surveys.kinds import BITS, KINDS
from surveys.models import KINDS as SWITCHES
from surveys.models import Intake
from tests.builders import consent_of, make_link, make_survey
from tests.markup import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sorted_survey(db):
    return make_survey(topics=6, sort_three=True)


def rated(survey, *ratings):
    token = make_link(survey)
    answer.start(token, consent_of(survey))
    keys = survey.questions.order_by("pk").values_list("pk", flat=True)
    answer.save(token, dict(zip(keys, ratings, strict=True)))
    return token


def fields(survey, **places):
    """Return the fields of topics by their number: high="12" puts the first two on top."""
    keys = list(survey.questions.order_by("pk").values_list("pk", flat=True))
    return {
        f"s{keys[int(number) - 1]}": place
        for place, numbers in places.items()
        for number in numbers
    }


def text_of(response):
    return page_of(response)


def test_every_kind_has_its_switch_its_page_and_its_own_letters_and_bits():
    assert tuple(kind.code for kind in KINDS) == SWITCHES
    letters = "".join(kind.letters for kind in KINDS)
    assert len(set(letters)) == len(letters)
    assert not set(letters) & set("qr")  # those of ratings and remarks
    assert sum(BITS.values()) < 256
    assert all(bit.bit_count() == 1 for bit in BITS.values())
    assert len(set(BITS.values())) == len(BITS)
    names = [measure.name for kind in KINDS for measure in kind.measures]
    assert len(set(names)) == len(names)
    for kind in KINDS:
        assert get_template(f"{kind.code}/page.html")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_after_the_last_page_the_rated_topics_are_sorted(visitor, sorted_survey, language):
    token = rated(sorted_survey, 5, 4, 3, "cannot_judge", 2, 1)

    went = visitor.post(f"/r/{token}/1/", {})
    page = text_of(visitor.get(f"{went.url}?lang={language}"))

    assert went.url == f"/r/{token}/sort/1/"
    assert page.count('type="radio"') == 5 * 3
    assert ("Low" in page, "低" in page) == (language == "en", language != "en")


def test_without_script_a_whole_page_is_sorted_and_shown_again(visitor, sorted_survey):
    token = rated(sorted_survey, 5, 4, 3, 3, 2, 1)
    chosen = fields(sorted_survey, high="12", middle="3", low="6")

    went = visitor.post(f"/r/{token}/sort/1/", chosen)
    page = text_of(visitor.get(f"/r/{token}/sort/1/"))

    assert went.url == f"/r/{token}/end/"
    assert page.count(" checked") == 4
    assert visitor.post(f"/r/{token}/end/", {"go": "back"}).url == f"/r/{token}/sort/1/"


def test_with_script_each_place_saves_itself_and_the_last_one_wins(visitor, sorted_survey):
    token = rated(sorted_survey, 5, 4, 3, 3, 2, 1)
    for place in ("low", "high", "middle"):
        sent = fields(sorted_survey, **{place: "1"}) | {"autosave": "1"}
        assert visitor.post(f"/r/{token}/sort/1/", sent).status_code == 204

    [(_item, place)] = Intake.objects.get().contents.picks["sorted"].items()
    assert place == "middle"


@pytest.mark.parametrize(
    "chosen", [{"s999999": "high"}, {"first": "best"}], ids=["no such topic", "no such place"]
)
def test_what_was_not_offered_is_refused(sorted_survey, chosen):
    token = rated(sorted_survey, 5, 4, 3, 3, 2, 1)
    if "first" in chosen:
        chosen = dict.fromkeys(fields(sorted_survey, high="1"), "best")

    with pytest.raises(InvalidAnswers):
        answer.save(token, {}, chosen=chosen)


def test_a_survey_that_does_not_ask_it_refuses_it():
    survey = make_survey(topics=6)
    token = rated(survey, 5, 4, 3, 3, 2, 1)

    with pytest.raises(InvalidAnswers):
        answer.save(token, {}, chosen=fields(survey, high="1"))


def test_fewer_than_three_rated_topics_are_not_sorted(visitor, sorted_survey):
    token = rated(sorted_survey, 5, 4, *["cannot_judge"] * 4)

    assert visitor.post(f"/r/{token}/1/", {}).url == f"/r/{token}/end/"


def sealed_with(survey, *places):
    for each in places:
        token = rated(survey, 5, 4, 3, 3, 2, 1)
        answer.save(token, {}, chosen=fields(survey, **each))
        answer.submit(token, submission=uuid4())
    close(survey)
    seal(survey)
    survey.refresh_from_db()


def test_places_are_sealed_and_counted(sorted_survey):
    sealed_with(
        sorted_survey,
        *[{"high": "1", "low": "2", "middle": "3"}] * 4,
        {"high": "2", "low": "1", "middle": "3"},
    )

    counts = answers.pick_counts(sorted_survey)

    at = [counts.items.index(item) for item in _items(sorted_survey)]
    assert counts.of["high"][at].tolist() == [4, 1, 0, 0, 0, 0]
    assert counts.of["low"][at].tolist() == [1, 4, 0, 0, 0, 0]
    assert counts.of["middle"][at].tolist() == [0, 0, 5, 0, 0, 0]


def _items(survey):
    return list(survey.questions.order_by("pk").values_list("item", flat=True))


def test_a_balance_is_high_minus_low_over_those_who_sorted_it(sorted_survey):
    sealed_with(
        sorted_survey,
        *[{"high": "1", "low": "2", "middle": "3"}] * 4,
        {"high": "2", "low": "1", "middle": "3"},
    )

    rows = {row.title["en"]: row.figures["placed"] for row in pick_counts(sorted_survey)}

    assert rows["Topic 1"] == pytest.approx(3 / 5)
    assert rows["Topic 2"] == pytest.approx(-3 / 5)
    assert rows["Topic 3"] == 0
    assert rows["Topic 4"] is None


def test_what_a_few_sorted_is_not_told(sorted_survey):
    """Five answered, four of them sorted the second topic: fewer than the minimum group."""
    sealed_with(sorted_survey, *[{"high": "1", "low": "2"}] * 4, {"high": "1"})

    counts = answers.pick_counts(sorted_survey)

    first, second, *_others = [counts.items.index(item) for item in _items(sorted_survey)]
    assert counts.of["high"][first] == 5
    assert counts.of["low"][second] == 0
    stored = answers.sealed_answers(sorted_survey).picks  # control: it is in the seal
    assert ((stored[:, second] & BITS["low"]) > 0).sum() == 4
