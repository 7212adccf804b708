"""The landing page on a phone: the button that starts is in sight, whatever link led there."""

import pytest

from surveys.actions.publish import publish
from surveys.models import Mode
from tests.builders import make_link, make_survey
from tests.surveys.views.test_browser import LANGUAGES, PHONE, phone

__all__ = ["phone"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def personal():
    return f"/r/{make_link(make_survey())}/"


def named():
    return f"/r/{make_link(make_survey(mode=Mode.NAMED))}/"


def open_to_all():
    """Six groups to choose from: the longest landing page there is."""
    groups = ("customers", "employees", "suppliers", "investors", "community", "media")
    survey = make_survey(audiences=groups, publish_it=False)
    survey.audiences.update(open_link=True)
    publish(survey)
    return f"/s/{survey.slug}/"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("link", [personal, named, open_to_all])
def test_the_button_that_starts_is_in_sight(phone, transactional_db, link, language):
    page = phone()
    page.goto(f"{link()}?lang={language}")

    box = page.locator("button.btn").bounding_box()

    assert box["y"] >= 0
    assert box["y"] + box["height"] <= PHONE["height"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_agreed_to_can_be_read_before_it_is_agreed_to(phone, transactional_db, language):
    page = phone()
    page.goto(f"{open_to_all()}?lang={language}")
    consent = page.locator(".priv li").last

    consent.scroll_into_view_if_needed()
    bottom = consent.bounding_box()
    bar = page.locator(".go").bounding_box()

    assert bottom["y"] + bottom["height"] <= bar["y"] + 1
