"""What python-docx does not write: numbered captions, vector figures, the languages of a theme."""

from copy import deepcopy
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

SVG_TYPE = "image/svg+xml"
_SVG = """\
<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
  <a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">
    <asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"
      xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
      r:embed="{relation}"/>
  </a:ext>
</a:extLst>"""


def number(paragraph: Any, sequence: str, shown: int) -> None:
    """Add the next number of a sequence as a field, which Word counts again when things move.

    :param sequence: "Figure" or "Table": what a list of figures or of tables collects.
    :param shown: the number until Word counts.
    """
    run = paragraph.add_run()
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f"SEQ {sequence} \\* ARABIC")
    result = deepcopy(run._r)
    result.clear_content()
    result.add_t(str(shown))
    field.append(result)
    paragraph._p.append(field)
    paragraph._p.remove(run._r)


def add_vector(document: Any, picture: Any, svg: bytes, at: int) -> None:
    """Put an SVG beside the PNG of a picture: Word 2016 and later draw it, others the PNG."""
    part = Part(PackURI(f"/word/media/figure{at}.svg"), SVG_TYPE, svg, document.part.package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    blip = picture._inline.graphic.graphicData.pic.blipFill.blip
    blip.append(parse_xml(_SVG.format(relation=relation)))


def set_theme_languages(document: Any, language: str) -> None:
    """Name the document's languages; the library's own template says Japanese."""
    settings = document.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        settings.remove(old)
    spoken = OxmlElement("w:themeFontLang")
    spoken.set(qn("w:val"), "en-GB" if not language.startswith("zh") else "en-US")
    spoken.set(qn("w:eastAsia"), "zh-CN")
    following = settings.find(qn("w:clrSchemeMapping"))
    if following is None:
        settings.append(spoken)
    else:
        following.addprevious(spoken)
