"""What each part of the figure looks like: literal colours in print, classes on a page."""

from collections.abc import Mapping
from dataclasses import dataclass

from materiality.report.edition import Edition
from materiality.report.figure.layout import TopicPoint
from materiality.report.palette import Palette
from materiality.report.sentences import naming, note
from materiality.report.signs import HOLLOW
from materiality.report.text import isolated, number

FONTS = (
    "Noto Sans SC, Source Han Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, "
    "Arial, sans-serif"
)
Attributes = Mapping[str, object]


@dataclass(frozen=True)
class PrintInk:
    palette: Palette

    @property
    def roles(self) -> Mapping[str, Attributes]:
        ink, soft, line = self.palette.ink, self.palette.ink2, self.palette.line
        return {
            "frame": {"fill": "none", "stroke": soft},
            "boundary": {"fill": "none", "stroke": soft, "stroke-opacity": 0.55},
            "leader": {"fill": "none", "stroke": soft, "stroke-opacity": 0.7},
            "rule": {"fill": "none", "stroke": line},
            "ring": {"fill": "none", "stroke": soft},
            "text": {"fill": ink},
            "label": {"fill": ink},
            "row": {"fill": ink},
            "heading": {"fill": ink, "font-weight": 700},
            "title": {"fill": ink, "font-weight": 700},
            "tick": {"fill": soft},
            "number": {"fill": soft},
            "note": {"fill": soft},
            "draft": {"fill": line, "fill-opacity": 0.55, "font-weight": 700},
        }

    def __call__(self, role: str) -> Attributes:
        return self.roles[role]

    def zone(self, tier: int, tiers: int) -> Attributes:
        return {"fill": self.palette.bands_of(tiers)[tier - 1]}

    def sign(self, role: str, shape: str) -> Attributes:
        colour, paper = self.palette.signs[shape], self.palette.paper
        if role == "ellipse":
            return {"fill": colour, "fill-opacity": 0.08, "stroke": colour, "stroke-opacity": 0.5}
        if role == "tail":
            return {"fill": paper, "stroke": colour, "stroke-opacity": 0.55}
        return {"fill": paper, "stroke": colour} if shape in HOLLOW else {"fill": colour}

    def point(self, point: TopicPoint) -> Attributes:
        return {"data-code": point.code}

    def region(self, point: TopicPoint) -> Attributes:
        return {}

    @property
    def root(self) -> Attributes:
        return {"font-family": FONTS}

    @property
    def paper(self) -> str:
        return self.palette.paper


ROLES = {"ellipse": "ell", "tail": "tail", "sign": "m"}
BANDS = ("b1", "b2", "b3", "b4")  # the darkest first, as in a palette


def band_class(tier: int, tiers: int) -> str:
    """Return the class of the band behind a tier: of two tiers the one that three begin with.

    >>> band_class(1, 2), band_class(1, 3), band_class(2, 3)
    ('b3', 'b3', 'b4')
    """
    return BANDS[2] if tiers == 2 else BANDS[1 - tiers :][tier - 1]


_CLASSES = {
    "frame": "ax",
    "boundary": "cut",
    "leader": "ld",
    "rule": "hr",
    "ring": "new",
    "text": "",
    "label": "lb",
    "row": "",
    "heading": "axt",
    "title": "axt",
    "tick": "tkt",
    "number": "tkt",
    "note": "tkt",
    "draft": "tkt",
}


@dataclass(frozen=True)
class PageInk:
    edition: Edition

    def __call__(self, role: str) -> Attributes:
        return {"class": _CLASSES[role]} if _CLASSES[role] else {}

    def zone(self, tier: int, tiers: int) -> Attributes:
        return {"class": f"band {band_class(tier, tiers)}"}

    def sign(self, role: str, shape: str) -> Attributes:
        return {"class": f"{ROLES[role]} {shape}"}

    def region(self, point: TopicPoint) -> Attributes:
        return {"data-of": point.code}

    def point(self, point: TopicPoint) -> Attributes:
        return {
            "class": f"pt t{point.marker.tier}",
            "data-code": point.code,
            "tabindex": 0 if point.number == 1 else -1,
            "role": "img",
            "aria-label": self._label(point),
        }

    def _label(self, point: TopicPoint) -> str:
        """Return rank, name, both scores and tier, as a reader of the screen says them."""
        parts = [
            f"{point.number} {isolated(point.name)}",
            f"{note.axis_title(self.edition, 'x')} {number(point.x)}",
            f"{note.axis_title(self.edition, 'y')} {number(point.y)}",
            naming.tier_name(self.edition, point.marker.tier),
        ]
        return note.enumeration(parts, self.edition.language)

    @property
    def root(self) -> Attributes:
        return {"class": "mx"}

    @property
    def paper(self) -> str:
        return ""
