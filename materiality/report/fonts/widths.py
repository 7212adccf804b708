"""Write how wide the characters of the shipped fonts are, in thousandths of an em.

    python -m materiality.report.fonts.widths

Nearly every character is as wide as `usual_width` says; only the others are written.
"""

import json
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from materiality.report.figure.layout.type import WEIGHTS, usual_width

HERE = Path(__file__).parent


def measured(weight: str) -> dict[int, int]:
    """Return the advance width in a shipped font (hmtx), in thousandths of an em."""
    with TTFont(HERE / f"NotoSansCJKsc-{weight}.otf", lazy=True) as font:
        em, widths = font["head"].unitsPerEm, font["hmtx"]
        return {
            code: round(widths[name][0] * 1000 / em) for code, name in font.getBestCmap().items()
        }


def unusual(weight: str) -> dict[int, int]:
    rows = measured(weight).items()
    return {code: width for code, width in rows if width != 1000 * usual_width(chr(code))}


if __name__ == "__main__":
    table = {weight: unusual(weight) for weight in WEIGHTS.values()}
    (HERE / "widths.json").write_text(json.dumps(table, sort_keys=True) + "\n")
