"""The first thing to see on the overview is the next act, up to the first answer."""

import pytest

from surveys.actions import mail
from surveys.models import Message
from surveys.people.person import Person
from tests.markup import page_of
from tests.rounds import ask
from tests.web.ask.asking import add_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_surveys(round_, settings):
    settings.MAIL_IS_LIVE = True
    return ask(round_)


def overview(client, round_) -> str:
    return page_of(client.get(f"/a/{round_.pk}/?lang=en"))


def invite_all(surveys) -> None:
    for survey in surveys:
        add_people(survey, Person(name="Ann", email=f"ann@s{survey.pk}.example.com"))


def test_a_questionnaire_that_nobody_can_answer_wants_people(open_surveys, round_, editor):
    panel = open_surveys[1]
    invite_all(open_surveys[:1])

    content = overview(editor, round_)

    assert "nobody is invited to it yet" in content
    assert f"/ask/{panel.pk}/invitations/" in content
    assert "Remind" not in content


def test_an_open_link_is_a_way_to_answer(round_, settings, editor):
    settings.MAIL_IS_LIVE = True
    ask(round_, open_links=True)

    assert "nobody is invited" not in overview(editor, round_)


def test_who_waits_for_the_invitation_gets_it_before_a_reminder(open_surveys, round_, editor):
    invite_all(open_surveys)

    assert "1 person waits for the invitation." in overview(editor, round_)

    for survey in open_surveys:
        mail.queue(survey, Message.Kind.INVITATION, 1)
    content = overview(editor, round_)
    assert "waits for the invitation" not in content
    assert "Remind" in content


def test_a_named_panel_is_never_said_to_be_pooled(open_surveys, round_, editor):
    """It has no floor: one rating is a score. The groups of the anonymous survey have one."""
    invite_all(open_surveys)
    lines = overview(editor, round_).split("<tr>")

    [panel] = [line for line in lines if "Panel" in line]
    [employees] = [line for line in lines if "Employees" in line]
    assert "Under" not in panel
    assert "Under 5" in employees


def test_a_round_without_topics_counts_none(round_, editor):
    round_.topics.all().delete()

    assert "0 topics" not in overview(editor, round_)


@pytest.mark.parametrize("kind", ["stakeholders", "panel"])
def test_a_round_wants_groups_and_a_panel(round_, editor, kind):
    """Without either no matrix has two axes: the page says so before anything is published."""
    assert "Publish the questionnaire" in overview(editor, round_)  # control

    round_.groups.filter(kind=kind).delete()

    assert "Choose the groups to ask" in overview(editor, round_)
    groups = page_of(editor.get(f"/a/{round_.pk}/groups/?lang=en"))
    assert "axis" in groups.partition("would stay empty")[0][-200:]
    assert "would stay empty" in groups


def test_a_dimension_that_nobody_is_asked_about_is_said_so(round_, editor):
    results = page_of(editor.get(f"/a/{round_.pk}/results/?lang=en"))

    assert "Nobody is asked about “Importance to stakeholders” yet." in results
    assert "not sealed yet" not in results
