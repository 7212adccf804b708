"""What editors see before anybody is asked."""

import re

import pytest

from surveys.models import Intake, Invitation
from surveys.views.preview import preview, preview_numbers
from tests.builders import both, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(db):
    return make_survey(topics=14, publish_it=False).audiences.get()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Agree and start", "Topic 14", "Anything else")),
        ("zh-hans", ("同意并开始", "议题 14", "还有想说")),
    ],
)
def test_every_page_of_a_draft_is_shown_in_either_language(draft, language, words):
    pages = [preview(draft, language, number) for number in preview_numbers(draft)]

    assert len(pages) == 3
    assert all(f'<html lang="{language}">' in page for page in pages)
    assert words[0] in pages[0]
    assert words[1] in pages[1] + pages[2]
    assert words[2] in pages[2]


def test_a_preview_changes_nothing_and_cannot_be_pressed(draft):
    for number in preview_numbers(draft):
        page = preview(draft, "en", number)
        assert "<fieldset disabled>" in page.partition("<form")[0]
        assert all(to.startswith("#") for to in re.findall(r'<a [^>]*href="([^"]*)"', page))
        assert "<script" not in page
    draft.survey.refresh_from_db()

    assert not draft.survey.consent
    assert not Invitation.objects.exists()
    assert not Intake.objects.exists()


def test_a_preview_shows_the_draft_as_it_is_now(draft):
    preview(draft, "en", 1)
    draft.questions.update(title=both("新议题", "New topic"))

    assert "New topic" in preview(draft, "en", 1)


def test_a_number_outside_shows_the_nearest_page(draft):
    assert preview(draft, "en", 99) == preview(draft, "en", 3)
    assert preview(draft, "en", -1) == preview(draft, "en", 0)


def test_a_group_that_is_asked_nothing_has_a_landing_page_too(draft):
    draft.questions.clear()

    assert "Agree and start" in preview(draft, "en", 0)


def test_the_preview_leads_over_the_pages_after_the_ratings():
    survey = make_survey(topics=26, top_three=True, best_worst=True, topic_comments=True)
    audience = survey.audiences.get()

    numbers = preview_numbers(audience)
    shown = [preview(audience, "en", number) for number in numbers]

    assert len(numbers) == 1 + 4 + 1 + 1 + 1
    assert shown[1].count("<details") == 7
    assert shown[5].count('type="checkbox"') == 26
    assert shown[6].count('<fieldset class="set"') == 3
    assert "<textarea" in shown[7]
