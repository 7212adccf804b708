"""The pages of questions, by their addresses."""

import re

import pytest

from surveys.actions import answer
from surveys.actions.publish import publish
from surveys.models import Intake
from tests.builders import both, consent_of, make_link, make_survey
from tests.surveys.conftest import page_ratings, text_of

pytestmark = pytest.mark.django_db


def chosen(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(q\d+)" id="[^"]+" value="(\w+)" checked', page))


def test_nothing_is_chosen_before_somebody_chooses(visitor, begun):
    assert chosen(text_of(visitor.get(f"/r/{begun}/1/"))) == {}


def test_pages_are_equally_long(visitor):
    survey = make_survey(topics=15)
    token = make_link(survey)
    answer.start(token, consent_of(survey))

    lengths = [len(page_ratings(visitor, token, number)) for number in (1, 2, 3)]

    assert lengths == [5, 5, 5]


def test_the_order_is_a_persons_own_and_stays(survey, visitor):
    tokens = [make_link(survey) for _person in range(5)]
    for token in tokens:
        answer.start(token, consent_of(survey))

    orders = {token: list(page_ratings(visitor, token)) for token in tokens}

    assert len({tuple(order) for order in orders.values()}) > 1
    assert all(list(page_ratings(visitor, token)) == orders[token] for token in tokens)


def test_items_of_a_block_stay_together(survey, visitor, begun):
    asked = [name for number in (1, 2) for name in page_ratings(visitor, begun, number)]
    blocks = dict(survey.questions.values_list("pk", "block"))

    run = [blocks[int(name[1:])] for name in asked]

    assert len([at for at in range(1, 14) if run[at] != run[at - 1]]) == 2  # three blocks


def test_what_was_chosen_is_kept_and_shown_again(visitor, begun):
    ratings = page_ratings(visitor, begun) | {}
    name = next(iter(ratings))
    visitor.post(f"/r/{begun}/1/", ratings | {name: "cannot_judge"})

    page = text_of(visitor.get(f"/r/{begun}/1/"))

    assert chosen(page) == ratings | {name: "cannot_judge"}
    assert '<span id="done">7</span> / 14 answered' in page


def test_blanks_are_pointed_out_once_a_page(visitor, begun):
    ratings = page_ratings(visitor, begun)
    blank = [ratings.popitem()[0], ratings.popitem()[0]]

    first = visitor.post(f"/r/{begun}/1/", ratings)
    page = text_of(visitor.get(first["Location"]))
    second = visitor.post(first["Location"], ratings | {"warned": "1"})

    assert first["Location"] == f"/r/{begun}/1/?unanswered=1"
    assert "2 topics are not answered" in page
    assert all(f'href="#{name}"' in page and f'id="{name}"' in page for name in blank)
    assert page.count("Not answered yet") == 2
    assert '<input type="hidden" name="warned"' in page
    assert second["Location"] == f"/r/{begun}/2/"


@pytest.mark.parametrize(
    ("number", "button", "leads_to"),
    [(1, {}, "2/"), (2, {}, "end/"), (2, {"go": "back"}, "1/"), (1, {"go": "back"}, ""),
     (1, {"lang": "zh-hans"}, "1/?lang=zh-hans")],
)  # fmt: skip
def test_every_button_keeps_the_answers_and_leads_on(visitor, begun, number, button, leads_to):
    ratings = page_ratings(visitor, begun, number)

    response = visitor.post(f"/r/{begun}/{number}/", ratings | button)

    assert response["Location"] == f"/r/{begun}/{leads_to}"
    assert len(Intake.objects.get().contents.ratings) == 7


def test_the_switch_changes_the_language_and_loses_nothing(visitor, begun):
    ratings = page_ratings(visitor, begun)

    response = visitor.post(f"/r/{begun}/1/", ratings | {"lang": "zh-hans"})
    page = text_of(visitor.get(response["Location"]))

    assert "这些议题对您有多重要？" in page
    assert chosen(page) == ratings


def test_the_language_goes_along_without_a_cookie(visitor, begun):
    response = visitor.post(f"/r/{begun}/1/?lang=zh-hans", page_ratings(visitor, begun))

    assert response["Location"] == f"/r/{begun}/2/?lang=zh-hans"


@pytest.mark.parametrize("bad", ["6", "0", "five", "", "4 ", "１"])
def test_a_forged_rating_is_refused_and_what_was_entered_stays(visitor, begun, bad):
    ratings = page_ratings(visitor, begun)
    forged = next(iter(ratings))

    response = visitor.post(f"/r/{begun}/1/", ratings | {forged: bad})

    assert response.status_code == 400
    assert "is not a rating of" in text_of(response)
    assert chosen(text_of(response)) == {n: v for n, v in ratings.items() if n != forged}
    assert Intake.objects.get().contents.ratings == {}


def test_a_question_of_another_survey_is_refused(visitor, begun):
    foreign = make_survey().questions.first()

    response = visitor.post(f"/r/{begun}/1/", {f"q{foreign.pk}": "4"})

    assert response.status_code == 400
    assert Intake.objects.get().contents.ratings == {}


def test_the_audience_is_the_invitations_whatever_is_posted(db, visitor):
    survey = make_survey(audiences=("customers", "regulators"))
    token = make_link(survey, "customers")

    visitor.post(f"/r/{token}/", {"consent": consent_of(survey), "audience": "regulators"})

    assert Intake.objects.get().invitation.audience.code == "customers"


def test_saving_by_script_answers_without_a_page(visitor, begun):
    [name, *_others] = page_ratings(visitor, begun)

    response = visitor.post(f"/r/{begun}/1/", {name: "5", "autosave": "1"})

    assert (response.status_code, response.content) == (204, b"")
    assert list(Intake.objects.get().contents.ratings.values()) == [5]


def test_two_tabs_keep_each_others_answers(visitor, begun):
    one, two, *_rest = page_ratings(visitor, begun)

    visitor.post(f"/r/{begun}/1/", {one: "1", "autosave": "1"})
    visitor.post(f"/r/{begun}/1/", {two: "2", "autosave": "1"})

    assert sorted(Intake.objects.get().contents.ratings.values()) == [1, 2]


@pytest.mark.parametrize("path", ["1/", "2/", "end/", "done/", "withdraw/"])
def test_nobody_answers_before_agreeing(visitor, token, path):
    assert visitor.get(f"/r/{token}/{path}")["Location"] == f"/r/{token}/"


@pytest.mark.parametrize("path", ["1/", "end/"])
def test_nothing_posted_before_agreeing_is_kept(survey, visitor, token, path):
    question = survey.questions.first()

    response = visitor.post(f"/r/{token}/{path}", {f"q{question.pk}": "4"})

    assert response["Location"] == f"/r/{token}/"
    assert not Intake.objects.exists()


@pytest.mark.parametrize("number", [0, 3, 99])
def test_a_page_that_is_not_there_leads_to_the_first(visitor, begun, number):
    assert visitor.get(f"/r/{begun}/{number}/")["Location"] == f"/r/{begun}/1/"


def test_several_questions_on_a_topic_stand_together_four_topics_a_page(visitor):
    survey = make_survey(prompts=("importance", "impact"))
    token = make_link(survey)
    answer.start(token, consent_of(survey))

    page = text_of(visitor.get(f"/r/{token}/1/"))

    assert page.count("<section") == 4
    assert page.count("<fieldset") == 8
    assert "There are 2 questions on each topic." in page
    assert "/ 28 answered" in page


def test_a_hint_on_one_of_several_questions_stands_beside_it(visitor):
    survey = make_survey(prompts=("scale", "scope", "likelihood"), publish_it=False)
    survey.prompts.filter(code="scope").update(hint=both("想想范围。", "Think of how many people."))
    publish(survey)
    token = make_link(survey)
    answer.start(token, consent_of(survey))

    page = text_of(visitor.get(f"/r/{token}/1/"))

    assert page.count("Think of how many people.") == page.count("<section") == 3
    assert "There are no right answers." not in page  # said of all of them, it helps with none
