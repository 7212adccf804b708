"""The matrix as one file for a browser: figure and table, with a small script, nothing loaded.

Its policy allows only the script and the styles that are in the file, by their digests. It is the
file `matrix.html` of a report, and the page that other sites show in a frame.
"""

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.figure.svg import page_figure
from materiality.report.palette import Palette
from materiality.report.sentences import counts, method_steps, naming, note
from materiality.report.signs import HOLLOW, SHAPES
from materiality.report.tables import Cell, Column, Table, shown
from materiality.report.text import number
from materiality.results import Score, TopicResult

HERE = Path(__file__).parent
NUMBER, CATEGORY = 1, 3  # columns of the list of topics


class OtherLanguage(NamedTuple):
    """Where the same page stands in another language."""

    code: str
    name: str
    address: str


def webpage(
    edition: Edition, *, with_groups: bool = True, others: Sequence[OtherLanguage] = ()
) -> bytes:
    """Return the stand-alone page.

    :param with_groups: tell the mean of each unit where one points; not to strangers.
    :param others: the same page in other languages, where it has an address.
    """
    sentences = note.sentences(edition, low=tables.matrix_axis(edition.results).low)
    if not edition.results.is_without_survey:
        sentences.append(edition.say("range_caveat"))  # one sees the ranges where one points
    table = tables.topic_list(edition)
    topics = {
        topic.code: _detail(edition, topic, with_groups=with_groups)
        for topic in edition.results.topics
        if note.is_drawn(topic)
    }
    page = _file("page.html").format(
        head=head(
            edition,
            title=edition.wording("matrix_title"),
            policy=policy(edition.look.palette),
            style=style(edition.look.palette),
        ),
        title=html.escape(edition.wording("matrix_title")),
        organisation=html.escape(edition.organisation),
        year=html.escape(str(edition.results.about["year"])),
        languages=_languages(others),
        warnings="".join(
            f'<p class="warning">{html.escape(warning)}</p>\n'
            for warning in method_steps.warnings(edition)
        ),
        wide=figure_of(edition, "screen", "wide"),
        phone=figure_of(edition, "phone", "phone"),
        hint=html.escape(edition.say("web_hint")),
        list_heading=html.escape(table.heading),
        table=_table(table, _codes_by_number(edition)),
        note=html.escape(note.paragraph(sentences, edition.language)),
        stamp=html.escape(note.stamp(edition)),
        topics=json_within(topics),
        script=_file("page.js"),
    )
    return page.encode()


def head(edition: Edition, *, title: str, policy: str, style: str) -> str:
    """Return how each page that stands alone begins, down to its body.

    :param policy: its Content-Security-Policy, with the digest of `style`.
    """
    return _file("head.html").format(
        language=tag(edition.language),
        policy=policy,
        title=html.escape(title),
        organisation=html.escape(edition.organisation),
        style=style,
    )


def policy(palette: Palette) -> str:
    """Return the Content-Security-Policy of a page in these colours."""
    return policy_of(style(palette), _file("page.js"))


def policy_of(style: str, *scripts: str) -> str:
    """Return the Content-Security-Policy that lets these run in a page, and nothing else."""
    runs = f"script-src {' '.join(map(_digest, scripts))}; " if scripts else ""
    return (
        f"default-src 'none'; {runs}style-src {_digest(style)}; base-uri 'none'; form-action 'none'"
    )


def tag(language: str) -> str:
    return "zh-Hans" if language.startswith("zh") else language


def figure_of(edition: Edition, size: str, name: str) -> str:
    """The matrix in one of two sizes; what is switched on in print is too much for a screen."""
    drawn = edition.drawn(size=size, tails=True, ellipses=True, moved={})
    return page_figure(drawn, name=name)


def _languages(others: Sequence[OtherLanguage]) -> str:
    links = [
        f'<a href="{html.escape(other.address)}" hreflang="{tag(other.code)}" '
        f'lang="{tag(other.code)}">{html.escape(other.name)}</a>'
        for other in others
    ]
    return f'<p class="languages">{" · ".join(links)}</p>' if links else ""


def _detail(edition: Edition, topic: TopicResult, *, with_groups: bool) -> dict[str, Any]:
    """Return what is told of a topic: pairs of label and text, in the order they are shown."""
    lines = [
        (edition.say("tier"), naming.tier_name(edition, topic.tier)),
        (edition.say("category"), tables.category(topic, edition.language)),
    ]
    for axis in "yx":
        score = topic.scores[edition.results.axes[axis]["code"]]
        lines.append((note.axis_title(edition, axis), note.score_with_interval(edition, score)))
        if with_groups:
            lines.extend(_means(edition, score))
    lines.append((edition.say("overall"), number(topic.overall)))
    return {"name": note.topic_name(topic, edition.language), "lines": lines}


def _means(edition: Edition, score: Score) -> Iterable[tuple[str, str]]:
    printable = counts.printable(score)
    for unit in score.units:
        if unit.unit.code in printable:
            name = note.unit_name(unit.unit, edition.language)
            yield f"– {name}", f"{number(unit.mean)} (n = {unit.n})"


def _codes_by_number(edition: Edition) -> dict[str, str]:
    return {str(at): topic.code for at, topic in enumerate(edition.results.topics, 1)}


def _table(table: Table, codes: dict[str, str]) -> str:
    """Return the list of topics; a row that is drawn names its topic to the script."""
    head = "".join(
        f'<th scope="col"{_side(column, at)}>{html.escape(column.heading)}</th>'
        for at, column in enumerate(table.columns)
    )
    rows = "".join(_row(table, row, codes) for row in table.rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"


def _row(table: Table, row: Sequence[Cell], codes: dict[str, str]) -> str:
    code = codes.get(str(row[NUMBER]), "")
    marked = f' data-code="{html.escape(code)}"' if code else ""
    cells = "".join(
        f"<td{_side(column, at)}>{html.escape(shown(row[at], column.form))}</td>"
        for at, column in enumerate(table.columns)
    )
    return f"<tr{marked}>{cells}</tr>\n"


def _side(column: Column, at: int) -> str:
    """Numbers stand at the right; the category makes room on a phone."""
    if at == CATEGORY:
        return ' class="category"'
    return ' class="r"' if column.form in ("score", "whole") else ""


def json_within(value: object) -> str:
    """Return JSON that cannot end the element it stands in."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def style(palette: Palette) -> str:
    colours = {
        **{f"t{at}": palette.signs[shape] for at, shape in enumerate(SHAPES, 1)},
        **{f"b{at}": band for at, band in enumerate(palette.bands, 1)},
        "ink": palette.ink,
        "soft": palette.ink2,
        "line": palette.line,
    }
    named = "".join(f"--{name}:{colour};" for name, colour in colours.items())
    signs = "".join(_sign_style(at, shape) for at, shape in enumerate(SHAPES, 1))
    return f":root{{{named}}}\n{signs}{_file('page.css')}"


def _sign_style(at: int, shape: str) -> str:
    """The lowest tier's sign is hollow, as in print."""
    colour = f"var(--t{at})"
    sign = f"fill:#fff;stroke:{colour}" if shape in HOLLOW else f"fill:{colour}"
    return (
        f".m.{shape}{{{sign}}}.ell.{shape}{{fill:{colour};stroke:{colour}}}"
        f".tail.{shape} path,.tail.{shape} circle{{stroke:{colour}}}\n"
    )


@cache
def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
