"""Where a webhook may lead: to the open internet, never into the network of the server."""

import contextlib
import datetime
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from materiality.webhooks import guard
from tests.webhooks.receiver import Receiver

WITHIN = (
    "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]", "[fc00::1]",
    "[ff02::1]", "[::ffff:10.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::a00:1]", "[2002:7f00:1::]",
    "[2001:0:7f00:1::]", "0", "127.1", "2130706433", "0x7f.1", "localhost",
)  # fmt: skip


@pytest.mark.parametrize("host", WITHIN)
def test_an_address_within_a_network_is_refused(host):
    with pytest.raises(guard.Unreachable):
        guard.post(f"https://{host}/", b"{}", {})


def test_the_control_an_address_of_the_open_internet_is_not():
    parts = guard.checked("https://93.184.216.34/hook")

    assert str(guard.address_of(parts)) == "93.184.216.34"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
        "https://user:word@example.com/", "https:///nothing", "//example.com/", "https://a:99999/",
    ],
)  # fmt: skip
def test_another_way_than_https_is_refused(url, monkeypatch):
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))]
    monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *_call, **_options: public)

    with pytest.raises(guard.Unreachable):
        guard.address_of(guard.checked(url))


def test_one_of_several_addresses_within_a_network_is_enough_to_refuse(monkeypatch):
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("93.184.216.34", "10.0.0.1")
    ]
    monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *_call, **_options: both)

    with pytest.raises(guard.Unreachable):
        guard.address_of(guard.checked("https://example.com/"))


def test_a_name_that_changes_its_mind_gains_nothing(monkeypatch):
    """DNS rebinding: the address that was judged is the one that is called."""
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
    called = []

    def lookup(*_call, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 443))]

    def connect(address, **_options):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(guard.socket, "getaddrinfo", lookup)
    monkeypatch.setattr(guard.socket, "create_connection", connect)

    with pytest.raises(ConnectionRefusedError):
        guard.post("https://rebinding.example.com/", b"{}", {})

    assert called == [("93.184.216.34", 443)]


def test_networks_that_the_operator_names_may_be_reached(settings):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    receiver = Receiver()

    assert guard.post(receiver.url, b"{}", {"X-A": "1"}).status == 204
    [(path, headers, body)] = receiver.told
    assert (path, body, headers["X-A"]) == ("/hook?x=1", b"{}", "1")
    assert headers["Host"] == receiver.url.split("/")[2]


def test_a_redirect_is_not_followed(settings):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    elsewhere = Receiver()
    receiver = Receiver(302, headers=[("Location", elsewhere.url)])

    assert guard.post(receiver.url, b"{}", {}).status == 302
    assert elsewhere.told == []


def test_a_proxy_of_the_environment_is_not_used(settings, monkeypatch):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")

    assert guard.post(Receiver().url, b"{}", {}).status == 204


def test_who_answers_drop_by_drop_is_hung_up_on(settings, monkeypatch):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    monkeypatch.setattr(guard, "SECONDS", 1.0)
    server = socket.create_server(("127.0.0.1", 0))

    def drip():
        connection, _address = server.accept()
        with connection:
            for letter in b"HTTP/1.1 200 OK" * 100:
                time.sleep(0.2)
                try:
                    connection.sendall(bytes([letter]))
                except OSError:
                    return

    threading.Thread(target=drip, daemon=True).start()
    begun = time.monotonic()

    with server, pytest.raises(Exception):  # noqa: B017, PT011, which one depends on where it is cut off
        guard.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})

    assert time.monotonic() - begun < 10


def test_a_certificate_nobody_vouches_for_is_refused(settings, tmp_path):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed(tmp_path))
    server = socket.create_server(("127.0.0.1", 0))

    def greet():
        connection, _address = server.accept()
        with connection, contextlib.suppress(OSError):
            context.wrap_socket(connection, server_side=True)

    threading.Thread(target=greet, daemon=True).start()

    with server, pytest.raises(ssl.SSLCertVerificationError):
        guard.post(f"https://localhost:{server.getsockname()[1]}/", b"{}", {})


def self_signed(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"
