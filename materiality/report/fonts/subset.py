"""Make the font files that ship with the report: Noto Sans CJK SC, cut to what reports need.

    python -m materiality.report.fonts.subset /usr/share/fonts/opentype/noto

The folder holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc (Debian: fonts-noto-cjk). The
regular weight keeps the hanzi of GBK (21 thousand, with 堃 喆 镕 of personal and place names); the
bold weight, used for headings, keeps those of GB2312. Both keep Latin, Greek, Cyrillic and signs.

Chinese sets “ ” ‘ ’ … as wide as a hanzi. English must not, so a small family of its own, Noto Sans
CJK Latin, has their narrow forms and no hanzi; it stands before the other in English documents.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

HERE = Path(__file__).parent
SIMPLIFIED_CHINESE = 2  # the place of the SC face in the collection
WEIGHTS = {"Regular": "gbk", "Bold": "gb2312"}
SIGNS = [range(0x20, 0x0590), range(0x1E00, 0x2C00), range(0x3000, 0x3100), range(0xFF00, 0xFFF0)]
LATIN = [range(0x20, 0x0590), range(0x1E00, 0x2070), range(0x2190, 0x2270)]  # and arrows, ≥
NARROW = {0x2018: "cid00725", 0x2019: "cid00726", 0x201C: "cid00728", 0x201D: "cid00729"}
NARROW |= {0x2026: "cid63163", 0x00B7: "cid00733"}
LATIN_FAMILY = "Noto Sans CJK Latin"


def characters(encoding: str) -> Iterable[int]:
    """Yield the code points of a Chinese double-byte encoding, and all signs."""
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            text = bytes([lead, trail]).decode(encoding, "ignore")
            if len(text) == 1:
                yield ord(text)
    for signs in SIGNS:
        yield from signs


def make(source: Path, weight: str) -> Path:
    """Write one weight of the Chinese family beside this file and return its path."""
    font = _subset(source, weight, characters(WEIGHTS[weight]))
    return _save(font, f"NotoSansCJKsc-{weight}.otf")


def make_latin(source: Path, weight: str) -> Path:
    """Write one weight of the family for English."""
    codes = [code for signs in LATIN for code in signs]
    font = _subset(source, weight, codes, glyphs=list(NARROW.values()))
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update(NARROW)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6, 16):
            name = LATIN_FAMILY if record.nameID != 6 else f"NotoSansCJKLatin-{weight}"
            record.string = name
    font["CFF "].cff.fontNames = [f"NotoSansCJKLatin-{weight}"]
    return _save(font, f"NotoSansCJKLatin-{weight}.otf")


def _subset(source: Path, weight: str, codes: Iterable[int], glyphs: Iterable[str] = ()) -> Any:
    font = TTFont(source / f"NotoSansCJK-{weight}.ttc", fontNumber=SIMPLIFIED_CHINESE)
    options = subset.Options(layout_features=["kern", "mark"], hinting=False)
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes, glyphs=glyphs)
    cutter.subset(font)
    return font


def _save(font: Any, name: str) -> Path:
    font.save(HERE / name)
    return HERE / name


if __name__ == "__main__":
    for each in WEIGHTS:
        for made in (make(Path(sys.argv[1]), each), make_latin(Path(sys.argv[1]), each)):
            sys.stdout.write(f"{made} {made.stat().st_size} bytes\n")
    sys.stdout.write("Now: python -m materiality.report.fonts.widths\n")
