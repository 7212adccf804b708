"""Who visits and whether it was by HTTPS: believed from our own proxies, and from nobody else."""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from granian.utils.proxies import wrap_wsgi_with_proxy_headers

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
SCHEMES = ("http", "https")


def believing(application: Application, proxies: Sequence[str]) -> Application:
    """Return the application that takes a visitor's address and scheme from these proxies alone.

    Granian's own wrapper believes a scheme only where an address is told too. A proxy that tells
    the scheme alone would be redirected to HTTPS for ever.

    :param proxies: addresses or networks.
    """
    networks = [ip_network(proxy) for proxy in proxies]
    inner: Application = wrap_wsgi_with_proxy_headers(application, list(proxies))

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        scheme = environ.get("HTTP_X_FORWARDED_PROTO")
        if scheme in SCHEMES and _is_in(environ.get("REMOTE_ADDR", ""), networks):
            environ["wsgi.url_scheme"] = scheme
        # Whom to believe is asked only where somebody is named.
        named = "HTTP_X_FORWARDED_FOR" in environ
        return inner(environ, start_response) if named else application(environ, start_response)

    return wrapped


def _is_in(address: str, networks: Sequence[Any]) -> bool:
    try:
        visitor = ip_address(address)
    except ValueError:
        return False
    return any(visitor in network for network in networks)
