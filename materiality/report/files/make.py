"""Make the files that somebody asked for, and keep them with the round."""

import logging

from materiality.actions import fail_package, finish_package, take_package
from materiality.inputs import quotes_of
from materiality.locking.snapshots import results_to_print
from materiality.models import Package
from materiality.report.files import order
from materiality.report.files.harmless import TemplateError
from materiality.selectors.looks import look_of

log = logging.getLogger(__name__)


class ChangedMeanwhile(ValueError):
    """The round or its look is not the one that was asked for."""


def make(pk: int) -> None:
    """Make one package, unless somebody else does or did; say in its row what became of it."""
    package = take_package(pk)
    if package is None:
        return
    try:
        finish_package(package, _make(package))
    except (TemplateError, ChangedMeanwhile) as error:
        fail_package(package, str(error))
    except Exception:
        log.exception("package %s", package.pk)
        fail_package(package, "")


def _make(package: Package) -> bytes:
    look, results = look_of(package.assessment), results_to_print(package.assessment)
    wanted = {name: package.order.get(name, "") for name in ("template", "slides")}
    there = {"template": look.template_digest, "slides": look.slides_digest}
    quotes = quotes_of(package.assessment, look.quotes if package.order.get("quotes") else ())
    if quotes.digest != package.order.get("quotes", ""):
        raise ChangedMeanwhile
    if order.key(results, package.order) != package.key:
        raise ChangedMeanwhile
    if any(digest not in ("", there[name]) for name, digest in wanted.items()):
        raise ChangedMeanwhile
    template = bytes(look.template) if wanted["template"] and look.template else None
    slides = bytes(look.slides) if wanted["slides"] and look.slides else None
    return order.packed(results, package.order, template, slides, quotes)
