"""Ask: fixing the wording of a published questionnaire on its page."""

import pytest

from materiality.locking.verification import faults_of
from surveys.models import Role
from tests.markup import page_of
from tests.rounds import STEADY, answer, close_and_seal
from tests.tampering import tamper
from tests.web.ask.asking import last_event, page, sent_form, tab
from tests.web.conftest import signed_in

WORDING = "questionnaire/wording/?text=item:energy&lang=en"


def sent(client, survey, **words):
    return sent_form(client, survey, WORDING) | words


def test_an_editor_words_a_topic_otherwise_and_the_tab_lists_both_versions(
    round_, anonymous, editor
):
    words = {"title:en": "Energy use", "reason": "“Energy” was misread"}

    done = editor.post(tab(anonymous, WORDING), sent(editor, anonymous, **words), follow=True)

    content = page_of(done)
    assert "Version 2 stands for whoever begins now." in content
    assert "<del>Energy</del><br><ins>Energy use</ins>" in content
    assert "“Energy” was misread" in content
    event = last_event(round_)
    assert (event.verb, event.subject, event.by.username) == ("reword", anonymous.slug, "editor")
    assert event.before["texts"][0]["en"] == "Energy"
    assert event.after["texts"][0]["en"] == "Energy use"
    assert event.after["digest"] == anonymous.versions.last().digest
    assert event.reason == "“Energy” was misread"
    round_.refresh_from_db()
    assert list(faults_of(round_)) == []


def test_a_refusal_keeps_what_was_written(anonymous, editor):
    words = sent(editor, anonymous, **{"title:en": "Energy use", "reason": ""})

    refused = editor.post(tab(anonymous, WORDING), words)

    assert refused.status_code == 409
    assert "Say why the wording is fixed" in page_of(refused)
    assert "Energy use" in page_of(refused)
    assert anonymous.versions.count() == 1


def test_somebody_elses_change_since_is_noticed(anonymous, editor):
    first = sent(editor, anonymous, **{"title:en": "Energy use", "reason": "Clearer"})
    second = first | {"title:en": "Energy mix"}
    assert editor.post(tab(anonymous, WORDING), first).status_code == 302

    assert editor.post(tab(anonymous, WORDING), second).status_code == 409
    assert anonymous.versions.count() == 2


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.VIEWER])
def test_who_may_not_edit_sees_the_versions_and_no_form(anonymous, editor, role):
    client = signed_in(role)

    assert 'id="wording"' not in page(client, anonymous, "questionnaire/wording/")
    assert "Versions of the wording" in page(client, anonymous, "questionnaire/")
    assert client.post(tab(anonymous, WORDING), sent(editor, anonymous)).status_code == 403
    assert 'id="wording"' in page(editor, anonymous, "questionnaire/wording/")  # control


def test_answers_per_version_are_told_once_that_is_allowed(anonymous, named, editor):
    answer(anonymous, {"employees": STEADY["employees"]})
    answer(named, {"panel": STEADY["panel"]})
    for survey in (anonymous, named):
        words = sent(editor, survey, **{"title:en": "Energy use", "reason": "Clearer"})
        assert editor.post(tab(survey, WORDING), words).status_code == 302
    cell = '<td class="r">%s</td>'

    assert "is told after the seal" in page(editor, anonymous, "questionnaire/")
    assert cell % "6" not in page(editor, anonymous, "questionnaire/")
    assert cell % "6" in page(editor, named, "questionnaire/")

    close_and_seal(anonymous)
    assert "versions 1, 2 together" in page(editor, anonymous, "questionnaire/")


def test_verify_names_a_questionnaire_whose_words_are_not_those_of_its_version(round_, anonymous):
    round_.refresh_from_db()
    assert list(faults_of(round_)) == []

    tamper("UPDATE surveys_question SET title = '{}' WHERE survey_id = %s", anonymous.pk)

    assert [fault.partition(": ")[2] for fault in faults_of(round_)] == [
        f"{anonymous.slug}: the questionnaire is not the one kept as version 1."
    ]
