"""Every file of a report: its name, the part of an order it belongs to, and its maker.

A new file is one module with a maker, and one line of `FILES`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from materiality.report.edition import Edition, Look
from materiality.report.figure.drawings import Drawings
from materiality.report.files import double_page, markup, opendata, webpage
from materiality.report.files.webpage import register as register_page
from materiality.report.files.word import section, template
from materiality.report.files.workbook import workbook
from materiality.report.files.zips import packed
from materiality.report.sentences import problems as incomplete
from materiality.report.tables import double, register, set_topics
from materiality.report.text import plain
from materiality.results import Results


def _always(results: Results) -> bool:
    return True


def _was_asked(results: Results) -> bool:
    return not results.is_without_survey


@dataclass(frozen=True)
class File:
    """One file of a report.

    :ivar part: of the order, as the export page offers it.
    :ivar make: from an edition whose figures are drawn once, returns the bytes.
    :ivar fits: whether a round has this file at all.
    """

    name: str
    part: str
    make: Callable[[Drawings], bytes]
    fits: Callable[[Results], bool] = _always


def _section(drawn: Drawings) -> bytes:
    """The section, in the company's own document where the look has one."""
    own = drawn.edition.look.template
    if own is None:
        return section.section(drawn)
    return template.fill(drawn, own)


def _slides(drawn: Drawings) -> bytes:
    """Its library is the heaviest, so it is read when slides are made and not by every server."""
    from materiality.report.files.slides import deck

    return deck.slides(drawn)


FILES = (
    File("matrix.svg", "figure", lambda drawn: drawn.main.svg()),
    File("matrix.pdf", "figure", lambda drawn: drawn.main.pdf()),
    File("matrix.png", "figure", lambda drawn: drawn.main.png()),
    File("matrix.html", "figure", lambda drawn: webpage.webpage(drawn.edition)),
    File("double.svg", "figure", lambda drawn: drawn.both_sides.svg(), double.is_asked),
    File("double.pdf", "figure", lambda drawn: drawn.both_sides.pdf(), double.is_asked),
    File("double.png", "figure", lambda drawn: drawn.both_sides.png(), double.is_asked),
    File("heat.svg", "figure", lambda drawn: drawn.heat.svg(), register.is_kept),
    File("heat.pdf", "figure", lambda drawn: drawn.heat.pdf(), register.is_kept),
    File("heat.png", "figure", lambda drawn: drawn.heat.png(), register.is_kept),
    File("chain.svg", "figure", lambda drawn: drawn.chain.svg(), register.is_kept),
    File("chain.pdf", "figure", lambda drawn: drawn.chain.pdf(), register.is_kept),
    File("chain.png", "figure", lambda drawn: drawn.chain.png(), register.is_kept),
    File("register.html", "figure", register_page.webpage, register.is_kept),
    File("report.pdf", "report", double_page.report),
    File("section.docx", "section", _section),
    File("section.md", "section", markup.markdown_section),
    File("section.tex", "section", markup.latex_section),
    File("method.docx", "method", lambda drawn: section.method_note(drawn.edition)),
    File("slides.pptx", "slides", _slides),
    File("tables.xlsx", "tables", lambda drawn: workbook.workbook(drawn)),
    File("scores.csv", "data", lambda drawn: opendata.scores_csv(drawn.edition)),
    File("groups.csv", "data", lambda drawn: opendata.groups_csv(drawn.edition), _was_asked),
    File("dictionary.csv", "data", lambda drawn: opendata.dictionary_csv(drawn.edition)),
    File("clauses.csv", "data", lambda drawn: opendata.clauses_csv(drawn.edition)),
    File("scores.json", "data", lambda drawn: opendata.scores_json(drawn.edition)),
    File(
        "set_topics.csv",
        "data",
        lambda drawn: opendata.set_topics_csv(drawn.edition),
        set_topics.are_used,
    ),
    File("iros.csv", "data", lambda drawn: opendata.iros_csv(drawn.edition), register.is_kept),
    File("iros.json", "data", lambda drawn: opendata.iros_json(drawn.edition), register.is_kept),
)
PARTS = tuple(dict.fromkeys(file.part for file in FILES))
NAMES = tuple(file.name for file in FILES)
_BY_NAME = {file.name: file for file in FILES}


def of_parts(parts: Iterable[str]) -> list[str]:
    """Return the names of the files of these parts."""
    chosen = set(parts)
    return [file.name for file in FILES if file.part in chosen]


def names_of(results: Results) -> list[str]:
    """Return the names of the files that this round has."""
    return [file.name for file in FILES if file.fits(results)]


def files(edition: Edition, names: Sequence[str] = NAMES) -> dict[str, bytes]:
    """Return these files of an edition by name; those that its round does not have are left out."""
    drawn, there = Drawings(edition), names_of(edition.results)
    return {name: _BY_NAME[name].make(drawn) for name in names if name in there}


def file(edition: Edition, name: str) -> bytes:
    """Return one file.

    :raises KeyError: this round has no file of that name.
    """
    return files(edition, [name])[name]


def problems(edition: Edition) -> list[str]:
    """Return what is missing in the files of this edition, one sentence each."""
    glyphs = [
        edition.say(
            "missing_glyph",
            character=text,
            code=" ".join(f"U+{ord(letter):04X}" for letter in text),
        )
        for text in Drawings(edition).main.printable.missing
    ]
    return [*incomplete.problems(edition), *glyphs]


def zip_archive(
    results: Results,
    languages: Sequence[str] = (),
    looks: Mapping[str, Look] | None = None,
    *,
    names: Sequence[str] = NAMES,
    also: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the files of these languages as one ZIP; the same round gives the same bytes.

    :param languages: those of the round, unless others are named.

    :param looks: by language; labels are moved in each by itself.
    :param also: more files for the top of the archive, such as the evidence bundle.
    """
    content = dict(also or {})
    for language in languages or results.languages:
        look = (looks or {}).get(language, Look())
        contents = files(Edition(results, language, look), names)
        content |= {f"{language}/{name}": data for name, data in contents.items()}
    return packed(content)


def zip_name(edition: Edition) -> str:
    """Return "company-year-vN.zip", fit for any file system.

    >>> _fit_for_files("A/B: C")
    'A-B-C'
    """
    company = _fit_for_files(edition.organisation) or "report"
    year = _fit_for_files(plain(edition.results.about["year"]))
    return f"{company}-{year}-v{edition.results.version}.zip"


def _fit_for_files(text: str) -> str:
    return re.sub(r'[\s/\\:*?"<>|.]+', "-", text).strip("-")[:60]
