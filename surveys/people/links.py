"""Addresses of a survey, from SITE_URL alone, and their QR codes."""

import io

import segno
from django.conf import settings
from django.urls import reverse

from surveys.models import Audience, Invitation

PIXELS = 1000


def absolute(path: str) -> str:
    """Return the address of a path on this site; what a request says of its host is not asked."""
    return str(settings.SITE_URL).rstrip("/") + path


def personal_path(token: str) -> str:
    return reverse("surveys:landing", args=[token])


def personal_link(token: str, language: str = "") -> str:
    """Return somebody's address.

    :param language: what its pages open in, whatever the browser prefers: that of the person.
    """
    return absolute(personal_path(token)) + (f"?lang={language}" if language else "")


def language_of(invitation: Invitation) -> str:
    """Return what a person's link has to name; nothing where the survey has but one language."""
    several = len(invitation.audience.survey.codes) > 1
    return str(invitation.language) if several else ""


def code_page() -> str:
    """Return where the code of a letter is typed."""
    return absolute(reverse("surveys:code"))


def opt_out_link(token: str) -> str:
    return absolute(reverse("surveys:opt_out", args=[token]))


def open_link(audience: Audience) -> str:
    """Return the address anyone may answer at, as this audience."""
    return absolute(reverse("surveys:open_audience", args=[audience.survey.slug, audience.code]))


def qr_svg(address: str) -> str:
    """Return the code as an SVG that scales to its frame; a quarter of it may be damaged."""
    return str(_code(address).svg_inline(omitsize=True, border=4))


def qr_png(address: str) -> bytes:
    """Return the code as a PNG of at least 1000 pixels a side."""
    code = _code(address)
    modules, _height = code.symbol_size(border=4)
    file = io.BytesIO()
    code.save(file, kind="png", scale=-(-PIXELS // modules), border=4)
    return file.getvalue()


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="q")
