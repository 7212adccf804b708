"""A client's life: its mail, its suspension, and everything taken along."""

import json
import re
import zipfile
from hashlib import sha256

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.urls import reverse
from rest_framework.test import APIClient

from materiality import actions
from materiality.actions.drafting import draft_survey
from materiality.archive.organisation import LEFT_OUT, SECRET
from materiality.models import Access
from materiality.selectors.belongings import OURS, rows_of, ways
from surveys.mail.emails import compose, sender_of
from surveys.mail.recipients import is_live, may_write_to, writable
from surveys.models import Invitation, Organisation, Survey
from tests.builders import both, make_organisation
from tests.markup import page_of
from tests.rounds import ask, make_round, make_user, token_of
from tests.web.conftest import signed_in


def page(assessment):
    return reverse("materiality:organisation", args=[assessment.organisation.pk])


def overview(assessment):
    return reverse("materiality:overview", args=[assessment.pk])


# ---- suspended and resumed ----


def test_a_suspended_client_is_open_to_nobody_until_an_owner_resumes_it(assessment):
    owner, editor = signed_in("owner"), signed_in("editor")
    assert editor.get(overview(assessment)).status_code == 200

    said = owner.post(f"{page(assessment)}?lang=en", {"act": "suspend"}, follow=True)

    assert "Suspended" in page_of(said)
    for client in (owner, editor):
        assert client.get(overview(assessment)).status_code == 404
    assert "Suspended" in page_of(owner.get("/a/?lang=en"))
    owner.post(page(assessment), {"act": "resume"})
    assert editor.get(overview(assessment)).status_code == 200


def test_no_token_reaches_a_suspended_client(assessment):
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Token {token_of(User.objects.get(username='owner'))}")
    path = f"/api/v1/assessments/{assessment.pk}/"
    assert program.get(path).status_code == 200

    actions.suspend_organisation(organisation=assessment.organisation, by=None)

    assert program.get(path).status_code == 404
    assert program.get("/api/v1/organisations/").json()["results"] == []


def test_another_client_is_not_touched(assessment):
    make_user("other", make_organisation(name=both("别家公司", "Other Ltd")))
    other = make_round(organisation=Organisation.objects.get(memberships__user__username="other"))

    actions.suspend_organisation(organisation=assessment.organisation, by=None)

    assert signed_in("other").get(overview(other)).status_code == 200


@pytest.mark.parametrize("role", ["editor", "reviewer", "viewer"])
def test_only_an_owner_suspends_or_resumes(assessment, role):
    assert signed_in(role).post(page(assessment), {"act": "suspend"}).status_code == 404
    assert not Organisation.objects.get(pk=assessment.organisation.pk).is_suspended


def test_respondents_of_a_suspended_client_go_on(db, client):
    round_ = make_round()
    survey = ask(round_, open_links=True)[0]

    actions.suspend_organisation(organisation=round_.organisation, by=None)

    assert client.get(f"/s/{survey.slug}/").status_code == 200


def test_suspending_and_resuming_is_in_the_log_of_access_once_each(assessment):
    here, owner = assessment.organisation, User.objects.get(username="owner")
    for _time in range(2):
        actions.suspend_organisation(organisation=here, by=owner)
    actions.resume_organisation(organisation=here, by=owner)

    noted = Access.objects.filter(kind="organisation").order_by("pk")
    assert [each.subject for each in noted] == ["suspended", "resumed"]


# ---- mail ----


@pytest.fixture
def invited(db):
    round_ = make_round()
    ask(round_)
    invitation = Invitation.objects.exclude(email="").first() or Invitation.objects.first()
    Invitation.objects.filter(pk=invitation.pk).update(email="li@example.com", language="en")
    return Invitation.objects.select_related("audience__survey__organisation").get(pk=invitation.pk)


def test_mail_comes_from_the_clients_name_at_the_sites_address_and_answers_go_to_it(
    assessment, settings
):
    settings.DEFAULT_FROM_EMAIL = "The site <site@example.org>"
    sent = {"act": "mail", "sender": "味禾食品", "reply_to": "csr@example.com"}
    assert signed_in("owner").post(page(assessment), sent).status_code == 302
    survey = assessment.surveys.first()
    person = Invitation(
        audience=survey.audiences.first(), email="li@example.com", language="en", name="Li"
    )

    message = compose(person, "invitation", "a" * 24)

    assert message.from_email.endswith("<site@example.org>")
    assert "味禾食品" in str(message.message()["From"]) or "=?utf-8?" in message.from_email
    assert message.reply_to == ["csr@example.com"]


def test_mail_of_a_site_without_a_name_comes_from_the_company(assessment, settings):
    settings.DEFAULT_FROM_EMAIL = "site@example.org"
    organisation = assessment.organisation
    organisation.name = {"zh-hans": "味禾\n食品", "en": "Weihe\nFoods"}

    assert sender_of(organisation, "en") == "Weihe Foods <site@example.org>"
    settings.DEFAULT_FROM_EMAIL = "The site <site@example.org>"
    assert sender_of(organisation, "en") == "The site <site@example.org>"  # control


@pytest.mark.parametrize("sender", ["Weihe\r\nBcc: eve@example.com", "a\nb"])
def test_a_sender_of_two_lines_is_refused(assessment, sender):
    said = signed_in("owner").post(page(assessment), {"act": "mail", "sender": sender})

    assert said.status_code in (200, 302)
    assert "\n" not in Organisation.objects.get(pk=assessment.organisation.pk).sender


def test_held_mail_goes_to_the_test_addresses_alone_and_a_suspended_client_sends_none(db, settings):
    settings.MAIL_IS_LIVE, settings.MAIL_TEST_ADDRESSES = True, ["me@example.com"]
    here = make_organisation()
    assert may_write_to("li@example.com", here)

    here.mail_is_held = True
    assert not may_write_to("li@example.com", here)
    assert may_write_to("me@example.com", here)
    assert not is_live(here)
    actions.suspend_organisation(organisation=here, by=None)
    here.refresh_from_db()
    assert not may_write_to("me@example.com", here)
    assert not writable(Invitation.objects.all(), here).exists()


def test_what_is_not_live_for_the_site_is_not_live_for_a_client(db, settings):
    settings.MAIL_IS_LIVE = False

    assert not is_live(make_organisation())


# ---- addresses that tell nothing ----


def test_the_address_of_a_survey_tells_neither_client_nor_year_nor_question(db):
    round_ = make_round(year="2033")
    drafts = [
        draft_survey(assessment=round_, dimension=dimension, by=None)
        for dimension in round_.dimensions.unasked()
    ]

    assert drafts
    for draft in drafts:
        assert re.fullmatch("[2-9a-hjkmnp-z]{10}", draft.slug)
    assert len({draft.slug for draft in drafts}) == len(drafts)


def test_letting_in_an_address_that_is_known_tells_no_name(assessment):
    User.objects.create_user("rival", "rival@example.com", first_name="Rivalina")
    sent = {"name": "Somebody", "email": "rival@example.com", "role": "viewer"}
    path = reverse("materiality:people", args=[assessment.pk])

    said = page_of(signed_in("owner").post(f"{path}?lang=en", sent))

    assert "rival@example.com" in said
    assert "Rivalina" not in said


# ---- everything taken along ----


@pytest.fixture
def taken(assessment, tmp_path):
    target = tmp_path / "all.zip"
    call_command("export_organisation", assessment.organisation.pk, target)
    return target


def test_everything_is_in_it_and_its_digests_hold(assessment, taken):
    with zipfile.ZipFile(taken) as archive:
        names = archive.namelist()
        sums = dict(
            reversed(line.split("  ")) for line in archive.read("sha256.txt").decode().splitlines()
        )
        assert set(sums) == set(names) - {"sha256.txt"}
        for name, digest in sums.items():
            assert sha256(archive.read(name)).hexdigest() == digest
        topics = json.loads(archive.read("materiality.topic.json"))
        assert {row["code"] for row in topics} == set(
            assessment.topics.values_list("code", flat=True)
        )
        assert any(archive.read(name) == b"Minutes" for name in names if name.startswith("files/"))


def test_no_secret_is_in_it(assessment, taken):
    with zipfile.ZipFile(taken) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode()

    for name in SECRET:
        assert f'"{name}":' not in whole
    hashes = Invitation.objects.exclude(token_hash="").values_list("token_hash", flat=True)
    assert not any(str(each) in whole for each in hashes)


def test_nothing_of_another_client_is_in_it(assessment, taken):
    other = make_round(organisation=make_organisation(name=both("别家公司", "Other Ltd")))

    ours, theirs = rows_of(assessment.organisation.pk), rows_of(other.organisation.pk)

    for model in ours:
        assert not set(ours[model]) & set(theirs[model]), model


def test_every_table_that_leads_to_an_organisation_is_taken_or_named_as_left_out():
    own = {Organisation}
    is_growing = True
    while is_growing:
        is_growing = False
        for app in OURS:
            for model in apps.get_app_config(app).get_models(True):
                leads = any(field.related_model in own for field in model._meta.concrete_fields)
                if leads and model not in own:
                    own.add(model)
                    is_growing = True
    alone = {
        model.__name__
        for app in OURS
        for model in apps.get_app_config(app).get_models(True)
        if model not in own
    }

    assert alone == {"CachedValue", "StoredFile", "FilePart", "Deletion", "Warrant"}
    assert {model.__name__ for model in own} >= LEFT_OUT
    assert set(ways()) == own


def test_a_number_nobody_has_and_a_file_that_is_there_are_refused(assessment, taken):
    with pytest.raises(CommandError, match="There are:"):
        call_command("export_organisation", 987654, taken.with_name("b.zip"))
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_organisation", assessment.organisation.pk, taken)
    assert Survey.objects.exists()
