"""A company's own presentation: its master, its layouts, our slides in their placeholders.

Taken are the sheet, the theme and the layouts. Its own slides, comments, properties and whatever
else it names stay behind, so that nothing of them reaches the board by oversight.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PackageNotFoundError
from pptx.oxml.ns import qn
from pptx.util import Mm

from materiality.report.files import harmless
from materiality.report.files.harmless import TemplateError
from materiality.report.files.slides.base import (
    BODIES,
    BODY,
    PAGE,
    TITLES,
    Place,
    Sheet,
    body_of,
    kind_of,
)
from materiality.report.words import say

LEAST_WIDE, LEAST_HIGH = 220.0, 95.0  # millimetres: five rows that the back of a room can read
EXACT = 0.5  # millimetres by which programs round the size of a slide
KEPT_OF_PACKAGE = ("officeDocument", "core-properties")
KEPT_OF_PRESENTATION = (
    *("slideMaster", "notesMaster", "handoutMaster", "theme"),
    *("presProps", "viewProps", "tableStyles", "font"),
)
TAKEN_OUT = ("p:custShowLst", "p:custDataLst", "p:photoAlbum", "p:extLst")
PROPERTIES = (
    *("title", "subject", "author", "keywords", "comments", "last_modified_by", "category"),
    *("content_status", "identifier", "language", "version"),
)


def check(template: bytes, language: str) -> None:
    """Refuse a presentation that the deck could not be written into.

    :raises TemplateError: see `sheet_of`.
    """
    sheet_of(template, language)


def sheet_of(template: bytes, language: str) -> Sheet:
    """Return the empty presentation of this template with the three layouts that the deck uses.

    :raises TemplateError: no presentation, of another size, without a layout that is needed, with
        too little room in it, or with something that runs or is fetched.
    """
    try:
        harmless.refuse(template, language, suffix=".pptx")
        presentation = Presentation(BytesIO(template))
        _check_size(presentation, language)
        sheet = _sheet(presentation, language)
        _empty(presentation)
        return sheet
    except TemplateError:
        raise
    except (*harmless.BROKEN, PackageNotFoundError, TypeError) as error:
        raise TemplateError(say(language, "slides_unreadable")) from error


def _check_size(presentation: Any, language: str) -> None:
    wide, high = (
        length / Mm(1) for length in (presentation.slide_width, presentation.slide_height)
    )
    if abs(wide - PAGE[0]) > EXACT or abs(high - PAGE[1]) > EXACT:
        raise TemplateError(say(language, "slides_size", wide=f"{wide:.1f}", high=f"{high:.1f}"))


def _sheet(presentation: Any, language: str) -> Sheet:
    layouts = {kind: _layout(presentation, kind) for kind in ("title", "obj", "titleOnly")}
    missing = [
        say(language, f"slides_layout_{kind}") for kind, one in layouts.items() if one is None
    ]
    if missing:
        names = say(language, "comma").join(missing)
        raise TemplateError(say(language, "slides_layouts", names=names))
    content: Any = layouts["obj"]
    area = Place.of_shape(body_of(content))
    if area is None or area.w < LEAST_WIDE or area.h < LEAST_HIGH:
        wide, high = (area.w, area.h) if area else (0.0, 0.0)
        raise TemplateError(
            say(
                language,
                "slides_room",
                name=content.name,
                wide=f"{wide:.0f}",
                high=f"{high:.0f}",
                least_wide=f"{LEAST_WIDE:.0f}",
                least_high=f"{LEAST_HIGH:.0f}",
            )
        )
    return Sheet(
        presentation, layouts["title"], content, layouts["titleOnly"], area, _body_size(content)
    )


def _layout(presentation: Any, kind: str) -> Any | None:
    """Return the layout that says it is of this kind; else the first with such placeholders."""
    every = [layout for master in presentation.slide_masters for layout in master.slide_layouts]
    usable = [layout for layout in every if _has_what_it_needs(layout, kind)]
    named = [layout for layout in usable if layout._element.get("type") == kind]
    return next(iter([*named, *usable]), None)


def _has_what_it_needs(layout: Any, kind: str) -> bool:
    kinds = [kind_of(shape) for shape in layout.placeholders]
    titles = [one for one in kinds if one in TITLES]
    bodies = [one for one in kinds if one in BODIES]
    if kind == "titleOnly":
        return len(titles) == 1 and not bodies and PP_PLACEHOLDER.PICTURE not in kinds
    if kind == "title":
        is_opening = layout._element.get("type") == "title" or PP_PLACEHOLDER.SUBTITLE in kinds
        return len(titles) == 1 and len(bodies) >= 1 and is_opening
    return len(titles) == 1 and len(bodies) == 1 and PP_PLACEHOLDER.SUBTITLE not in kinds


def _body_size(layout: Any) -> float:
    """Return the size of the first level of text in points, as the layout or its master has it."""
    own = body_of(layout)._element.iter(qn("a:lvl1pPr"))
    style = layout.slide_master._element.find(qn("p:txStyles"))
    masters = [] if style is None else style.find(qn("p:bodyStyle")).iter(qn("a:lvl1pPr"))
    for level in (*own, *masters):
        run = level.find(qn("a:defRPr"))
        if run is not None and run.get("sz"):
            return int(run.get("sz")) / 100
    return BODY


def _empty(presentation: Any) -> None:
    """Take out slides, and all that is not needed to draw new ones."""
    slides = presentation.slides._sldIdLst
    for slide in list(slides):
        slides.remove(slide)
    for name in TAKEN_OUT:
        for element in presentation._element.findall(qn(name)):
            presentation._element.remove(element)
    _keep_relations(presentation.part.rels, KEPT_OF_PRESENTATION)
    _keep_relations(presentation.part.package._rels, KEPT_OF_PACKAGE)
    core = presentation.core_properties
    for name in PROPERTIES:
        setattr(core, name, "")


def _keep_relations(relations: Any, kinds: tuple[str, ...]) -> None:
    for key in list(_others(relations, kinds)):
        relations.pop(key)


def _others(relations: Any, kinds: tuple[str, ...]) -> Iterator[str]:
    for key, relation in relations.items():
        if relation.reltype.rpartition("/")[2] not in kinds:
            yield key
