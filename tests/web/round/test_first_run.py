"""The first day of an installation: a link, and behind it the first account and company."""

import time

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from materiality.actions import start_round
from materiality.project.welcome import welcome
from materiality.web.round.first import first_link
from surveys.models import Membership, Organisation
from tests.builders import both
from tests.markup import page_of
from tests.rounds import make_user

pytestmark = pytest.mark.django_db
TYPED = {
    "languages": ["zh-hans", "en"],
    "company:zh-hans": "味禾食品",
    "company:en": "Weihe Foods",
    "person": "李敏",
    "email": "Li.Min@example.com",
    "password": "a-long-password",
    "contact": "",
}


def path() -> str:
    return first_link().removeprefix("http://127.0.0.1:8000")


def begin(client: Client | None = None, **fields):
    sent = {name: value for name, value in (TYPED | fields).items() if value is not None}
    return (client or Client()).post(path() + "?lang=en", sent)


def test_a_server_without_users_prints_the_link_and_with_users_does_not(capsys, monkeypatch):
    # A server that starts gives its connection back; here it is the test's.
    monkeypatch.setattr("materiality.project.welcome.close_old_connections", lambda: None)
    welcome()
    printed = capsys.readouterr().err.rsplit(" ", 1)[-1].strip()
    assert Client().get(printed).status_code == 200

    make_user("somebody")
    welcome()
    assert capsys.readouterr().err == ""


def test_a_server_without_tables_says_what_to_run(capsys, monkeypatch):
    from django.db import OperationalError

    def no_table(*_args):
        raise OperationalError("no such table: auth_user")

    monkeypatch.setattr("django.db.models.QuerySet.exists", no_table)
    welcome()

    said = capsys.readouterr().err
    assert "no such table: auth_user" in said
    assert "manage.py migrate" in said


def test_the_command_prints_a_link_until_there_is_an_account(capsys):
    call_command("first_owner")
    assert Client().get(capsys.readouterr().out.strip()).status_code == 200

    make_user("somebody")
    with pytest.raises(CommandError, match="accounts already"):
        call_command("first_owner")


def test_one_page_makes_account_company_and_ownership_and_signs_in():
    client = Client()

    answered = begin(client)

    assert answered.url == "/a/new/"
    assert client.get("/a/new/").status_code == 200
    person = User.objects.get()
    assert (person.first_name, person.email) == ("李敏", "li.min@example.com")
    assert person.check_password("a-long-password")
    assert not person.is_staff
    organisation = Organisation.objects.get()
    assert organisation.name == both("味禾食品", "Weihe Foods")
    assert organisation.contact["en"] == "李敏, Li.Min@example.com"
    assert Membership.objects.get().role == "owner"


def test_the_round_starts_with_one_more_click():
    client = Client()
    begin(client)
    form = client.get("/a/new/").context["form"]
    shown = {field.name: field.value() for field in form}

    answered = client.post("/a/new/", shown)

    assert answered.status_code == 302
    assert client.get(answered.url).status_code == 200


@pytest.mark.parametrize(("year", "starts"), [("2025", True), ("2023", False)])
def test_a_new_round_follows_none_of_a_later_year(year, starts):
    client = Client()
    begin(client)
    organisation = Organisation.objects.get()
    last = start_round(organisation=organisation, year="2024", by=None)

    sent = {"year": year, "preset": "classic", "previous": last.pk}
    answered = client.post("/a/new/?lang=en", sent)

    assert (answered.status_code == 302) is starts
    assert starts or "2024 is later than 2023. Choose an earlier round." in page_of(answered)


def test_the_link_is_spent_once_somebody_has_an_account():
    begin()

    second = begin()

    assert second.status_code == 410
    assert "This link is spent" in page_of(second)
    assert User.objects.count() == 1


def test_a_forged_link_opens_nothing():
    assert Client().get("/first/forged/").status_code == 410
    assert Client().post("/first/forged/", TYPED).status_code == 410
    assert not User.objects.exists()


def test_an_english_only_company_needs_no_chinese_name():
    begin(languages=["en"], **{"company:zh-hans": ""})

    assert Organisation.objects.get().name == {"en": "Weihe Foods"}


WRONG = {
    "company:en": ("", "Write the company’s name in English"),
    "password": ("short", "at least 12 characters"),
    "email": ("nobody", "valid email address"),
    "person": ("", "is empty. Fill it in."),
    "languages": (None, "Choose at least one language."),
}


@pytest.mark.parametrize("field", WRONG)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(field):
    typed, sentence = WRONG[field]

    refused = begin(**{field: typed})

    page = page_of(refused)
    assert sentence in page
    assert 'value="味禾食品"' in page
    assert not User.objects.exists()


def test_a_link_is_good_for_a_day_and_the_page_says_where_the_next_one_is(monkeypatch):
    address = path()
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 86_000)
    assert Client().get(address).status_code == 200  # the control

    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 87_000)

    late = Client().get(address + "?lang=en")
    assert late.status_code == 410
    assert "manage.py first_owner" in page_of(late)
