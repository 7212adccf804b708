"""Taking files away, as a browser does it."""

import io
import re
import zipfile
from html import unescape

from django.urls import reverse
from django.utils import timezone

from materiality.models import Package
from materiality.tasks import make_package
from tests.markup import page_of

AS_USUAL = {
    "size": "half", "language": "en", "palette": "colour", "labels": "names", "note": "on",
    "boundaries": "on",
}  # fmt: skip


def text(answered) -> str:
    return unescape(page_of(answered))


def at(assessment, name="export", *more) -> str:
    return reverse(f"materiality:{name}", args=[assessment.pk, *more])


def prepared(client, assessment, **chosen):
    """Press the button, let a worker do it, and return the page that then shows the link."""
    client.post(at(assessment), chosen | {"prepare": ""})
    for row in Package.objects.free(timezone.now()):
        make_package.call(row.pk)
    return text(client.get(at(assessment), chosen | {"lang": "en"}))


def packed(client, assessment, **chosen) -> zipfile.ZipFile:
    page = prepared(client, assessment, **chosen)
    link = re.search(r'href="(/a/\d+/export/files/\w+/)"', page)[1]
    return zipfile.ZipFile(io.BytesIO(client.get(link).content))
