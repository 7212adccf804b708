"""People: what the organisation is called and whom respondents may ask, changed by an owner."""

import io
import zipfile

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from materiality.actions.drafting import draft_survey
from materiality.locking import snapshots
from materiality.locking.verification import faults_of
from materiality.models import Assessment
from surveys.actions.publish import publish
from surveys.models import Organisation, Role, Survey
from tests.builders import both
from tests.markup import page_of
from tests.rounds import make_round
from tests.web.ask.asking import last_event, page, sent_form, tab
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text, url
from tests.web.test_pages import path_of

pytestmark = pytest.mark.django_db
NEW = {
    "name:zh-hans": "新名科技",
    "name:en": "Newname Tech",
    "contact:zh-hans": "办公室 new@example.com",
    "contact:en": "Office, new@example.com",
}


def people(assessment: Assessment) -> str:
    return url(assessment, "people") + "?lang=en"


def save(client: Client, assessment: Assessment, **fields: str):
    version = Assessment.objects.get(pk=assessment.pk).version
    sent = {"organisation": "1", "version": str(version)} | NEW | fields
    return client.post(people(assessment), sent)


def kept() -> tuple[dict, dict]:
    organisation = Organisation.objects.get(name__en__in=["Example Tech", "Newname Tech"])
    return organisation.name, organisation.contact


@pytest.fixture
def draft(round_) -> Survey:
    about = round_.dimensions.get(code="stakeholder")
    return draft_survey(assessment=round_, dimension=about, by=None)


def test_an_owner_changes_name_and_contact_and_every_open_round_tells_of_it(round_, anonymous):
    other = make_round(year="2031")
    before = kept()

    assert save(signed_in("owner"), round_).status_code == 302

    after = both("新名科技", "Newname Tech"), both(NEW["contact:zh-hans"], NEW["contact:en"])
    assert kept() == after
    for each in (round_, other):
        event = last_event(each)
        assert (event.verb, event.by.username) == ("describe_organisation", "owner")
        assert (event.before["name"], event.before["contact"]) == before
        assert (event.after["name"], event.after["contact"]) == after
    assert not list(faults_of(Assessment.objects.get(pk=other.pk)))
    opened = page_of(Client().get(f"/s/{anonymous.slug}/?lang=en"))
    assert "Newname Tech" in opened
    assert "Office, new@example.com" in opened


def test_saving_the_same_words_again_tells_the_log_nothing(round_):
    save(signed_in("owner"), round_)
    number = last_event(round_).number

    assert save(signed_in("owner"), round_).status_code == 302

    assert last_event(round_).number == number


WRONG = {
    "name:en": ("", "“Name” is empty in English. Write it."),
    "contact:zh-hans": ("  ", "“Contact for questions” is empty in 中文. Write it."),
    "name:zh-hans": ("名" * 101, "“Name” is too long in 中文; at most 100 characters."),
    "contact:en": ("a\x00b", "Contact for questions · English: Null characters are not allowed."),
}


@pytest.mark.parametrize("field", WRONG)
def test_what_cannot_be_kept_is_told_in_one_sentence_and_nothing_typed_is_lost(round_, field):
    typed, sentence = WRONG[field]
    before = kept()

    refused = text(save(signed_in("owner"), round_, **{field: typed}))

    assert f'<li><a href="#id_{field}">{sentence}</a></li>' in refused
    assert all(f'value="{said}"' in refused for name, said in NEW.items() if name != field)
    assert typed.strip().replace("\x00", "") in refused.replace("\x00", "")
    assert kept() == before


def test_a_form_cut_short_changes_nothing(round_):
    before = kept()

    answered = signed_in("owner").post(people(round_), {"organisation": "1", **NEW})

    assert answered.status_code == 409
    assert "arrived incomplete" in text(answered)
    assert kept() == before


def test_what_another_owner_saved_meanwhile_is_noticed_also_from_another_round(round_):
    other, client = make_round(year="2031"), signed_in("owner")
    version = str(Assessment.objects.get(pk=round_.pk).version)
    assert save(client, other, **{"name:en": "Example Tech"}).status_code == 302

    late = save(client, round_, version=version)

    assert late.status_code == 409
    assert "Somebody else saved changes" in text(late)
    assert 'value="Newname Tech"' in text(late)
    assert kept()[0]["en"] == "Example Tech"
    taken = str(Assessment.objects.get(pk=round_.pk).version)
    assert f'name="version" value="{taken}"' in text(late)
    assert save(client, round_, version=taken).status_code == 302  # having read of it


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.VIEWER])
def test_who_is_no_owner_reads_the_words_and_is_told_whom_to_ask(round_, role):
    client, before = signed_in(role), kept()

    content = text(client.get(people(round_)))

    assert "CSR office, csr@example.com" in content
    assert "An owner can change these." in content
    assert 'name="organisation"' not in content
    assert save(client, round_).status_code == 403
    assert kept() == before
    assert 'name="organisation"' in text(signed_in("owner").get(people(round_)))  # control


def test_an_owner_is_led_from_what_is_missing_to_the_form_and_others_to_an_owner(round_, draft):
    Organisation.objects.update(contact={})
    address = f"/a/{round_.pk}/people/#organisation"
    lack = "The contact for questions has no text in English."

    owned = page(signed_in("owner"), draft, "questionnaire/")

    assert f'<a href="{address}">{lack}</a>' in owned
    assert 'id="organisation"' in text(signed_in("owner").get(people(round_)))
    for shown in (
        page(signed_in("editor"), draft, "questionnaire/"),
        page_of(signed_in("editor").get(f"/a/{round_.pk}/ask/?lang=en")),
    ):
        assert f"<li>{lack} Ask an owner.</li>" in shown
        assert address not in shown


def test_nothing_printed_of_a_locked_round_changes(assessment, owner):
    snapshots.lock(assessment=assessment, by=None)
    locked = Assessment.objects.get(pk=assessment.pk)
    head = locked.log_head
    following = make_round(year="2021", previous=locked)

    refused = save(owner, locked)
    assert refused.status_code == 409
    assert 'value="Newname Tech"' in text(refused)
    assert kept()[0]["en"] == "Example Tech"
    assert "Change these in a round that is not" in text(owner.get(people(locked)))
    assert save(owner, following).status_code == 302
    assert kept()[0]["en"] == "Newname Tech"

    locked = Assessment.objects.get(pk=locked.pk)
    assert locked.log_head == head
    assert not list(faults_of(locked))
    assert snapshots.results_to_print(locked).about["organisation"]["en"] == "Example Tech"
    assert stamp_of(owner, locked).startswith("Example Tech")
    assert stamp_of(owner, following).startswith("Newname Tech")  # control
    for name in ("results", "changes", "evidence", "export", "index"):
        assert "Newname" not in text(owner.get(url(locked, name), {"lang": "en"})), name
    with zipfile.ZipFile(io.BytesIO(whole(owner.get(path_of("archive", locked))))) as archive:
        assert not [name for name in archive.namelist() if b"Newname" in archive.read(name)]


def stamp_of(client: Client, assessment: Assessment) -> str:
    """Return the line of the content index's workbook that names the organisation."""
    book = client.get(f"/a/{assessment.pk}/index.xlsx?lang=en").content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    return next(str(cell) for row in sheet.to_python() for cell in row if " Tech · " in str(cell))


def whole(answered) -> bytes:
    return b"".join(answered.streaming_content) if answered.streaming else answered.content


def test_a_draft_names_its_groups_and_the_round_names_them_so_too(round_, draft, editor):
    draft.audiences.filter(code="customers").update(name=both("客户", ""))
    lack = "The group customers has no text in English."
    assert lack in page(editor, draft, "questionnaire/")
    key = f"name:{draft.audiences.get(code='customers').pk}"

    saved = editor.post(tab(draft), sent_form(editor, draft, "") | {f"{key}:en": "Buyers"})

    assert saved.status_code == 302
    assert draft.audiences.get(code="customers").name == both("客户", "Buyers")
    assert round_.groups.get(code="customers").name == both("客户", "Buyers")
    said = round_.events.get(verb="set_survey", subject=f"{draft.slug}: customers")
    assert (said.before["name"], said.after["name"]) == (both("客户", ""), both("客户", "Buyers"))
    assert lack not in page(editor, draft, "questionnaire/")


def test_a_group_keeps_a_name_and_a_published_one_its_own(round_, draft, editor):
    customers = draft.audiences.get(code="customers")
    keys = [f"name:{customers.pk}:{language}" for language in ("zh-hans", "en")]
    sent = sent_form(editor, draft, "") | {f"target:{customers.pk}": "41"}

    refused = editor.post(tab(draft) + "?lang=en", sent | dict.fromkeys(keys, " "))

    assert "The group customers has no name. Write it." in text(refused)
    assert 'value="41"' in text(refused)
    assert draft.audiences.get(code="customers").name == customers.name
    publish(draft)
    assert editor.post(tab(draft), sent | {keys[1]: "Buyers"}).status_code == 302
    assert draft.audiences.get(code="customers").name == customers.name
    assert round_.groups.get(code="customers").name == customers.name
