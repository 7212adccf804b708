"""Several organisations in one installation, their rounds, and what becomes of a round."""

import pytest
from django.utils.timezone import localtime

from materiality import actions
from materiality.locking import snapshots
from materiality.locking.verification import faults_of
from materiality.models import Assessment
from surveys.models import Membership, Organisation, Role, Survey
from tests.builders import both, make_organisation
from tests.rounds import ask, make_round, make_user
from tests.web.ask.asking import last_event
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text

pytestmark = pytest.mark.django_db


def settings_of(round_, **sent):
    return signed_in("owner").post(f"/a/{round_.pk}/settings/?lang=en", sent)


def home(name="owner") -> str:
    return text(signed_in(name).get("/a/?lang=en"))


def test_one_page_shows_each_organisation_with_its_rounds_next_step_and_deadline(round_):
    ask(round_)
    other = make_organisation(name=both("味禾食品", "Weihe Foods"))
    owner = Membership.objects.get(user__username="owner").user
    Membership.objects.create(organisation=other, user=owner, role=Role.VIEWER)
    actions.start_round(organisation=other, year="2031", by=None)

    page = home()

    assert page.index("Example Tech") < page.index("Weihe Foods")
    assert "Collect answers" in page
    assert "Choose topics" in page
    until = localtime(round_.surveys.first().closes_at)
    assert f"{until.day} {until:%B %Y}" in page


def test_who_belongs_to_several_finds_the_way_back_to_the_list_on_every_page(round_):
    link = f'href="/a/#o-{round_.organisation_id}"'
    assert link not in text(signed_in("owner").get(f"/a/{round_.pk}/?lang=en"))

    other = make_organisation(name=both("味禾食品", "Weihe Foods"))
    owner = Membership.objects.get(user__username="owner").user
    Membership.objects.create(organisation=other, user=owner, role=Role.VIEWER)

    assert link in text(signed_in("owner").get(f"/a/{round_.pk}/?lang=en"))


def test_a_second_company_is_not_offered_the_others_round_as_its_previous_one(round_):
    other = make_organisation(name=both("味禾食品", "Weihe Foods"))
    owner = Membership.objects.get(user__username="owner").user
    Membership.objects.create(organisation=other, user=owner, role=Role.OWNER)

    page = signed_in("owner").get(f"/a/new/?organisation={other.pk}")
    assert "previous" not in page.context["form"].fields
    control = signed_in("owner").get(f"/a/new/?organisation={round_.organisation_id}")
    assert control.context["form"].initial["previous"] == round_

    made = signed_in("owner").post("/a/new/", {"organisation": other.pk, "year": "2026"})
    assert made.status_code == 302
    assert other.assessments.get().previous is None


def test_an_owner_makes_an_organisation_and_renames_it(round_):
    client = signed_in("owner")
    sent = {
        "name:zh-hans": "",
        "name:en": "Weihe Foods",
        "contact:zh-hans": "",
        "contact:en": "CSR",
    }

    assert client.post("/a/organisations/new/", sent).status_code == 302
    made = Organisation.objects.get(name={"en": "Weihe Foods"})
    assert made.memberships.get().role == "owner"
    renamed = client.post(f"/a/organisations/{made.pk}/", sent | {"name:en": "Weihe Group"})

    assert renamed.status_code == 302
    made.refresh_from_db()
    assert made.name["en"] == "Weihe Group"


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.VIEWER])
def test_who_owns_none_makes_none_and_renames_none(round_, role):
    client = signed_in(role)
    before = Organisation.objects.count()

    assert client.post("/a/organisations/new/", {"name:en": "X"}).status_code == 403
    path = f"/a/organisations/{round_.organisation_id}/"
    assert client.post(path, {"name:en": "X"}).status_code == 404
    assert Organisation.objects.count() == before


def test_a_round_is_named_and_its_year_corrected(round_):
    sent = {"version": round_.version, "year": "2027", "name:zh-hans": "重评", "name:en": "Review"}

    sent["languages"] = ["zh-hans", "en"]

    assert settings_of(round_, **sent).status_code == 302

    round_.refresh_from_db()
    assert (round_.year, round_.name) == ("2027", both("重评", "Review"))
    assert last_event(round_).before == {"year": "2020", "name": {}}
    assert "Review" in home()


def test_a_locked_round_is_archived_and_comes_back_and_its_record_is_still_whole(locked):
    settings_of(locked, act="archive")
    assert "Archive</summary>" in home()
    stored = Assessment.objects.get(pk=locked.pk)
    assert stored.archived_at is not None
    assert not list(faults_of(stored))

    settings_of(stored, act="unarchive")

    assert "Archive</summary>" not in home()
    assert not list(faults_of(Assessment.objects.get(pk=locked.pk)))


def test_a_draft_is_deleted_with_its_questionnaire_and_the_year_before_can_be_followed_anew(round_):
    second = make_round(year="2021", previous=round_)
    about = second.dimensions.get(code="stakeholder")
    from materiality.actions.drafting import draft_survey

    draft_survey(assessment=second, dimension=about, by=None)

    assert settings_of(second, act="delete").url == "/a/"

    assert signed_in("owner").get(f"/a/{second.pk}/").status_code == 404
    assert not Survey.objects.exists()
    assert not list(faults_of(Assessment.objects.get(pk=second.pk)))
    fresh = Assessment.objects.get(pk=round_.pk)
    assert make_round(year="2021", previous=fresh).previous == fresh


def test_a_published_or_succeeded_round_is_not_deleted(round_):
    make_round(year="2021", previous=round_)
    refused = settings_of(round_, act="delete")
    assert refused.status_code == 409
    assert "Another round succeeds this one" in text(refused)

    third = make_round(year="2022")
    ask(third)
    assert settings_of(third, act="delete").status_code == 409
    assert Assessment.objects.get(pk=third.pk).deleted_at is None


def test_only_an_owner_archives_or_deletes(round_):
    for act in ("archive", "delete"):
        answered = signed_in("editor").post(f"/a/{round_.pk}/settings/", {"act": act})
        assert answered.status_code == 403
    round_.refresh_from_db()
    assert round_.archived_at is None


def test_the_draft_of_a_questionnaire_is_deleted_and_made_anew(round_):
    client = signed_in("editor")
    path = f"/a/{round_.pk}/ask/"
    client.post(path, {"build": "stakeholder"})
    first = round_.surveys.get()

    assert client.post(path, {"discard": first.pk}).status_code == 302

    assert not round_.surveys.exists()
    assert round_.groups.filter(audience=None).count() == round_.groups.count()
    client.post(path, {"build": "stakeholder"})
    assert round_.surveys.get().questions.count() == 4


def test_a_published_questionnaire_is_not_deleted(round_):
    survey = ask(round_)[0]

    refused = signed_in("editor").post(f"/a/{round_.pk}/ask/", {"discard": survey.pk})

    assert refused.status_code == 409
    assert round_.surveys.filter(pk=survey.pk).exists()


def test_a_stranger_sees_none_of_it(round_):
    make_user("stranger", make_organisation(name=both("别家", "Other")))
    assert signed_in("stranger").get(f"/a/{round_.pk}/settings/").status_code == 404
    assert "Example Tech" not in home("stranger")


def test_a_round_locked_before_counts_as_locked_in_the_list(assessment):
    snapshots.lock(assessment=assessment, by=None)
    assert "Locked" in home()
