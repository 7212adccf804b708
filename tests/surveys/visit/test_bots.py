"""The pretend respondent, on the real pages."""

import pytest
from django.test import Client

from surveys.actions.publish import close, publish
from surveys.models import CANNOT_JUDGE, Intake, Mode
from surveys.visit.bots import BotIsStuck, LiveClient, PageItem, respond
from tests.builders import make_link, make_survey

pytestmark = pytest.mark.django_db


def test_a_bot_answers_every_question_and_brings_the_receipt(survey, token):
    asked: list[PageItem] = []

    def rate(question: PageItem) -> int:
        asked.append(question)
        return 1 + question.question % 5

    receipt = respond(Client(), f"/r/{token}/", rate, language="en", comment="Well done")

    intake = Intake.objects.get()
    assert receipt == intake.receipt
    assert intake.contents.comment == "Well done"
    assert intake.contents.ratings == {str(each.question): 1 + each.question % 5 for each in asked}
    titles = dict(survey.questions.values_list("pk", "title"))
    assert {each.title for each in asked} == {title["en"] for title in titles.values()}
    assert all(titles[each.question]["en"] == each.title for each in asked)
    assert {each.prompt for each in asked} == {"How important are these topics to you?"}


def test_a_bot_reads_the_page_in_its_language(token):
    titles = set()

    respond(Client(), f"/r/{token}/", lambda asked: titles.add(asked.prompt) or 3)
    respond(
        Client(), f"/r/{make_link(make_survey())}/",
        lambda asked: titles.add(asked.prompt) or 3, language="en",
    )  # fmt: skip

    assert titles == {"这些议题对您有多重要？", "How important are these topics to you?"}


def test_a_bot_may_leave_blanks_and_say_that_it_cannot_judge(survey, token):
    judged, unknown, *_blank = survey.questions.values_list("pk", flat=True)
    rates = {judged: 5, unknown: "cannot_judge"}

    respond(Client(), f"/r/{token}/", lambda asked: rates.get(asked.question))

    assert Intake.objects.get().contents.ratings == {str(judged): 5, str(unknown): CANNOT_JUDGE}


def test_a_bot_answers_named_surveys_and_several_questions_a_topic(db):
    survey = make_survey(mode=Mode.NAMED, topics=5, prompts=("importance", "impact"))

    respond(Client(), f"/r/{make_link(survey)}/", lambda asked: 2)

    assert len(Intake.objects.get().contents.ratings) == 10


def test_a_bot_joins_by_an_open_link(db):
    survey = make_survey(audiences=("customers", "employees"), publish_it=False)
    survey.audiences.update(open_link=True)
    publish(survey)

    respond(Client(), f"/s/{survey.slug}/", lambda asked: 2, audience="employees")

    assert Intake.objects.get().invitation.audience.code == "employees"


@pytest.mark.parametrize("link", ["/r/unknown/", "/s/nowhere/"])
def test_a_bot_says_where_it_is_stuck(link, db):
    with pytest.raises(BotIsStuck, match=f"{link} answered 404: 没有找到问卷"):
        respond(Client(), link, lambda asked: 3)


def test_a_bot_does_not_answer_what_is_closed(survey, token):
    close(survey)

    with pytest.raises(BotIsStuck):
        respond(Client(), f"/r/{token}/", lambda asked: 3)


@pytest.mark.django_db(transaction=True)
def test_a_bot_answers_on_a_running_server(live_server):
    token = make_link(make_survey())

    receipt = respond(LiveClient(live_server.url), f"/r/{token}/", lambda asked: 4, language="en")

    assert receipt == Intake.objects.get().receipt


def test_a_bot_opens_web_addresses_only():
    with pytest.raises(ValueError, match="file:///etc"):
        LiveClient("file:///etc")
