"""Make the files that somebody asked for, and keep them with the round."""

import logging

from materiality.actions import fail_package, finish_package, take_package
from materiality.locking.snapshots import results_to_print
from materiality.models import Package
from materiality.report.files import order
from materiality.report.files.word.template import TemplateError
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
    wanted = package.order.get("template", "")
    if order.key(results, package.order) != package.key or wanted not in ("", look.template_digest):
        raise ChangedMeanwhile
    template = bytes(look.template) if wanted and look.template else None
    return order.packed(results, package.order, template)
