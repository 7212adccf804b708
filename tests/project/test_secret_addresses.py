"""No log holds the secret of an address: not the server's, not the proxy's."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from surveys.people.logs import without_tokens

SECRET = "Zm9v-YmFy_0:1x2y:3z"
NAMES = {"token", "secret", "key"}
OPEN = {
    "a/tokens/<slug:key>/end/": "the first letters of a token, as its list shows them",
    "a/<int:pk>/export/files/<slug:key>/": "a hash of what was chosen; the page asks who one is",
}
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
PROXY = Path("deploy/nginx.conf")


def addresses(patterns=None, above: str = "") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            yield address


def names_in(address: str) -> set[str]:
    return {match[2] or match[3] for match in PARAMETER.finditer(address)}


def path_of(address: str) -> str:
    def value(match: re.Match[str]) -> str:
        return SECRET if (match[2] or match[3]) in NAMES else "1"

    return "/" + re.sub(r"[\^$]", "", PARAMETER.sub(value, address))


SECRETS = [one for one in addresses() if names_in(one) & NAMES and one not in OPEN]


def logged_by_the_proxy(path: str) -> str:
    """Return what the map of `nginx.conf` makes of a path: its first pattern that fits."""
    block = re.search(r"map \$request_uri \$logged_path \{(.*?)\n    \}", PROXY.read_text(), re.S)
    for pattern, value in re.findall(r'"~(\S+)"\s+"(.*)";', block[1]):
        if match := re.search(pattern.replace("(?<", "(?P<"), path):
            return re.sub(r"\$(\w+)", lambda name: match[name[1]] or "", value)
    return path


def test_the_addresses_with_a_secret_are_known():
    begin = {one.split("<")[0].split("(")[0] for one in SECRETS}

    assert {"r/", "join/", "first/", "signin/", "deleted/", "h/", "f/", "bounces/"} <= begin
    assert any("password/reset/key" in one for one in begin)


def test_what_is_open_is_an_address_still():
    assert set(OPEN) <= set(addresses())


@pytest.mark.parametrize("address", SECRETS)
def test_the_servers_log_holds_no_secret(address):
    for line in (path_of(address), f"Bad Request: {path_of(address)}", path_of(address)[1:]):
        assert SECRET not in without_tokens(line)
        assert "3z" not in without_tokens(line)


@pytest.mark.parametrize("address", SECRETS)
def test_the_proxys_log_holds_no_secret(address):
    assert "3z" not in logged_by_the_proxy(path_of(address))
    assert "3z" not in logged_by_the_proxy(path_of(address) + "?lang=en")


def test_the_proxys_log_of_errors_quotes_no_request():
    assert re.search(r"^error_log stderr (crit|alert|emerg);", PROXY.read_text(), re.M)


def test_other_addresses_stay_as_they_are():
    for path in ("/a/5/results/", "/s/spring/privacy/", "/guide/first/", "/accounts/login/"):
        assert without_tokens(path) == path
        assert logged_by_the_proxy(path + "?q=1") == path
