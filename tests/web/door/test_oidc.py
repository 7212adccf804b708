"""A company's own sign-in, tried against a provider of OpenID Connect on this machine."""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from materiality.models import Access
from tests.markup import page_of

LOGIN = "/accounts/oidc/company/login/"


class Provider(ThreadingHTTPServer):
    """Says who somebody is, as a company's directory does. `person`: whom it has signed in."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.key = rsa.generate_private_key(65537, 2048)
        self.person = {"sub": "u-1", "email": "anna@example.com", "email_verified": True}
        self.codes = {}
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        sent = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            at = self.server.address
            self.say({
                "issuer": at, "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token", "userinfo_endpoint": f"{at}/userinfo",
                "jwks_uri": f"{at}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            })  # fmt: skip
        elif url.path == "/authorize":
            code = f"code-{len(self.server.codes)}"
            self.server.codes[code] = sent
            back = {"code": code, "state": sent["state"]}
            self.send_response(302)
            self.send_header("Location", f"{sent['redirect_uri']}?{urlencode(back)}")
            self.end_headers()
        elif url.path == "/userinfo":
            self.say(self.server.person)
        else:
            self.send_error(404)

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        asked = self.server.codes.pop(sent["code"][0], None)
        verifier = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if asked is None or challenge != asked["code_challenge"]:
            return self.send_error(400)
        claims = {**self.server.person, "iss": self.server.address, "aud": "materiality"}
        claims |= {"exp": 4_102_444_800, "iat": 1}
        token = jwt.encode(claims, self.server.key, algorithm="RS256")
        return self.say({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def say(self, told):
        content = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words):
        """Say nothing."""


@pytest.fixture
def provider(settings):
    server = Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "company", "name": "Weihe directory",
                    "client_id": "materiality", "secret": "s3cret",
                    "settings": {"server_url": server.address},
                }
            ],
        }
    }  # fmt: skip
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def anna(db):
    return User.objects.create_user("anna@example.com", "anna@example.com")


def come_by_the_company(provider, client=None):
    """Go the whole way: our button, the provider, and back; return the page one ends on."""
    import requests

    client = client or Client()
    asked = client.post(LOGIN)
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(f"{provider.address}/authorize")
    back = requests.get(asked.headers["Location"], allow_redirects=False, timeout=5)
    at = urlsplit(back.headers["Location"])
    return client, client.get(f"{at.path}?{at.query}", follow=True)


def is_in(client) -> bool:
    return client.get("/a/").status_code == 200


def test_whoever_the_company_knows_and_we_let_in_signs_in(provider, anna):
    assert "Weihe directory" in page_of(Client().get(reverse("account_login")))

    client, _page = come_by_the_company(provider)

    assert is_in(client)
    assert SocialAccount.objects.get().user == anna
    assert Access.objects.filter(kind="sign_in", by=anna).count() == 1
    again, _page = come_by_the_company(provider)
    assert is_in(again)
    assert SocialAccount.objects.count() == 1


def test_whoever_we_have_not_let_in_gets_no_account(provider, db):
    client, page = come_by_the_company(provider)

    assert not is_in(client)
    assert page.status_code == 200
    assert not User.objects.exists()


@pytest.mark.parametrize("verified", [False, None])
def test_an_address_the_company_does_not_confirm_opens_nobodys_account(provider, anna, verified):
    provider.person["email_verified"] = verified

    client, _page = come_by_the_company(provider)

    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_a_second_person_with_the_same_address_does_not_take_the_first_ones_link(provider, anna):
    come_by_the_company(provider)
    User.objects.filter(pk=anna.pk).update(email="anna.new@example.com")

    client, _page = come_by_the_company(provider)  # by the number the company gave, not the address

    assert is_in(client)
    provider.person |= {"sub": "u-2"}
    stranger, _page = come_by_the_company(provider)
    assert not is_in(stranger)


def test_whoever_was_shut_out_stays_out(provider, anna):
    come_by_the_company(provider)
    User.objects.filter(pk=anna.pk).update(is_active=False)

    client, _page = come_by_the_company(provider)

    assert not is_in(client)


def test_the_second_factor_is_asked_for_here_too(provider, anna):
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "x"})

    client, page = come_by_the_company(provider)

    assert not is_in(client)
    assert page.redirect_chain[-1][0] == reverse("mfa_authenticate")


def test_an_answer_nobody_asked_for_signs_nobody_in(provider, anna):
    stranger, victim = Client(), Client()
    asked = stranger.post(LOGIN)
    import requests

    back = requests.get(asked.headers["Location"], allow_redirects=False, timeout=5)
    at = urlsplit(back.headers["Location"])

    page = victim.get(f"{at.path}?{at.query}", follow=True)

    assert page.status_code in (401, 403)
    assert not is_in(victim)


def test_without_a_provider_there_is_no_such_door(anna):
    assert Client().post(LOGIN).status_code == 404
    assert "Weihe directory" not in page_of(Client().get(reverse("account_login")))


def test_the_browser_may_be_sent_to_the_provider_and_nowhere_else():
    from tests.project.test_settings import django_says

    environment = {
        "OIDC_URL": "https://id.example.org/realms/a", "OIDC_CLIENT_ID": "m",
        "OIDC_CLIENT_SECRET": "s",
    }  # fmt: skip
    code = (
        "from django.conf import settings;"
        "print(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    )

    said = django_says(code, **environment).stdout
    assert said.strip() == """["'self'", 'https://id.example.org']"""
