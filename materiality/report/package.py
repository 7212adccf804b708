"""All files of one round: what the export page offers and `demo-report/` holds."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property

from materiality.report import (
    double,
    double_page,
    note,
    opendata,
    section,
    set_topics,
    slides,
    svg,
    typeset,
    webpage,
    workbook,
)
from materiality.report import problems as incomplete
from materiality.report.archive import packed
from materiality.report.layout import Matrix, Options, compose
from materiality.report.palette import COLOUR, Palette
from materiality.report.template import filled
from materiality.report.text import plain
from materiality.report.words import LANGUAGES, say
from materiality.results import Results

NAMES = (
    "matrix.svg", "matrix.pdf", "matrix.png", "matrix.html", "report.pdf", "section.docx",
    "method.docx", "slides.pptx", "tables.xlsx", "scores.csv", "groups.csv", "dictionary.csv",
    "scores.json",
)  # fmt: skip
DOUBLE = ("double.svg", "double.pdf", "double.png")  # where both sides were asked about
SET_TOPICS = "set_topics.csv"  # where the round uses those of SZSE


def files(
    results: Results,
    language: str,
    options: Options | None = None,
    palette: Palette = COLOUR,
    *,
    names: Sequence[str] = NAMES,
    template: bytes | None = None,
) -> dict[str, bytes]:
    """Return these files of the report in one language, by name.

    :param template: the company's own Word document, to be filled as the section.
    """
    makers = _makers(results, language, options, palette, template)
    return {name: makers[name]() for name in names if name in makers}


def file(
    results: Results,
    language: str,
    name: str,
    options: Options | None = None,
    palette: Palette = COLOUR,
) -> bytes:
    """Return one file of the report.

    :raises KeyError: there is no file of that name.
    """
    return _makers(results, language, options, palette)[name]()


def problems(results: Results, language: str, options: Options | None = None) -> list[str]:
    """Return what is missing in the files of this language, one sentence each."""
    figure = _Figure(results, language, options, COLOUR)
    glyphs = [
        say(
            language,
            "missing_glyph",
            character=text,
            code=" ".join(f"U+{ord(letter):04X}" for letter in text),
        )
        for text in figure.printable.missing
    ]
    return [*incomplete.problems(results, language), *glyphs]


def _makers(
    results: Results,
    language: str,
    options: Options | None,
    palette: Palette,
    template: bytes | None = None,
) -> Mapping[str, Callable[[], bytes]]:
    figure = _Figure(results, language, options, palette)
    moment = moment_of(results)
    second = _second(results, language, options, palette)
    picture = second.png if second else lambda: None
    return {
        **(
            {"double.svg": second.svg, "double.pdf": second.pdf, "double.png": second.png}
            if second
            else {}
        ),
        **(
            {SET_TOPICS: lambda: opendata.set_topics_csv(results, language)}
            if set_topics.are_used(results)
            else {}
        ),
        "matrix.svg": figure.svg,
        "matrix.pdf": figure.pdf,
        "matrix.png": figure.png,
        "matrix.html": lambda: webpage.webpage(results, language, figure.drawn, palette),
        "report.pdf": lambda: _report(figure, second),
        "section.docx": lambda: _section(figure, template, moment, picture()),
        "method.docx": lambda: section.method_note(results, language, moment),
        "slides.pptx": lambda: slides.slides(results, language, moment, palette),
        "tables.xlsx": lambda: workbook.workbook(results, language, moment, palette),
        "scores.csv": lambda: opendata.scores_csv(results, language),
        "groups.csv": lambda: opendata.groups_csv(results, language),
        "dictionary.csv": lambda: opendata.dictionary_csv(results, language),
        "scores.json": lambda: opendata.scores_json(results, language),
    }


def _second(
    results: Results, language: str, options: Options | None, palette: Palette
) -> "_Figure | None":
    """The figure of double materiality, in the size of the first; it has no tails and ellipses."""
    if not double.is_asked(results):
        return None
    plain_options = replace(options or Options(), tails=False, ellipses=False, moved={})
    return _Figure(double.seen_double(results), language, plain_options, palette)


def _report(figure: "_Figure", second: "_Figure | None") -> bytes:
    return double_page.double_page(
        figure.results,
        figure.language,
        figure.matrix,
        figure.drawn,
        moment_of(figure.results),
        figure.palette.tiers,
        (second.matrix, second.drawn) if second else None,
    ).pdf


def _section(
    figure: "_Figure", template: bytes | None, moment: datetime, second: bytes | None
) -> bytes:
    results, language, colours = figure.results, figure.language, figure.palette
    if template is None:
        return section.section(results, language, figure.png(), moment, second, colours)
    return filled(results, language, template, figure.png(), moment, colours)


class _Figure:
    """The matrix, drawn once for the three files that show it."""

    def __init__(
        self, results: Results, language: str, options: Options | None, palette: Palette
    ) -> None:
        self.results, self.language = results, language
        self.options, self.palette = options, palette
        self.stamp = note.stamp(results, language)

    @cached_property
    def matrix(self) -> Matrix:
        return compose(self.results, self.language, self.options)

    @cached_property
    def drawn(self) -> str:
        return svg.printed(self.results, self.matrix, self.palette)

    @cached_property
    def image(self) -> bytes:
        return typeset.png(self.printable, stamp=self.stamp)

    @cached_property
    def printable(self) -> typeset.Printable:
        return typeset.printable(self.drawn)

    def svg(self) -> bytes:
        return self.drawn.encode()

    def pdf(self) -> bytes:
        return typeset.pdf(
            self.printable,
            title=self.matrix.title,
            alt=self.matrix.description,
            language=self.language,
            stamp=self.stamp,
            moment=moment_of(self.results),
        )

    def png(self) -> bytes:
        return self.image


def moment_of(results: Results) -> datetime:
    """Return when the round was locked; drafts are dated to the day their survey closed."""
    for moment in (results.locked_at, results.about.get("closed")):
        if moment:
            found = datetime.fromisoformat(moment)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    return typeset.UNDATED


def zip_archive(
    results: Results,
    languages: Sequence[str] = LANGUAGES,
    options: Mapping[str, Options] | None = None,
    palette: Palette = COLOUR,
    *,
    names: Sequence[str] = NAMES,
    template: bytes | None = None,
    also: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the files of these languages as one ZIP; the same round gives the same bytes.

    :param options: of the figure, by language.
    :param also: more files for the top of the archive, such as the evidence bundle.
    """
    content = dict(also or {})
    for language in languages:
        chosen = (options or {}).get(language)
        made = files(results, language, chosen, palette, names=names, template=template)
        content |= {f"{language}/{name}": data for name, data in made.items()}
    return packed(content)


def zip_name(results: Results, language: str) -> str:
    """Return "company-year-vN.zip", fit for any file system.

    >>> _fit_for_files("A/B: C")
    'A-B-C'
    """
    company = _fit_for_files(note.organisation(results, language)) or "report"
    year = _fit_for_files(plain(results.about["year"]))
    return f"{company}-{year}-v{results.version}.zip"


def _fit_for_files(text: str) -> str:
    return re.sub(r'[\s/\\:*?"<>|.]+', "-", text).strip("-")[:60]
