"""Make the two font files that ship with the report: Noto Sans CJK SC, cut to what reports need.

    python -m materiality.report.fonts.subset /usr/share/fonts/opentype/noto

The folder holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc (Debian: fonts-noto-cjk). The
regular weight keeps the hanzi of GBK (21 thousand, with 堃 喆 镕 of personal and place names); the
bold weight, used for headings, keeps those of GB2312. Both keep Latin, Greek, Cyrillic and signs.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

HERE = Path(__file__).parent
SIMPLIFIED_CHINESE = 2  # the place of the SC face in the collection
WEIGHTS = {"Regular": "gbk", "Bold": "gb2312"}
SIGNS = [range(0x20, 0x0590), range(0x1E00, 0x2C00), range(0x3000, 0x3100), range(0xFF00, 0xFFF0)]


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
    """Write one subset beside this file and return its path."""
    font = TTFont(source / f"NotoSansCJK-{weight}.ttc", fontNumber=SIMPLIFIED_CHINESE)
    options = subset.Options(layout_features=["kern", "mark"], hinting=False)
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters(WEIGHTS[weight]))
    cutter.subset(font)
    target = HERE / f"NotoSansCJKsc-{weight}.otf"
    font.save(target)
    return target


if __name__ == "__main__":
    for each in WEIGHTS:
        made = make(Path(sys.argv[1]), each)
        sys.stdout.write(f"{made} {made.stat().st_size} bytes\n")
