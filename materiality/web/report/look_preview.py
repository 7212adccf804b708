"""How colours and axis titles would look: each colour on its ground, and the figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from materiality.models import Assessment
from materiality.report import palette
from materiality.report.edition import Edition
from materiality.report.figure import svg
from materiality.report.figure.layout import compose
from materiality.report.files import order
from materiality.report.signs import HOLLOW, shape
from materiality.results import Results
from materiality.templatetags.workspace import language


@dataclass(frozen=True)
class Swatch:
    """The colour of one tier on what is behind it.

    :ivar ratio: the contrast, 1 to 21 (WCAG 2.2); None where the colour cannot be read.
    """

    name: str
    shape: str
    colour: str
    ground: str
    ratio: float | None

    @property
    def is_hollow(self) -> bool:
        return self.shape in HOLLOW

    @property
    def is_seen(self) -> bool:
        return self.ratio is not None and self.ratio >= palette.LEAST_CONTRAST


@dataclass(frozen=True)
class LookPreview:
    """What is entered; `figure` is empty where a colour would not be seen, or nothing is known."""

    swatches: Sequence[Swatch]
    figure: SafeString


def preview_of(
    assessment: Assessment,
    results: Results | None,
    *,
    colours: Sequence[str],
    titles: Mapping[str, Mapping[str, str]],
) -> LookPreview:
    """Return how these colours and titles look; no colours mean the usual ones.

    :param titles: by axis and language.
    """
    swatches = [_swatch(assessment, tier, colours) for tier in assessment.tiers]
    if results is None or not all(swatch.is_seen for swatch in swatches):
        return LookPreview(swatches, SafeString())
    wanted: dict[str, Any] = {**order.USUAL, "axis_titles": titles}
    if colours:
        wanted |= {"palette": "company", "colours": list(colours)}
    code = language()
    edition = Edition(order.with_titles(results, wanted), code, order.look(wanted, code))
    drawn = svg.element(compose(edition), order.palette(wanted))
    return LookPreview(swatches, SafeString(drawn))


def _swatch(assessment: Assessment, tier: int, colours: Sequence[str]) -> Swatch:
    tiers = assessment.tier_count
    usual = [palette.COLOUR.signs[shape(at, tiers)] for at in assessment.tiers]
    chosen = list(colours) or usual
    colour, first = chosen[tier - 1], chosen[0]
    known = palette.is_colour(colour)
    behind = palette.ground(tier - 1, first if palette.is_colour(first) else usual[0], tiers=tiers)
    return Swatch(
        assessment.tier_name(tier),
        shape(tier, tiers),
        colour if known else palette.COLOUR.paper,
        behind,
        palette.contrast(colour, behind) if known else None,
    )
