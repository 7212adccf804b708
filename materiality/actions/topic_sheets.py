"""The list of topics as a spreadsheet: written to be filled in, read as people fill it in."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from materiality import catalogue
from materiality.actions.topic_tables import TEXTS, TopicRow
from materiality.catalogue import Key
from materiality.models import Assessment, Category, Source, Topic
from surveys.languages import CODES, LANGUAGE_NAMES
from surveys.tables.upload import Table
from surveys.tables.words import squash

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "code": {"zh-hans": "编号", "en": "Code"},
    "name": {"zh-hans": "名称", "en": "Name"},
    "definition": {"zh-hans": "定义", "en": "Definition"},
    "example": {"zh-hans": "举例", "en": "Example"},
    "category": {"zh-hans": "类别", "en": "Category"},
    "references": {"zh-hans": "标准条目", "en": "References"},
    "sources": {"zh-hans": "来源", "en": "Sources"},
}
ALSO = {
    "topic": ("name", "en"), "议题": ("name", "zh-hans"), "议题名称": ("name", "zh-hans"),
    "示例": ("example", "zh-hans"), "source": ("sources", ""), "standards": ("references", ""),
    "标准": ("references", ""), "含义": ("definition", "zh-hans"), "维度": ("category", ""),
}  # fmt: skip
SPOKEN = {
    "zh-hans": ("zh-hans", "zh", "中文", "chinese"),
    "en": ("en", "english", "英文", "英语"),
}
LONGEST = {"name": 80, "definition": 400, "example": 400}
WIDTHS = {"code": 22, "name": 26, "definition": 60, "example": 40, "references": 30, "sources": 24}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Place = tuple[str, str]


def workbook(assessment: Assessment, language: str) -> bytes:
    """Return the long list with a column for each text and language, headed in one language."""
    places = _places(assessment)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, bold = book.add_worksheet("topics"), book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for column, (part, code) in enumerate(places):
            sheet.write_string(0, column, _heading(part, code, language), bold)
            sheet.set_column(column, column, WIDTHS.get(part, 14), wrapped)
        for row, topic in enumerate(assessment.topics.all(), start=1):
            for column, (part, code) in enumerate(places):
                sheet.write_string(row, column, _cell(topic, part, code, language))
        sheet.freeze_panes(1, 0)
    return target.getvalue()


def _places(assessment: Assessment) -> list[Place]:
    texts = [(part, code) for part in TEXTS for code in assessment.languages]
    return [("code", ""), *texts, ("category", ""), ("references", ""), ("sources", "")]


def _heading(part: str, code: str, language: str) -> str:
    heading = HEADINGS[part][language]
    return f"{heading} · {LANGUAGE_NAMES[code]}" if code else heading


def _cell(topic: Topic, part: str, code: str, language: str) -> str:
    if code:
        return str(getattr(topic, part).get(code, ""))
    if part == "references":
        return "; ".join(catalogue.spelling((k[0], k[1], k[2])) for k in topic.references)
    with override(language):
        if part == "category":
            return str(topic.get_category_display())
        if part == "sources":
            return "; ".join(str(Source(one).label) for one in topic.sources)
    return topic.code


def read_topics(table: Table, assessment: Assessment) -> list[TopicRow]:
    """Return what a table says of topics; one that is on the list is known by code or name.

    :raises ValidationError: a sentence for each row that cannot be used; nothing of it is.
    """
    places = _columns(table.header, assessment.languages)
    known = _codes_by_name(assessment)
    rows, faults = [], []
    for number, cells in enumerate(table.rows, start=table.first):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            rows.append(_row(cells, places, known))
        except ValidationError as error:
            values = {"number": number, "faults": " ".join(error.messages)}
            faults.append(_("Row %(number)d: %(faults)s") % values)
    faults += _twice(rows)
    if faults:
        raise ValidationError(faults)
    return rows


def known_headings() -> frozenset[str]:
    """Return what may stand over such a table, squashed."""
    headings = [word for words in HEADINGS.values() for word in words.values()]
    spoken = [name for names in SPOKEN.values() for name in (*names, *LANGUAGE_NAMES.values())]
    both = [f"{heading} {tongue}" for heading in (*headings, *ALSO) for tongue in spoken]
    return frozenset(map(squash, (*headings, *ALSO, *both))) - {""}


def listed_names(assessment: Assessment) -> frozenset[str]:
    """Return codes and names of the topics that are listed, squashed."""
    return frozenset(map(squash, _codes_by_name(assessment))) - known_headings() - {""}


def _columns(header: Sequence[str], languages: Sequence[str]) -> dict[int, Place]:
    columns: dict[int, Place] = {}
    for at, heading in enumerate(header):
        place = _place(heading, languages)
        if place and place not in columns.values() and (not place[1] or place[1] in languages):
            columns[at] = place
    if not any(part in ("code", "name") for part, _code in columns.values()):
        raise ValidationError(
            _("No column is headed “Name” or “名称”. Headings found: %(found)s.")
            % {"found": _(", ").join(filter(None, header)) or "–"}
        )
    return columns


def _place(heading: str, languages: Sequence[str]) -> Place | None:
    """Return what a heading names: “Name · English”, “定义（中文）”, “Category”."""
    words = [word for word in re.split(r"[\s·:：()（）_\-/]+", heading.strip().lower()) if word]
    if not words:
        return None
    named = {word: (part, code) for part, of in HEADINGS.items() for code, word in _lower(of)}
    part, code = (named | ALSO).get(words[0], ("", ""))
    if part not in TEXTS:
        return (part, "") if part else None
    spoken = [one for one, names in SPOKEN.items() if set(names) & set(words[1:])]
    if len(languages) == 1 and not spoken:
        return part, languages[0]
    return part, spoken[0] if spoken else code


def _lower(of: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return [(code, word.lower()) for code, word in of.items()]


def _codes_by_name(assessment: Assessment) -> dict[str, str]:
    """Return code by code and by name, in each language, of what is on the list."""
    topics = assessment.topics.all()
    names = {name: topic.code for topic in topics for name in topic.name.values() if name}
    return names | {topic.code: topic.code for topic in topics}


def _row(cells: Sequence[str], places: Mapping[int, Place], known: Mapping[str, str]) -> TopicRow:
    values = {place: cells[at].strip() for at, place in places.items()}
    names = [values[place] for place in values if place[0] == "name" and values[place]]
    code = values.get(("code", ""), "")
    if code and code not in known:
        raise ValidationError(
            _("“%(code)s” is the code of no topic. Leave it empty to add one.") % {"code": code}
        )
    meaning = known.get(code) or next((known[name] for name in names if name in known), "")
    if not meaning and not names:
        raise ValidationError(_("The topic has no name."))
    return TopicRow(meaning, _fields(values))


def _fields(texts: Mapping[Place, str]) -> dict[str, Any]:
    """Return the fields that are filled in; an empty cell says nothing."""
    fields: dict[str, Any] = {}
    for (part, code), value in texts.items():
        if not value or part == "code":
            continue
        if part in TEXTS:
            _require_short(part, value)
            fields.setdefault(part, {})[code] = value
        elif part == "category":
            fields[part] = choice_named(value, Category)
        elif part == "references":
            fields[part] = [list(known_key(one)) for one in written_codes(value)]
        else:
            chosen = [choice_named(one, Source) for one in written_codes(value)]
            fields[part] = list(dict.fromkeys(chosen))
    return fields


def _require_short(part: str, value: str) -> None:
    if len(value) > LONGEST[part]:
        values = {"what": value[:20], "most": LONGEST[part], "found": len(value)}
        raise ValidationError(_("“%(what)s…” has %(found)d characters; at most %(most)d.") % values)


def choice_named(value: str, kinds: Any) -> str:
    """Return the code of a choice, named by code or by label in any language."""
    labels: dict[str, str] = {}
    for language in CODES:
        with override(language):
            labels |= {str(kind.label).lower(): kind.value for kind in kinds}
    labels |= {str(kind.value): str(kind.value) for kind in kinds}
    choice = labels.get(value.lower())
    if choice is None:
        known = _(", ").join(str(kind.label) for kind in kinds)
        raise ValidationError(
            _("“%(found)s” is none of: %(known)s.") % {"found": value, "known": known}
        )
    return choice


def _twice(rows: Sequence[TopicRow]) -> list[str]:
    codes = [row.code for row in rows if row.code]
    again = sorted({code for code in codes if codes.count(code) > 1})
    return [_("The topic %(code)s stands in two rows.") % {"code": code} for code in again]


def written_codes(text: str) -> list[str]:
    """Return the codes of a text that separates them by “;”, in either width, or “、”."""
    return [part.strip() for part in re.split("[;；、\n]", text) if part.strip()]


def known_key(written: str) -> Key:
    """Return the key of a code; one of a standard of the catalogue must be in that standard."""
    standard, edition, code = key = catalogue.key_of(written)
    if not standard or not code:
        raise ValidationError(
            _("“%(code)s” names no standard: write it like GRI 418-1 (2016).") % {"code": written}
        )
    if standard not in {row.standard for row in catalogue.standards()}:
        return key
    same = [catalogue.spelling(entry.key) for entry in catalogue.same_code(standard, code)]
    if not same:
        values = {"standard": standard, "code": code}
        raise ValidationError(_("%(standard)s has no code “%(code)s”.") % values)
    if key not in {entry.key for entry in catalogue.same_code(standard, code)}:
        values = {"code": written, "codes": _(", ").join(same)}
        raise ValidationError(
            _("“%(code)s” needs its edition, since codes change meaning: %(codes)s.") % values
        )
    return standard, edition, code
