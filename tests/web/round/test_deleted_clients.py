"""The end of a client's life: asked for, taken back, carried out, interrupted, and proved."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from materiality import actions
from materiality.actions import deletion as verbs
from materiality.backup import selfcheck
from materiality.backup.making import missing_keys, needed_keys
from materiality.locking import snapshots
from materiality.models import Access, Assessment, Deletion, Event, Warrant
from materiality.selectors.belongings import rows_of, stored_files
from surveys.encryption import keys
from surveys.errors import Conflict
from surveys.models import Membership, Organisation, Survey
from tests.builders import both, make_organisation
from tests.locking.waiting import wait_over
from tests.markup import page_of
from tests.rounds import ask, make_round, make_user, sealed_round
from tests.web.conftest import signed_in

ROOT = Path(__file__).parents[3]


def page(organisation):
    return reverse("materiality:organisation", args=[organisation.pk])


def ask_on_page(assessment, name=None, who="owner"):
    name = name or next(iter(assessment.organisation.name.values()))
    sent = {"act": "delete", "name": name}
    return signed_in(who).post(f"{page(assessment.organisation)}?lang=en", sent, follow=True)


def counted(organisation):
    return {
        table._meta.db_table: rows.count()
        for table, rows in rows_of(organisation.pk).items()
        if rows.exists()
    }


@pytest.fixture
def other(db):
    """Another client of the same site, with a locked round, a file and an open survey."""
    here = make_organisation(name=both("别家公司", "Other Ltd"))
    make_user("other", here)
    round_ = sealed_round(organisation=here)
    actions.attach(assessment=round_, topic=None, name="b.pdf", content=b"Theirs", by=None)
    snapshots.lock(assessment=round_, by=None)
    ask(make_round(organisation=here, year="2031"))
    return here


@pytest.fixture
def whole(assessment):
    """A client with a locked round beside its open one, an open survey, and a job in the queue."""
    here = assessment.organisation
    locked = sealed_round(organisation=here, year="2019")
    snapshots.lock(assessment=locked, by=None)
    survey = ask(make_round(organisation=here, year="2032"))[0]
    from surveys.actions.deliver import deliver_mail

    deliver_mail.enqueue(survey.pk)
    return assessment


def address(username):
    return User.objects.get(username=username).email


def gone(assessment):
    """Ask for it on its page, let the time go by, carry it out; return the request."""
    ask_on_page(assessment)
    wait_over(Deletion.objects.get())
    call_command("delete_organisations")
    return Deletion.objects.get()


# ---- asked for and taken back ----


def test_an_owner_who_types_the_name_asks_and_every_owner_sees_when_it_goes(assessment):
    make_user("second", assessment.organisation)

    said = page_of(ask_on_page(assessment))

    asked = Deletion.objects.get()
    assert asked.organisation == assessment.organisation.pk
    assert timedelta(days=13) < asked.not_before - timezone.now() <= timedelta(days=14)
    assert f"/deleted/{asked.token}/" in said
    assert Organisation.objects.get().is_suspended
    assert "to be deleted after" in page_of(signed_in("second").get("/a/?lang=en"))
    assert Access.objects.filter(subject="deletion asked for", by__username="owner").exists()


def speaks(username, language):
    Membership.objects.filter(user__username=username).update(language=language)


def test_every_owner_is_written_to_in_their_language_and_nobody_else(
    assessment, mailoutbox, django_capture_on_commit_callbacks
):
    make_user("second", assessment.organisation)
    speaks("owner", "en")
    speaks("second", "zh-hans")

    with django_capture_on_commit_callbacks(execute=True):
        ask_on_page(assessment)

    request = Deletion.objects.get()
    first, second = sorted(mailoutbox, key=lambda mail: mail.to)
    assert [first.to, second.to] == [[address("owner")], [address("second")]]
    assert "is to be deleted after" in first.subject
    assert "删除" in second.subject
    assert "deleted" not in second.body.split("http")[0]
    for mail in mailoutbox:
        assert page(assessment.organisation) in mail.body
        assert f"/deleted/{request.token}/" in mail.body
        assert str(timezone.localtime(request.not_before).year) in mail.body


def test_every_owner_is_written_to_when_it_is_taken_back(
    assessment, mailoutbox, django_capture_on_commit_callbacks
):
    make_user("second", assessment.organisation)
    ask_on_page(assessment)

    with django_capture_on_commit_callbacks(execute=True):
        signed_in("second").post(page(assessment.organisation), {"act": "resume"})

    assert sorted(mail.to[0] for mail in mailoutbox) == [address("owner"), address("second")]


def test_nobody_is_written_to_where_nothing_was_asked_for(
    assessment, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        signed_in("owner").post(
            page(assessment.organisation), {"act": "delete", "name": "another name"}
        )

    assert mailoutbox == []


def test_a_mail_server_that_takes_nothing_does_not_keep_it_from_being_asked_for(
    assessment, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(_mail):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        ask_on_page(assessment)

    assert Deletion.objects.exists()


def test_another_name_asks_for_nothing(assessment):
    said = page_of(ask_on_page(assessment, "Weihe"))

    assert "not the organisation’s name" in said
    assert not Deletion.objects.exists()
    assert not Organisation.objects.get().is_suspended


@pytest.mark.parametrize("role", ["editor", "reviewer", "viewer"])
def test_only_an_owner_asks(assessment, role):
    sent = {"act": "delete", "name": next(iter(assessment.organisation.name.values()))}

    assert signed_in(role).post(page(assessment.organisation), sent).status_code == 404
    assert not Deletion.objects.exists()


def test_it_takes_a_recent_sign_in_to_ask(assessment, settings):
    settings.REAUTHENTICATE = True
    person = User.objects.get(username="owner")
    person.set_password("correct horse battery")
    person.save()
    client = signed_in("owner")
    client.force_login(person)
    name = next(iter(assessment.organisation.name.values()))

    said = client.post(page(assessment.organisation), {"act": "delete", "name": name})

    assert said.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not Deletion.objects.exists()


def test_any_owner_takes_it_back_until_it_begins_and_not_after(assessment):
    make_user("second", assessment.organisation)
    ask_on_page(assessment)

    signed_in("second").post(page(assessment.organisation), {"act": "resume"})

    assert not Deletion.objects.exists()
    assert not Organisation.objects.get().is_suspended
    ask_on_page(assessment)
    verbs._begin(wait_over(Deletion.objects.get()))
    said = signed_in("second").post(page(assessment.organisation), {"act": "resume"})
    assert said.status_code == 409
    assert Organisation.objects.get().is_suspended
    with pytest.raises(Conflict):
        actions.ask_deletion(
            organisation=assessment.organisation,
            name=next(iter(assessment.organisation.name.values())),
            by=None,
        )


def test_before_its_time_nothing_is_deleted(assessment, capsys):
    ask_on_page(assessment)
    before = counted(assessment.organisation)

    call_command("delete_organisations")

    assert "goes after" in capsys.readouterr().out
    assert counted(assessment.organisation) == before


# ---- carried out ----


def test_everything_of_it_goes_and_nothing_of_another(whole, other):
    here = whole.organisation
    secret = Survey.objects.filter(organisation=here, sealed_at=None).exclude(key="").first().key
    files = [name for _storage, name in stored_files(here.pk)]
    theirs, their_files = counted(other), [name for _storage, name in stored_files(other.pk)]
    before = counted(here)
    assert len(before) > 20
    assert files
    assert keys.exists(secret)
    cache.set("drawn", "words of theirs")

    ended = gone(whole)

    assert counted(here) == {}
    assert not keys.exists(secret)
    assert not any(default_storage.exists(name) for name in files)
    assert not DBTaskResult.objects.exists()
    assert cache.get("drawn") is None
    assert not Warrant.objects.exists()
    assert not User.objects.filter(username="owner").exists()
    assert ended.ended_at
    assert counted(other) == theirs
    assert all(default_storage.exists(name) for name in their_files)
    assert User.objects.filter(username="other").exists()
    assert Event.objects.filter(assessment__organisation=other).exists()


def test_the_certificate_counts_what_went_and_names_nobody(whole, client):
    here = whole.organisation
    locked = Assessment.objects.get(year="2019")
    digest, before = locked.snapshot.digest, counted(here)
    asker = User.objects.get(username="owner").pk

    ended = gone(whole)

    answered = client.get(reverse("materiality:certificate", args=[ended.token]))
    document = json.loads(answered.content)
    told = document["certificate"]
    assert "attachment" in answered.headers["Content-Disposition"]
    assert [each["digest"] for each in told["locked_documents"]] == [digest]
    rows = dict(told["rows"])
    for table, count in before.items():
        if table != "materiality_access":  # asking was noted after the count
            assert rows[table] >= count, table
    assert told["asked"] == {"at": told["asked"]["at"], "account": asker, "role": "owner"}
    assert told["organisation"] == here.pk
    whole_text = answered.content.decode()
    for word in [*here.name.values(), "owner@example.com", "Owner"]:
        assert f'"{word}' not in whole_text
    shown = page_of(client.get(f"/deleted/{ended.token}/?lang=en"))
    assert digest in shown
    assert str(sum(told["rows"].values())) in shown.replace(",", "")


def test_a_certificate_holds_and_one_that_was_changed_does_not(whole, client, tmp_path, capsys):
    ended = gone(whole)
    path = tmp_path / "certificate.json"
    path.write_bytes(client.get(f"/deleted/{ended.token}/certificate.json").content)

    call_command("verify_certificate", path)

    assert "no row of it is there" in capsys.readouterr().out
    document = json.loads(path.read_text())
    document["certificate"]["files"] = 0
    path.write_text(json.dumps(document))
    with pytest.raises(CommandError, match="not this site's"):
        call_command("verify_certificate", path)
    path.write_text('{"certificate": {"kind": "else"}}')
    with pytest.raises(CommandError, match="not a certificate"):
        call_command("verify_certificate", path)


def test_a_certificate_of_a_site_whose_backup_brought_the_client_back_does_not_hold(
    whole, client, tmp_path
):
    number = whole.organisation.pk
    ended = gone(whole)
    path = tmp_path / "certificate.json"
    path.write_bytes(client.get(f"/deleted/{ended.token}/certificate.json").content)

    Organisation.objects.create(pk=number, name=both("回来了", "Back"), languages=["en"])

    with pytest.raises(CommandError, match="surveys_organisation again"):
        call_command("verify_certificate", path)


def test_its_address_is_found_by_nobody_else_and_says_nothing_before(assessment, client):
    ask_on_page(assessment)
    asked = Deletion.objects.get()

    shown = page_of(client.get(f"/deleted/{asked.token}/?lang=en"))

    assert "It will be deleted after" in shown
    for name in assessment.organisation.name.values():
        assert name not in shown
    assert client.get(f"/deleted/{asked.token}/certificate.json").status_code == 404
    assert client.get("/deleted/guessed/").status_code == 404


def test_an_account_that_belongs_elsewhere_or_runs_the_site_stays(whole, other):
    both_sides = User.objects.get(username="editor")
    Membership.objects.create(user=both_sides, organisation=other, role="owner")
    User.objects.filter(username="viewer").update(is_staff=True)

    ended = gone(whole)

    left = set(User.objects.values_list("username", flat=True))
    assert {"editor", "viewer", "other"} <= left
    assert "owner" not in left
    told = json.loads(ended.certificate)["accounts"]
    assert told["kept"] == 2


def test_who_was_signed_in_is_signed_out(whole):
    client = signed_in("reviewer")
    gone(whole)

    assert client.get("/a/").status_code == 302


# ---- interrupted ----


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["keys", "files", "rows", "account"])
def test_an_interrupted_deletion_is_taken_up_again(whole, other, monkeypatch, step):
    here, theirs = whole.organisation, counted(other)
    ask_on_page(whole)
    wait_over(Deletion.objects.get())
    broken = {
        "keys": (verbs.keys, "destroy"),
        "files": (default_storage.__class__, "delete"),
        "rows": (verbs, "_delete_belongings"),
        "account": (verbs, "_delete_accounts"),
    }[step]

    def stop(*_arguments):
        raise OSError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(*broken, stop)
        with pytest.raises(OSError, match="killed"):
            call_command("delete_organisations")
    assert Deletion.objects.get().begun_at
    assert Warrant.objects.exists()
    assert Organisation.objects.get(pk=here.pk).is_suspended
    assert Client().get("/readyz").content == b"ready"  # for every other client of the site
    assert [line for line in selfcheck.faults() if "is nowhere" in line] == []
    assert not missing_keys(needed_keys())

    call_command("delete_organisations")

    assert counted(here) == {}
    assert counted(other) == theirs
    ended = Deletion.objects.get()
    assert ended.ended_at
    assert json.loads(ended.certificate)["rows"]["materiality_topic"] > 0
    assert bool(ended.swept_at) == (connection.vendor == "sqlite")


def test_a_key_that_could_outlive_it_stops_it_before_anything_is_deleted(whole, settings, tmp_path):
    settings.SURVEY_KEY_COPIES = [str(tmp_path / "not-mounted")]
    ask_on_page(whole)
    wait_over(Deletion.objects.get())
    before = counted(whole.organisation)

    with pytest.raises(CommandError, match="Not all that is due is deleted"):
        call_command("delete_organisations")

    assert counted(whole.organisation) == before
    assert Deletion.objects.get().begun_at is None


def test_one_that_has_to_wait_holds_no_other_up(whole, other, monkeypatch):
    ask_on_page(whole)
    name = next(iter(other.name.values()))
    actions.ask_deletion(organisation=other, name=name, by=None)
    for deletion in Deletion.objects.all():
        wait_over(deletion)
    begin = verbs._begin

    def refuse_the_first(asked):
        if asked.organisation == whole.organisation.pk:
            raise keys.KeyNotDestroyed
        begin(asked)

    monkeypatch.setattr(verbs, "_begin", refuse_the_first)
    with pytest.raises(CommandError, match="Not all that is due is deleted"):
        call_command("delete_organisations")

    assert list(Organisation.objects.all()) == [whole.organisation]


def test_one_whose_files_cannot_be_removed_holds_no_other_up(whole, other, monkeypatch):
    ask_on_page(whole)
    name = next(iter(other.name.values()))
    actions.ask_deletion(organisation=other, name=name, by=None)
    for asked in Deletion.objects.all():
        wait_over(asked)
    kept = {stored for _storage, stored in stored_files(whole.organisation.pk)}
    delete = default_storage.__class__.delete

    def read_only(storage, stored):
        if stored in kept:
            raise PermissionError("read-only")
        delete(storage, stored)

    monkeypatch.setattr(default_storage.__class__, "delete", read_only)

    with pytest.raises(PermissionError, match="read-only"):
        call_command("delete_organisations")

    assert Deletion.objects.get(organisation=other.pk).ended_at
    assert not Deletion.objects.get(organisation=whole.organisation.pk).ended_at


def test_once_it_has_begun_the_page_promises_nobody_to_take_it_back(assessment):
    ask_on_page(assessment)
    asked = wait_over(Deletion.objects.get())
    address = f"{page(assessment.organisation)}?lang=en"
    assert "can resume it" in page_of(signed_in("owner").get(address))  # the control

    verbs._begin(asked)

    shown = page_of(signed_in("owner").get(address))
    assert "nothing can be taken back" in shown
    assert "can resume it" not in shown


@pytest.mark.parametrize("by", ["owner", None])
def test_the_certificate_says_who_asked_also_where_the_account_is_gone_by_then(assessment, by):
    here = assessment.organisation
    asker = User.objects.get(username=by) if by else None
    name = next(iter(here.name.values()))
    asked = actions.ask_deletion(organisation=here, name=name, by=asker)
    Deletion.objects.update(asked_by=None)  # what deleting the account leaves

    wait_over(asked)
    call_command("delete_organisations")

    told = json.loads(Deletion.objects.get().certificate)["asked"]
    assert told["account"] is None
    assert told["role"] == ("owner" if by else "operator")


def test_repeated_it_does_nothing(whole):
    ended = gone(whole)

    call_command("delete_organisations")

    assert Deletion.objects.get().certificate == ended.certificate


# ---- by the operator ----


def test_the_operator_asks_by_number_and_name(assessment, capsys):
    number, name = assessment.organisation.pk, next(iter(assessment.organisation.name.values()))
    with pytest.raises(CommandError, match="Name it: --name"):
        call_command("delete_organisations", ask=number, name="x")
    with pytest.raises(CommandError, match="There is no organisation"):
        call_command("delete_organisations", ask=987654)

    call_command("delete_organisations", ask=number, name=name)

    assert "/deleted/" in capsys.readouterr().out
    assert Deletion.objects.get().asked_by is None


def test_every_kind_of_background_task_is_known():
    from importlib import import_module

    from django_tasks.base import Task

    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for room in ("materiality", "surveys")
        for path in (ROOT / room).rglob("*.py")
        if "@task" in path.read_text()
    ]
    tasks = {
        value.module_path
        for module in modules
        for value in vars(import_module(module)).values()
        if isinstance(value, Task)
    }

    assert tasks == set(verbs.TASKS)
