"""The code of a letter, typed by hand."""

import pytest

from surveys.models import Intake, Invitation
from tests.builders import make_link, make_survey
from tests.markup import page_of

pytestmark = pytest.mark.django_db


def test_a_code_typed_with_blanks_leads_to_its_link(client):
    token = make_link(make_survey(topics=2), name="Ann")
    typed = " ".join(token[at : at + 4] for at in range(0, len(token), 4))

    answered = client.post("/r/?lang=en", {"code": f" {typed} "})

    assert answered.url == f"/r/{token}/?lang=en"
    assert not Intake.objects.exists()


def test_the_page_asks_for_a_code_and_an_unknown_one_is_told_like_an_unknown_link(client):
    assert "Enter the code of your letter" in page_of(client.get("/r/?lang=en"))

    unknown = client.post("/r/", {"code": "abcd efgh"})

    assert unknown.status_code == 404
    assert unknown.content == client.get("/r/abcdefgh/").content
    assert not Invitation.objects.exists()
