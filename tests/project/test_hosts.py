"""Links are made of SITE_URL alone; a host nobody configured is refused (cases 64 and 65)."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from surveys.actions import deliver, mail
from surveys.actions.invite import invite
from surveys.mail import recipients
from surveys.models import Message
from surveys.people.person import Person
from tests.api.test_assessments import client_of
from tests.project.test_settings import django_says
from tests.rounds import ask, make_round, make_user

pytestmark = pytest.mark.django_db
SITE = "https://csr.example.com"
FORGED = (
    "evil.example", "evil.example:443", "csr.example.com.evil.example",
    "csr.example.com@evil.example",
    "evil.example#csr.example.com", "127.0.0.1.evil.example", "[::1].evil.example", "",
    "evil example", "EVIL.example.", "xn--vil-cua.example", "0", "2130706433", "evil.example/",
)  # fmt: skip
FORWARDED = (
    {"X-Forwarded-Host": "evil.example"}, {"X-Host": "evil.example"},
    {"Forwarded": "host=evil.example"}, {"X-Forwarded-Server": "evil.example"},
    {"X-Original-URL": "https://evil.example/"}, {"X-Rewrite-URL": "https://evil.example/"},
    {"X-HTTP-Host-Override": "evil.example"}, {"Origin": "https://evil.example"},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL, settings.MAIL_IS_LIVE = SITE, True


@pytest.fixture
def survey(db):
    return ask(make_round(), open_links=True)[0]


@pytest.fixture
def owner(survey):
    client = Client()
    client.force_login(make_user("owner", survey.organisation))
    return client


@pytest.mark.parametrize("host", FORGED)
def test_a_host_that_nobody_configured_is_refused(client, host):
    assert client.get("/accounts/login/", headers={"host": host}).status_code == 400


def test_the_control_a_configured_host_is_not(client):
    assert client.get("/accounts/login/", headers={"host": "127.0.0.1"}).status_code == 200


PROBED = """
from django.test import Client
for path in ("/healthz", "/readyz", "/accounts/login/", "/healthz/", "/readyz/x"):
    answer = Client().get(path, headers={"host": "10.77.0.21:8001"})
    print(path, answer.status_code, answer.content.decode() if answer.status_code == 200 else "")
answer = Client().post("/readyz", headers={"host": "10.77.0.21"})
print("post", answer.status_code)
print("cookies", len(Client().get("/healthz", headers={"host": "10.77.0.21"}).cookies))
"""


def test_a_proxy_asks_a_host_of_production_by_its_address(tmp_path):
    """HAProxy and a container's health check know no name of the site and speak no TLS."""
    site = {
        "PRODUCTION": "1",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "survey.example.org",
        "DATA": str(tmp_path),
    }
    migrated = "from django.core.management import call_command as c; c('migrate', verbosity=0)"

    answers = django_says(f"{migrated}\n{PROBED}", **site)

    assert answers.stdout.splitlines() == [
        "/healthz 200 ok",
        "/readyz 200 ready",
        "/accounts/login/ 400 ",
        "/healthz/ 400 ",
        "/readyz/x 400 ",
        "post 405",
        "cookies 0",
    ], answers.stderr[-2000:]


def links_of(owner, survey, headers):
    """Every link that is given out: on pages, by program, in a mail."""
    made = survey.assessments.get()
    person = {"name": "Bo", "email": f"bo{len(outbox.outbox)}@example.com", "role": "viewer"}
    api = client_of(owner.get("/a/", headers=headers).wsgi_request.user)
    pages = [
        owner.get(f"/a/{made.pk}/ask/", headers=headers),
        owner.get(f"/a/{made.pk}/ask/{survey.pk}/invitations/", headers=headers),
        owner.post(f"/a/{made.pk}/people/", person, headers=headers),
        api.post(f"/api/v1/surveys/{survey.pk}/links/", {"audience": "customers"}, headers=headers),
    ]
    mail.queue(survey, "invitation", recipients.preview(survey, "invitation").count)
    Message.objects.update(not_before=timezone.now())
    deliver.deliver(survey)
    texts = [page.content.decode() for page in pages] + [sent.body for sent in outbox.outbox]
    return texts, re.findall(r"https?://[\w.:\[\]-]+(?=/(?:r|s|signin|join)/)", "\n".join(texts))


@override_settings(ALLOWED_HOSTS=["*"])
@pytest.mark.parametrize("headers", [{"host": "evil.example"}, *FORWARDED])
def test_every_link_begins_with_the_configured_site(owner, survey, headers):
    """Even where the operator let every host in."""
    invite(survey.audiences.first(), [Person("Ann", "ann@example.com", "en")])

    texts, links = links_of(owner, survey, headers)

    assert "evil" not in "\n".join(texts)
    assert len(links) > 5
    assert set(links) == {SITE}


# ---- where one is sent after signing in ----

AWAY = [
    "//evil.example", "///evil.example", r"\evil.example", r"\\evil.example", r"/\evil.example",
    "https://evil.example/a/", "http:evil.example", "http:///evil.example", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "ftp://evil.example",
    " //evil.example",
    "\t//evil.example", "/\t/evil.example", "\x00//evil.example", "https:evil.example",
    "https:/evil.example", "//evil.example@testserver", "https://testserver@evil.example",
    "https://testserver.evil.example", "https://evil.example#testserver", "//[::1", "http://[",
    "%2f%2fevil.example//", "mailto:a@evil.example", "//evil%E3%80%82example", "//evil。example",
    "https://evil.example?testserver/a/", "//testserver:99@evil.example/", "blob:x",
    "//0x7f.1/", "//2130706433/", "file:///etc/passwd", "ws://evil.example",
    "//evil.example\\@testserver",
    "http://evil.example:80/a/", "tel:1", "\x08//evil.example",
]  # fmt: skip


def lands_on(location: str) -> str:
    """Return the site a browser goes to; to it, a backslash is a slash."""
    there = urlsplit(urljoin(f"{SITE}/accounts/login/", location.replace("\\", "/")))
    return f"{there.scheme}://{there.netloc}"


def signed_in_with(path: str, name: str) -> str:
    cache.clear()  # signing in is limited per network
    user = make_user(name)
    user.set_password("long enough for this")
    user.email = f"{name}@example.com"
    user.save()
    sent = Client().post(
        "/accounts/login/",
        {"login": user.email, "password": "long enough for this", "next": path},
    )
    assert sent.status_code == 302, sent.content.decode()[-2000:]
    return str(sent.headers["Location"])


def test_nobody_is_sent_away_after_signing_in():
    """Case 64. Nothing in the product fetches an address of a user's."""
    assert len(AWAY) >= 40

    went = {path: signed_in_with(path, f"ann{at}") for at, path in enumerate(AWAY)}

    assert [path for path, to in went.items() if lands_on(to) != SITE] == []


def test_the_control_an_address_elsewhere_is_noticed():
    assert lands_on(r"/\evil.example/") == "https://evil.example"


def test_the_control_one_is_sent_to_a_page_of_this_site():
    assert signed_in_with("/a/?lang=en", "ann") == "/a/?lang=en"
