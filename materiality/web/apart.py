"""In words: topics of which the tier and the register’s thresholds say different things."""

from django.utils.translation import gettext as _

from materiality.results import Results
from materiality.results.apart import apart
from surveys.languages import in_language


def sentences(results: Results) -> list[str]:
    """Return a sentence on each way in which they differ, with the topics by name."""
    rows = list(apart(results))
    by_register = [in_language(row.topic.name) for row in rows if row.by_register]
    by_tier = [in_language(row.topic.name) for row in rows if not row.by_register]
    lines = []
    if by_register:
        text = _("Material by the register’s thresholds, not by the tier: %(names)s.")
        lines.append(text % {"names": _(", ").join(by_register)})
    if by_tier:
        text = _("Material by the tier, not by the register’s thresholds: %(names)s.")
        lines.append(text % {"names": _(", ").join(by_tier)})
    return lines
