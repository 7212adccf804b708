"""The register as one file for a browser: both pictures and the tables, without any script."""

import html
from collections.abc import Iterator

from materiality.report.figure.drawings import Drawings, RegisterPicture
from materiality.report.files.webpage.page import head, policy_of
from materiality.report.sentences import method_steps, note
from materiality.report.sentences import register as about_register
from materiality.report.tables import Table, register, shown

STYLE = """\
body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:16px/1.6 system-ui,sans-serif;\
color:#182126;background:#fff}
svg{width:100%;min-width:40rem;height:auto}figure{margin:2rem 0}
figcaption,.stamp{color:#53616a;font-size:.85rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;min-width:40rem;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #c9d1d5}
th{background:#eaf3f6}.r{text-align:right}.warning{font-weight:600;color:#b45f06}
"""
PAGE = """\
{head}<body>
<h1>{title}</h1>
{body}
<p class="stamp">{stamp}</p>
</body>
</html>
"""


def webpage(drawn: Drawings) -> bytes:
    """Return the stand-alone page."""
    edition = drawn.edition
    page = PAGE.format(
        head=head(
            edition,
            title=edition.say("iros"),
            policy=policy_of(STYLE),
            style=STYLE,
        ),
        title=html.escape(f"{edition.organisation} · {edition.say('iros')}"),
        body="\n".join(_parts(drawn)),
        stamp=html.escape(note.stamp(edition)),
    )
    return page.encode()


def _parts(drawn: Drawings) -> Iterator[str]:
    edition = drawn.edition
    for warning in method_steps.warnings(edition):
        yield f'<p class="warning">{html.escape(warning)}</p>'
    about = note.paragraph(about_register.sentences(edition), edition.language)
    yield f"<p>{html.escape(about)}</p>"
    for picture in (drawn.heat, drawn.chain):
        yield _figure(picture)
    for table in (
        register.material(edition),
        register.entries(edition),
        register.topics(edition),
        register.thresholds(edition),
    ):
        if table.rows:
            yield _table(table)


def _figure(picture: RegisterPicture) -> str:
    drawing = picture.drawing.split("?>", 1)[1].strip()
    title = html.escape(picture.title)
    scrolled = f'<div class="scroll" tabindex="0" role="group" aria-label="{title}">{drawing}</div>'
    return f"<figure>{scrolled}<figcaption>{title}</figcaption></figure>"


def _table(table: Table) -> str:
    sides = [' class="r"' if column.is_number else "" for column in table.columns]
    heads = "".join(
        f'<th scope="col"{side}>{html.escape(column.heading)}</th>'
        for column, side in zip(table.columns, sides, strict=True)
    )
    rows = []
    for row in table.rows:
        cells = "".join(
            f"<td{side}>{html.escape(shown(value, column.form))}</td>"
            for value, column, side in zip(row, table.columns, sides, strict=True)
        )
        rows.append(f"<tr>{cells}</tr>")
    heading = html.escape(table.heading)
    body = "\n".join(rows)
    return (
        f"<h2>{heading}</h2>\n"
        f'<div class="scroll" tabindex="0" role="group" aria-label="{heading}">'
        f"<table><thead><tr>{heads}</tr></thead>\n<tbody>{body}</tbody></table></div>"
    )
