"""Where a webhook may lead: to the open internet, never into the network the server stands in.

The name is looked up once, every address it has is judged, and the connection goes to the very
address that was judged: a name that answers otherwise the second time (DNS rebinding) gains
nothing. Redirects are not followed and no proxy of the environment is used.
"""

import contextlib
import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from surveys.errors import RuleBroken

SECONDS = 10.0
"""Of a whole delivery, however slowly the other side reads or writes."""
PORTS = {"https": 443, "http": 80}
Address = IPv4Address | IPv6Address


class Unreachable(RuleBroken):
    """An address that a webhook may not have."""

    code = "webhook_address"


@dataclass(frozen=True)
class Reply:
    status: int


def checked(url: str) -> SplitResult:
    """Return the parts of an address.

    :raises Unreachable: no webhook may lead there, whatever its name means.
    """
    parts = urlsplit(url)
    try:
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        has_port = False
    if parts.scheme not in PORTS or not parts.hostname or not has_port:
        raise Unreachable(_("Write an address that begins with https://"))
    if parts.username or parts.password:
        raise Unreachable(_("Leave name and password out of the address: calls are signed."))
    return parts


def address_of(parts: SplitResult) -> Address:
    """Look a name up and return the address to connect to.

    :raises Unreachable: one of its addresses is within a network, or there is none.
    """
    port = parts.port or PORTS[parts.scheme]
    try:
        answers = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(_("No such address on the internet.")) from error
    addresses = [ip_address(str(row[4][0]).partition("%")[0]) for row in answers]
    allowed = [address for address in addresses if _is_allowed(address)]
    outside = [address for address in addresses if _is_outside(address)]
    if parts.scheme != "https" and len(allowed) < len(addresses):
        raise Unreachable(_("Write an address that begins with https://"))
    if not addresses or len(set(allowed) | set(outside)) < len(set(addresses)):
        raise Unreachable(_("This address is within a network, not on the open internet."))
    return addresses[0]


def _is_outside(address: Address) -> bool:
    """Tell whether an address is on the open internet, whatever it is wrapped in."""
    inner: list[Address | None] = [address]
    if isinstance(address, IPv6Address):
        inner += [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in NAT64:
            inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return all(each.is_global and not each.is_multicast for each in inner if each is not None)


NAT64 = ip_network("64:ff9b::/96")


def _is_allowed(address: Address) -> bool:
    """Tell whether whoever runs the site lets webhooks into this network of theirs."""
    return any(address in ip_network(network) for network in settings.WEBHOOK_NETWORKS)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Send a body and return how it was answered; of the answer nothing but the status is read.

    :raises Unreachable: no webhook may lead there.
    :raises OSError, http.client.HTTPException: nobody answered in time, or not in HTTP.
    """
    parts = checked(url)
    port = parts.port or PORTS[parts.scheme]
    with socket.create_connection((str(address_of(parts)), port), timeout=SECONDS) as raw:
        timer = Timer(SECONDS, _hang_up, args=(raw,))
        timer.daemon = True
        timer.start()
        try:
            return _exchange(parts, raw, body, headers)
        finally:
            timer.cancel()


def _hang_up(raw: socket.socket) -> None:
    """End a connection somebody draws out; whoever reads from it is told."""
    with contextlib.suppress(OSError):
        raw.shutdown(socket.SHUT_RDWR)


def _exchange(
    parts: SplitResult, raw: socket.socket, body: bytes, headers: Mapping[str, str]
) -> Reply:
    host = str(parts.hostname)
    connection = http.client.HTTPConnection(host, parts.port or PORTS[parts.scheme])
    connection.default_port = PORTS[parts.scheme]
    connection.sock = raw
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection.sock = context.wrap_socket(raw, server_hostname=host)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection.request("POST", path, body=body, headers=dict(headers))
    return Reply(connection.getresponse().status)
