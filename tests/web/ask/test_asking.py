"""Ask: making a questionnaire, changing it, publishing it; what stands from then on."""

import re
from datetime import UTC, datetime

import pytest

from materiality.models import Assessment
from surveys.actions.publish import publish
from surveys.actions.revise import Published, revise, revise_audience
from surveys.models import Invitation, Survey
from tests.markup import page_of
from tests.rounds import ask, make_round
from tests.web.ask.asking import last_event, page, sent_form, tab
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(round_, editor) -> Survey:
    editor.post(f"/a/{round_.pk}/ask/", {"build": "stakeholder"})
    return round_.surveys.get()


def test_one_press_makes_a_questionnaire_that_lacks_nothing_and_another_publishes_it(
    round_, editor, draft
):
    assert draft.audiences.count() == 3
    assert "Nothing is missing." in page(editor, draft, "questionnaire/")

    editor.post(tab(draft, "questionnaire/"), {"publish": "1"})

    draft.refresh_from_db()
    assert draft.published_at
    assert (last_event(round_).verb, last_event(round_).by.username) == ("publish", "editor")


def test_an_address_is_told_where_it_opens_something_and_days_are_those_of_the_site(
    round_, draft, editor
):
    closes = datetime(2030, 3, 1, 23, 30, tzinfo=UTC)  # the second of March in Shanghai
    opens = datetime(2020, 3, 1, tzinfo=UTC)
    Survey.objects.filter(pk=draft.pk).update(opens_at=opens, closes_at=closes)

    def listed() -> str:
        return page_of(editor.get(f"/a/{round_.pk}/ask/?lang=en"))

    assert "2 March 2030" in listed()
    assert f"/s/{draft.slug}/" not in listed()
    assert "Under 5" not in listed()
    publish(draft)
    assert "none: personal links only" in listed()
    draft.audiences.update(open_link=True)
    assert f"/s/{draft.slug}/" in listed()
    assert "Under 5" in listed()  # control


def test_what_is_missing_is_listed_and_publishing_is_refused(draft, editor):
    draft.organisation.contact = {"en": "CSR office"}
    draft.organisation.save()

    assert "The contact for questions has no text in 中文." in page(editor, draft, "questionnaire/")
    assert editor.post(tab(draft, "questionnaire/"), {"publish": "1"}).status_code == 409
    draft.refresh_from_db()
    assert draft.published_at is None


def test_a_dimension_is_asked_about_once(round_, editor, draft):
    assert editor.post(f"/a/{round_.pk}/ask/", {"build": "stakeholder"}).status_code == 404
    assert editor.post(f"/a/{round_.pk}/ask/", {"build": "impact"}).status_code == 302


def test_groups_are_set_and_the_log_tells_before_and_after(round_, draft, editor):
    sent = sent_form(editor, draft, "")
    customers = draft.audiences.get(code="customers")
    sent |= {f"target:{customers.pk}": "40", f"open:{customers.pk}": "on", "minimum": "6"}
    sent.pop(f"asked:{draft.audiences.get(code='employees').pk}:{draft.prompts.get().pk}")

    assert editor.post(tab(draft), sent).status_code == 302

    customers.refresh_from_db()
    assert (customers.target, customers.open_link) == (40, True)
    assert not draft.audiences.get(code="employees").questions.exists()
    assert Assessment.objects.get(pk=round_.pk).minimum_group == 6
    said = round_.events.filter(verb="set_survey", subject__contains="customers").get()
    assert (said.before["target"], said.after["target"]) == (0, 40)
    assert "The group employees is not asked anything." in page(editor, draft, "questionnaire/")


@pytest.mark.parametrize(("minimum", "status"), [("9", 409), ("10", 302), ("11", 302)])
def test_no_draft_lowers_the_minimum_that_a_published_questionnaire_promises(
    round_, editor, minimum, status
):
    first, second = ask(round_)
    Survey.objects.filter(pk=first.pk).update(minimum_group=10)
    Assessment.objects.filter(pk=round_.pk).update(minimum_group=10)
    Survey.objects.filter(pk=second.pk).update(published_at=None)

    answered = editor.post(tab(second), sent_form(editor, second, "") | {"minimum": minimum})

    kept = Assessment.objects.get(pk=round_.pk).minimum_group
    assert (answered.status_code, kept) == (status, max(10, int(minimum)))


def test_a_survey_does_not_stay_open_after_the_day_names_are_erased(anonymous, editor):
    Survey.objects.filter(pk=anonymous.pk).update(keep_until="2097-12-31")
    sent = sent_form(editor, anonymous, "questionnaire/")
    url = tab(anonymous, "questionnaire/") + "?lang=en"

    late = editor.post(url, sent | {"closes_at": "2098-01-01T12:00"})
    in_time = editor.post(url, sent | {"closes_at": "2097-12-31T12:00"})  # control

    assert (late.status_code, in_time.status_code) == (409, 302)
    assert "names are erased after 2097-12-31" in page_of(late)


def test_two_editors_at_once_are_told_and_nothing_typed_is_lost(draft, editor, round_):
    sent = sent_form(editor, draft, "questionnaire/") | {"title:en": "My title"}
    Assessment.objects.filter(pk=round_.pk).update(version=round_.version + 5)

    refused = editor.post(tab(draft, "questionnaire/") + "?lang=en", sent)

    assert refused.status_code == 409
    assert "Somebody else saved changes" in page_of(refused)
    assert 'value="My title"' in page_of(refused)
    draft.refresh_from_db()
    assert draft.title["en"] != "My title"


def test_a_published_questionnaire_stands_but_for_its_end(anonymous, editor):
    content = page(editor, anonymous, "questionnaire/")
    assert re.findall(r'name="(\w+)"', content.split('id="questionnaire"')[1]) == [
        "csrfmiddlewaretoken",
        "version",
        "closes_at",
    ]
    sent = sent_form(editor, anonymous, "questionnaire/")
    sent |= {"closes_at": "2098-01-02T03:04", "title:en": "Another", "mode": "named"}

    assert editor.post(tab(anonymous, "questionnaire/"), sent).status_code == 302

    anonymous.refresh_from_db()
    assert anonymous.closes_at.year == 2098
    assert anonymous.mode == "anonymous"
    assert anonymous.title["en"] != "Another"


@pytest.mark.parametrize("change", [{"mode": "named"}, {"title": {"en": "x"}}, {"page_size": 3}])
def test_the_action_refuses_too_what_the_form_does_not_offer(anonymous, change):
    with pytest.raises(Published):
        revise(anonymous, change)
    with pytest.raises(Published):
        revise_audience(anonymous.audiences.first(), {"you_are": {}}, None)
    with pytest.raises(Published):
        revise_audience(anonymous.audiences.first(), {}, prompts=[])

    Survey.objects.filter(pk=anonymous.pk).update(published_at=None)
    assert revise(anonymous, change)  # control: a draft may change


def test_the_end_of_a_survey_cannot_lie_before_its_opening(anonymous, editor):
    sent = sent_form(editor, anonymous, "questionnaire/") | {"closes_at": "2001-01-01T00:00"}

    refused = editor.post(tab(anonymous, "questionnaire/") + "?lang=en", sent)

    assert refused.status_code == 409
    assert "A survey opens before it closes" in page_of(refused)


def test_closing_writes_the_number_and_the_digest_into_the_log(round_, anonymous, editor):
    editor.post(tab(anonymous, "end/"))

    anonymous.refresh_from_db()
    event = last_event(round_)
    assert (event.verb, event.after["digest"]) == ("seal", anonymous.sealed.digest)


def test_the_preview_may_be_framed_by_the_workspace_and_nothing_else_may(anonymous, editor):
    framed = editor.get(tab(anonymous, "preview/employees/en/1/"))
    around = editor.get(tab(anonymous, "preview/"))

    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert "<fieldset disabled>" in page_of(framed)
    assert around.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in around.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in around.headers["Content-Security-Policy"]


def test_trying_the_survey_makes_a_link_that_never_counts(anonymous, editor):
    opened = editor.post(tab(anonymous, "preview/") + "?group=customers")

    invitation = Invitation.objects.get()
    assert (invitation.source, invitation.audience.code) == ("test", "customers")
    assert editor.get(opened.url).status_code == 200


def test_a_survey_of_another_round_is_not_found_on_any_tab(anonymous, editor):
    other = make_round(year="2031")
    names = ("", "questionnaire/", "preview/", "invitations/", "mail/", "progress/", "quality/")
    for name in names:
        assert editor.get(f"/a/{other.pk}/ask/{anonymous.pk}/{name}").status_code == 404, name
        assert editor.get(tab(anonymous, name)).status_code == 200, name  # control


def test_a_viewer_finds_nothing_to_press(anonymous):
    viewer = signed_in("viewer")
    for name in ("", "questionnaire/", "preview/", "invitations/", "mail/", "quality/"):
        assert 'method="post"' not in page(viewer, anonymous, name).replace(
            'method="post" class="card pad stack" id="questionnaire"', ""
        ).replace('method="post" id="groups"', ""), name
        assert viewer.post(tab(anonymous, name)).status_code == 403


def test_only_who_may_import_is_shown_the_way_there(anonymous, editor):
    assert tab(anonymous, "answers/") in page(editor, anonymous)

    for role in ("reviewer", "viewer"):
        assert tab(anonymous, "answers/") not in page(signed_in(role), anonymous)


def test_head_counts_say_whether_enough_answers_can_be_had(round_, draft, editor):
    group = round_.groups.get(code="customers")
    sent = sent_form(editor, draft, "") | {f"heads:{group.audience_id}": "9"}

    assert editor.post(tab(draft), sent).status_code == 302

    group.refresh_from_db()
    assert group.head_count == 9
    said = round_.events.filter(verb="set_survey", subject__contains="customers").get()
    assert said.after["head_count"] == 9
    assert "at most 3 can be expected" in page(editor, draft, "")
