"""Links that are handed over have a button that copies them."""

import pytest

from surveys.people.person import Person
from tests.web.ask.asking import add_people, page, tab

pytestmark = pytest.mark.django_db
COPIES = 'data-copy="Copy"'


def test_open_links_and_the_address_of_a_survey_can_be_copied(anonymous, editor, round_):
    anonymous.audiences.update(open_link=True)

    assert COPIES in page(editor, anonymous, "invitations/")
    assert COPIES in editor.get(f"/a/{round_.pk}/ask/?lang=en").content.decode()
    anonymous.audiences.update(open_link=False)
    assert COPIES not in page(editor, anonymous, "invitations/")  # the control


def test_the_link_of_a_letter_can_be_copied(anonymous, editor):
    add_people(anonymous, Person(name="Li"))

    letters = editor.post(tab(anonymous, "invitations/links/") + "?lang=en", {"kind": "letters"})

    assert "data-copy=" in letters.content.decode()
    assert "copy.js" in letters.content.decode()
