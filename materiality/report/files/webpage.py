"""The matrix as one file for a browser: figure and table at once, Plotly on top, nothing loaded.

Its policy allows only the scripts and styles that are in the file, by their digests.
"""

import base64
import hashlib
import html
import json
from functools import cache
from pathlib import Path

import plotly

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.figure import plotly_figure
from materiality.report.sentences import note
from materiality.report.tables import Column, Table, shown

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
RULES = Path(__file__).parents[2] / "static" / "materiality" / "plotly-global.css"

STYLE = """
body{max-width:1080px;margin:0 auto;padding:24px;color:#182126;background:#fff;
font:400 16px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif}
h1{margin:0 0 16px;font-size:28px;line-height:1.35;color:#0b5a78}figure{margin:0}
figure svg{width:100%;height:auto}#plot{display:none;height:600px}.drawn #plot{display:block}
.drawn #drawing{display:none}table{width:100%;margin-top:24px;border-collapse:collapse;
font-size:14px;line-height:1.45}th{padding:8px;background:#eaf3f6;text-align:left}
td{padding:8px;border-bottom:1px solid #dfe4e6;vertical-align:top}.r{text-align:right;
font-variant-numeric:tabular-nums}p{margin:16px 0 0;color:#53616a;font-size:13px}
"""
DRAW = """
const {data, layout, config} = JSON.parse(document.getElementById('figure').textContent);
Plotly.newPlot('plot', data, layout, config).then(() => {
  document.body.classList.add('drawn');
  Plotly.Plots.resize('plot');
});
"""
PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>{style}</style>
<style id="plotly.js-style-global" class="no-inline-styles">{rules}</style>
</head>
<body>
<h1>{title}</h1>
<figure><div id="drawing">
{drawing}
</div><div id="plot"></div></figure>
{table}
<p>{note}</p>
<p>{stamp}</p>
<script type="application/json" id="figure">{figure}</script>
<script>{plotly}</script>
<script>{draw}</script>
</body>
</html>
"""


def webpage(
    edition: Edition,
    drawing: str,
    *,
    with_groups: bool = True,
) -> bytes:
    """Return the stand-alone page.

    :param drawing: the matrix as SVG, which stands there until Plotly has drawn.
    :param with_groups: tell the mean of each unit where one points.
    """
    figure = plotly_figure.figure(edition, with_groups=with_groups)
    data, layout, config = figure
    content = json.dumps({"data": data, "layout": layout, "config": config}, ensure_ascii=False)
    said = note.sentences(edition, low=tables.matrix_axis(edition.results).low)
    page = PAGE.format(
        language="zh-Hans" if edition.language.startswith("zh") else edition.language,
        policy=policy(),
        title=html.escape(edition.wording("matrix_title")),
        style=STYLE,
        rules=_rules(),
        drawing=drawing.split("?>\n", 1)[-1],
        table=_table(tables.topic_list(edition)),
        note=html.escape(note.paragraph(said, edition.language)),
        stamp=html.escape(note.stamp(edition)),
        figure=content.replace("<", "\\u003c"),
        plotly=_plotly(),
        draw=DRAW,
    )
    return page.encode()


def _table(table: Table) -> str:
    head = "".join(
        f"<th scope=col{_side(column)}>{html.escape(column.heading)}</th>"
        for column in table.columns
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td{_side(column)}>{html.escape(shown(value, column.form))}</td>"
            for value, column in zip(row, table.columns, strict=True)
        )
        + "</tr>\n"
        for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>"


def _side(column: Column) -> str:
    return " class=r" if column.form == "score" else ""


@cache
def _plotly() -> str:
    """Return the installed Plotly so that no text in it can end the script element."""
    return PLOTLY.read_text(encoding="utf-8").replace("</script", "<\\/script")


@cache
def _rules() -> str:
    return RULES.read_text(encoding="utf-8")


@cache
def policy() -> str:
    scripts = " ".join(_digest(text) for text in (_plotly(), DRAW))
    styles = " ".join(_digest(text) for text in (STYLE, _rules()))
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
