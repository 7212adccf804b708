"""The register as a spreadsheet: written to be filled in, read as people fill it in."""

import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import xlsxwriter  # type: ignore[import-untyped]
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from materiality.actions.log import hold_open
from materiality.actions.register import (
    TEXTS,
    IroRow,
    Taken,
    before_of,
    check,
    merged,
    set_fields,
    take_in_iros,
)
from materiality.actions.register_links import (
    fault_of_links,
    field_of,
    named_under_both,
    still_linked,
)
from materiality.actions.topic_sheets import choice_named, written_codes
from materiality.errors import BadIro
from materiality.models import (
    Assessment,
    ChainStep,
    Horizon,
    Involvement,
    Iro,
    IroKind,
    LinkKind,
    Stage,
    Topic,
)
from materiality.models.register import LINKED
from surveys.languages import CODES, LANGUAGE_NAMES, in_language
from surveys.tables.upload import Table
from surveys.tables.words import squash

if TYPE_CHECKING:
    from django.contrib.auth.models import User

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "code": {"zh-hans": "编号", "en": "Code"},
    "topic": {"zh-hans": "议题", "en": "Topic"},
    "kind": {"zh-hans": "类型", "en": "Kind"},
    "is_actual": {"zh-hans": "实际或潜在", "en": "Actual or potential"},
    "title": {"zh-hans": "标题", "en": "Title"},
    "description": {"zh-hans": "描述", "en": "Description"},
    "stage": {"zh-hans": "价值链环节", "en": "Value-chain stage"},
    "step": {"zh-hans": "价值链具体环节", "en": "Named stage"},
    "place": {"zh-hans": "地点", "en": "Place"},
    "horizon": {"zh-hans": "时间范围", "en": "Horizon"},
    "affected": {"zh-hans": "受影响方", "en": "Affected"},
    "human_rights": {"zh-hans": "涉及人权", "en": "Human rights"},
    "involvement": {"zh-hans": "涉入方式", "en": "Involvement"},
    "dependency": {"zh-hans": "依赖", "en": "Dependency"},
    "mitigation": {"zh-hans": "应对措施", "en": "Mitigation"},
    "is_net": {"zh-hans": "应对前或应对后", "en": "Gross or net"},
    "evidence": {"zh-hans": "证据", "en": "Evidence"},
    "before": {"zh-hans": "上年条目", "en": "Last round’s entries"},
    "links_impact": {"zh-hans": "引起或源于", "en": "Gives rise to or arises from"},
    "links_dependency": {"zh-hans": "因依赖而关联", "en": "Linked by dependency"},
    "closed": {"zh-hans": "关闭原因", "en": "Closed because"},
}
SHEET = {
    False: {"zh-hans": "影响、风险和机遇", "en": "Register"},
    True: {"zh-hans": "影响、风险和机遇（模拟，非公司情况）", "en": "Register (simulated)"},
}
"""What the sheet is called; that a round is simulated goes with every page of it."""
TIES = {field_of(kind): kind for kind in LinkKind.values}
"""Columns of codes of linked entries, each with its kind of link."""
READ_ONLY = ("closed",)
"""Columns that are written and never read: closing is an act of its own."""
ALSO = {
    "id": "code", "type": "kind", "iro type": "kind", "actual": "is_actual", "stage": "stage",
    "value chain": "stage", "value chain stage": "stage", "location": "place",
    "time horizon": "horizon", "last year": "before", "last round's entries": "before",
    "affected stakeholders": "affected", "名称": "title", "name": "title", "价值链": "stage",
    "受影响的利益相关方": "affected", "人权": "human_rights", "缓解措施": "mitigation",
    "发生情况": "is_actual", "时间跨度": "horizon", "links": "links_impact",
    "linked entries": "links_impact", "关联条目": "links_impact", "关联方式": "involvement",
}  # fmt: skip
SPOKEN = {
    "zh-hans": ("zh-hans", "zh", "中文", "chinese"),
    "en": ("en", "english", "英文", "英语"),
}
WIDTHS = {"topic": 24, "title": 34, "description": 60, "mitigation": 44, "affected": 28}
ANSWERS: Mapping[str, Mapping[bool, Mapping[str, str]]] = {
    "is_actual": {
        True: {"zh-hans": "实际", "en": "Actual"},
        False: {"zh-hans": "潜在", "en": "Potential"},
    },
    "human_rights": {True: {"zh-hans": "是", "en": "Yes"}, False: {"zh-hans": "否", "en": "No"}},
    "is_net": {
        True: {"zh-hans": "应对后", "en": "Net"},
        False: {"zh-hans": "应对前", "en": "Gross"},
    },
}
YES_OR_NO = {
    "yes": True, "y": True, "true": True, "1": True, "是": True, "x": True, "✓": True,
    "no": False, "n": False, "false": False, "0": False, "否": False,
    "净": True, "净值": True, "总": False, "总额": False,
}  # fmt: skip
CHOICES: Mapping[str, Any] = {
    "kind": IroKind,
    "stage": Stage,
    "horizon": Horizon,
    "involvement": Involvement,
}
NO_STEP = ("-", "–", "—", "无")
"""What a cell says that takes a named stage away; an empty one says nothing."""
MOST_ROWS = 2000
"""Entries that one table takes in, and rows that have lists to choose from in a written one."""
Place = tuple[str, str]


@dataclass(frozen=True)
class Fault:
    """A row that cannot be used, and why."""

    row: int
    title: str
    why: str


@dataclass
class Plan:
    """What a table would do: entries to add, changes, and rows that cannot be used.

    :param columns: headings that were understood; ``ignored``: those that were not.
    """

    rows: list[IroRow] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def lines(self) -> list[tuple[IroRow, str]]:
        return list(zip(self.rows, self.titles, strict=True))

    @property
    def added(self) -> int:
        return sum(not row.code for row in self.rows)

    @property
    def changed(self) -> int:
        return sum(bool(row.code) for row in self.rows)


# ---- written ----


def workbook(assessment: Assessment, language: str) -> bytes:
    """Return the register with a column for each text and language, headed in one language.

    What can only be chosen is chosen from a list in the cell. Each printed page names the sheet,
    the entries and the columns.
    """
    places = _places(assessment)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        name = SHEET[assessment.simulated][language]
        sheet, bold = book.add_worksheet(name), book.add_format({"bold": True, "text_wrap": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for column, (part, code) in enumerate(places):
            sheet.write_string(0, column, _heading(part, code, language), bold)
            sheet.set_column(column, column, WIDTHS.get(part, 16), wrapped)
            if options := _options(part, language):
                sheet.data_validation(
                    1, column, MOST_ROWS, column, {"validate": "list", "source": options}
                )
        for at, row in enumerate(_rows(assessment), start=1):
            for column, (part, code) in enumerate(places):
                sheet.write_string(at, column, _cell(row, part, code, language))
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_columns(0, 1)
        sheet.repeat_rows(0)
        sheet.set_header(f"&L{assessment.year} · &A&R&P / &N")
        sheet.autofilter(0, 0, max(assessment.iros.count(), 1), len(places) - 1)
    return target.getvalue()


def _rows(assessment: Assessment) -> Iterable[Iro]:
    rows = assessment.iros.select_related("topic", "step", "evidence_file")
    return rows.prefetch_related("predecessors__before", *LINKED)


def _places(assessment: Assessment) -> list[Place]:
    """Return the columns; a stage is named where the round has a value chain."""
    has_chain = assessment.chain_steps.exists()
    return [
        (part, code)
        for part in HEADINGS
        if part != "step" or has_chain
        for code in (assessment.languages if part in (*TEXTS, *READ_ONLY) else [""])
    ]


def _heading(part: str, code: str, language: str) -> str:
    heading = HEADINGS[part][language]
    return f"{heading} · {LANGUAGE_NAMES[code]}" if code else heading


def _options(part: str, language: str) -> list[str]:
    """Return what may stand in a column, where only some words may."""
    if part in ANSWERS:
        return [words[language] for words in ANSWERS[part].values()]
    with override(language):
        return [str(label) for label in CHOICES[part].labels] if part in CHOICES else []


def _cell(row: Iro, part: str, code: str, language: str) -> str:
    if code:
        text = row.closing_reason if part == "closed" else getattr(row, part)
        return str(text.get(code, ""))
    if part in ANSWERS:
        if part == "is_actual" and not row.is_impact:
            return ""
        return ANSWERS[part][getattr(row, part)][language]
    if part in CHOICES:
        value = getattr(row, part)
        with override(language):
            return str(CHOICES[part](value).label) if value else ""
    if part == "topic":
        return str(row.topic.name.get(language) or row.topic)
    if part == "step":
        return str(row.step.name.get(language) or row.step) if row.step else ""
    if part == "before":
        return "; ".join(line.before.code for line in row.predecessors.all())
    if part in TIES:
        return "; ".join(sorted(_linked_to(row, TIES[part])))
    if part == "evidence":
        return row.evidence or (row.evidence_file.name if row.evidence_file else "")
    return str(getattr(row, part))


def _linked_to(row: Iro, kind: str) -> set[str]:
    return {other.code for link, other in row.links if link.kind == kind}


# ---- read ----


def read_register(table: Table, assessment: Assessment) -> Plan:
    """Return what a table would do to the register; nothing is written.

    A row is of the entry whose code it has, or else of the one of its topic, kind and title; any
    other row adds one. An empty cell says nothing.

    :raises ValidationError: no column is headed as a title or code is, or there are too many rows.
    """
    if len(table.rows) > MOST_ROWS:
        sentence = _(
            "The table has %(found)d rows; at most %(most)d. Divide it into several files."
        )
        raise ValidationError(sentence % {"found": len(table.rows), "most": MOST_ROWS})
    places = _columns(table.header, assessment)
    known = _Known(assessment)
    plan = Plan(columns=[table.header[at] for at in places])
    plan.ignored = _unread(table, places)
    seen: set[str] = set()
    new: set[tuple[str | None, str, str]] = set()
    for number, cells in enumerate(table.rows, start=table.first):
        if not any(cell.strip() for cell in cells):
            continue
        texts = {place: cells[at].strip() for at, place in places.items()}
        title = _title(texts)
        try:
            row = known.row(texts)
            if row and row.code in seen:
                raise ValidationError(
                    _("Another row is of the entry %(code)s too.") % {"code": row.code}
                )
            keys = _keys(row) if row and not row.code else set()
            if keys & new:
                raise ValidationError(_("Another row has the same topic, kind and title."))
        except ValidationError as error:
            plan.faults.append(Fault(number, title, " ".join(error.messages)))
            continue
        if row is None:
            plan.unchanged += 1
            continue
        seen |= {row.code} - {""}
        new |= keys
        plan.rows.append(row)
        plan.titles.append(title or str(known.entries[row.code]))
    return plan


def _title(texts: Mapping[Place, str]) -> str:
    """Return the title that a row gives in the reader's language, else in any; "" without one."""
    titles = {code: text for (part, code), text in texts.items() if part == "title" and text}
    return in_language(titles)


def _unread(table: Table, places: Collection[int]) -> list[str]:
    """Return the headings of columns that are not read; of our own, those that say something."""
    written = {
        _heading(part, code, language)
        for part in READ_ONLY
        for code in CODES
        for language in HEADINGS[part]
    }
    unread = []
    for at, name in enumerate(table.header):
        says_nothing = name in written and not any(cells[at].strip() for cells in table.rows)
        if name and at not in places and not says_nothing:
            unread.append(name)
    return unread


def _keys(row: IroRow) -> set[tuple[str | None, str, str]]:
    """Return what a new entry is recognised by, once a title."""
    titles = row.fields.get("title", {}).values()
    return {(row.topic, str(row.fields.get("kind", "")), squash(title)) for title in titles}


@transaction.atomic
def take_in_table(*, assessment: Assessment, table: Table, by: "User | None") -> tuple[Plan, Taken]:
    """Do what a table would do to the register as it is now; rows that cannot be used are left.

    The round is held before the table is read against it, so that a second click finds the entries
    of the first.

    :raises ValidationError: as `read_register`. :raises RoundLocked, BadIro: as `take_in_iros`.
    """
    current = hold_open(assessment)
    plan = read_register(table, current)
    return plan, take_in_iros(assessment=current, rows=plan.rows, by=by)


def known_headings() -> frozenset[str]:
    """Return what may stand over such a table, squashed."""
    headings = [word for words in HEADINGS.values() for word in words.values()]
    spoken = [name for names in SPOKEN.values() for name in (*names, *LANGUAGE_NAMES.values())]
    both = [f"{heading} {tongue}" for heading in (*headings, *ALSO) for tongue in spoken]
    return frozenset(map(squash, (*headings, *ALSO, *both))) - {""}


def listed_words(assessment: Assessment) -> frozenset[str]:
    """Return what stands under such headings: codes, topics and kinds, squashed."""
    words = [*assessment.iros.values_list("code", flat=True)]
    for topic in assessment.topics.short_list():
        words += [topic.code, *topic.name.values()]
    for language in CODES:
        words += [word for part in CHOICES for word in _options(part, language)]
    return frozenset(map(squash, words)) - known_headings() - {""}


def _columns(header: Sequence[str], assessment: Assessment) -> dict[int, Place]:
    columns: dict[int, Place] = {}
    for at, heading in enumerate(header):
        place = _place(heading, assessment.languages)
        if place and place not in columns.values():
            columns[at] = place
    if not any(part in ("code", "title") for part, _code in columns.values()):
        raise ValidationError(
            _("No column is headed “Title” or “标题”. Headings found: %(found)s.")
            % {"found": _(", ").join(filter(None, header)) or "–"}
        )
    return columns


def _place(heading: str, languages: Sequence[str]) -> Place | None:
    """Return what a heading names: “Title · English”, “描述（中文）”, “Kind”."""
    words = re.sub(r"[\s·:：()（）_/\[\]]+", " ", heading.strip().lower().replace("'", "’")).strip()
    spoken = ""
    for code, names in SPOKEN.items():
        for name in (*names, LANGUAGE_NAMES[code].lower()):
            if words.endswith(" " + name) or (words.endswith(name) and not name.isascii()):
                spoken, words = code, words.removesuffix(name).strip()
    named = {word.lower(): part for part, of in HEADINGS.items() for word in of.values()}
    part = (named | {word.replace("'", "’"): part for word, part in ALSO.items()}).get(words)
    if part is None or part in READ_ONLY:
        return None
    if part not in TEXTS:
        return part, ""
    code = spoken or (languages[0] if len(languages) == 1 else _tongue_of(words))
    return (part, code) if code in languages else None


def _tongue_of(words: str) -> str:
    """Return the language that a heading which names none is written in."""
    return "en" if words.isascii() else "zh-hans"


def _names(topic: Topic) -> set[str]:
    """Return what a table may name a topic by, squashed."""
    return {squash(name) for name in (topic.code, *topic.name.values())}


class _Known:
    """What there is already, by the words that a table names it by."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        rows = assessment.iros.select_related("topic", "step", "evidence_file")
        rows = rows.prefetch_related("predecessors__before", *LINKED)
        self.entries = {row.code: row for row in rows}
        for row in self.entries.values():
            row.assessment = assessment
        self.topics: dict[str, set[Topic]] = {}
        for topic in assessment.topics.short_list():
            for name in _names(topic):
                self.topics.setdefault(name, set()).add(topic)
        self.steps: dict[str, set[ChainStep]] = {}
        for step in assessment.chain_steps.all():
            for name in (*step.name.values(), step.code):
                self.steps.setdefault(squash(name), set()).add(step)
        self.before = set(before_of(assessment).values_list("code", flat=True))
        self.titles = {
            (row.topic_id, row.kind, squash(title)): row
            for row in self.entries.values()
            for title in row.title.values()
        }

    def row(self, texts: Mapping[Place, str]) -> IroRow | None:
        """Return what a row does; None if it says what the register says already.

        :raises ValidationError: it cannot be used, and why.
        """
        fields = _fields(texts) | self._step(texts)
        topic = self._topic(texts)
        there = self._entry(texts, fields, topic)
        if there is None:
            for name in ("topic", "kind"):
                if not texts.get((name, "")):
                    heading = HEADINGS[name]["en" if get_language() == "en" else "zh-hans"]
                    raise ValidationError(_("A new entry needs: %(what)s.") % {"what": heading})
        else:
            fields = _without_name_of_file(fields, there)
        before = self._before(texts, there)
        row = self._tried(there, topic, fields)
        links = self._links(texts, there, row)
        if there and self._is_same(there, row, before, links):
            return None
        if there and there.is_closed:
            raise ValidationError(
                _("The entry %(code)s is closed. Reopen it first.") % {"code": there.code}
            )
        code, place = there.code if there else "", topic.code if topic else None
        return IroRow(code, place, fields, before, links)

    def _step(self, texts: Mapping[Place, str]) -> dict[str, Any]:
        """Return the stage that a row names, and its side where the row names none."""
        name = texts.get(("step", ""), "")
        if not name:
            return {}
        if name in NO_STEP:
            return {"step": None}
        steps = self.steps.get(squash(name), set())
        if not steps:
            sentence = _("“%(step)s” is no stage of this round’s value chain.")
            raise ValidationError(sentence % {"step": name})
        if not texts.get(("stage", "")):
            step = self._one_step(name, steps, texts)
            return {"step": step, "stage": step.side}
        side = choice_named(texts["stage", ""], Stage)
        beside = {step for step in steps if step.side == side}
        return {"step": self._one_step(name, beside or steps, texts)}

    def _one_step(
        self, name: str, steps: Collection[ChainStep], texts: Mapping[Place, str]
    ) -> ChainStep:
        """Return the stage that is meant of those of one name: the entry's own stays."""
        there = self.entries.get(texts.get(("code", ""), ""))
        own = there.step if there else None
        if own and own in steps:
            return own
        by_code = {step.code: step for step in steps}
        if name in by_code:
            return by_code[name]
        if len(steps) > 1:
            sentence = _("“%(step)s” names several stages. Write the code of one: %(codes)s.")
            codes = _(", ").join(sorted(by_code))
            raise ValidationError(sentence % {"step": name, "codes": codes})
        return next(iter(steps))

    def _topic(self, texts: Mapping[Place, str]) -> Topic | None:
        name = texts.get(("topic", ""), "")
        there = self.entries.get(texts.get(("code", ""), ""))
        own = there.topic if there else None
        if own and name in (own.code, *own.name.values()):
            return own  # it stays, also under a topic that is no longer asked about
        topics = self.topics.get(squash(name), set())
        if exact := [topic for topic in topics if topic.code == name]:
            return exact[0]
        if own and squash(name) in _names(own):
            return own
        if len(topics) > 1:
            sentence = _("“%(topic)s” names several topics. Write the code of one: %(codes)s.")
            codes = _(", ").join(sorted(topic.code for topic in topics))
            raise ValidationError(sentence % {"topic": name, "codes": codes})
        if name and not topics:
            raise ValidationError(
                _("“%(topic)s” is no topic of the short list of this round.") % {"topic": name}
            )
        return next(iter(topics), None)

    def _entry(
        self, texts: Mapping[Place, str], fields: Mapping[str, Any], topic: Topic | None
    ) -> Iro | None:
        code = texts.get(("code", ""), "")
        if code and code not in self.entries:
            raise ValidationError(
                _("“%(code)s” is the code of no entry. Leave it empty to add one.") % {"code": code}
            )
        if code or topic is None:
            return self.entries.get(code)
        titles = fields.get("title", {}).values()
        keys = [(topic.pk, fields.get("kind", ""), squash(title)) for title in titles]
        return next((self.titles[key] for key in keys if key in self.titles), None)

    def _before(self, texts: Mapping[Place, str], there: Iro | None) -> list[str] | None:
        codes = written_codes(texts.get(("before", ""), ""))
        own = {line.before.code for line in there.predecessors.all()} if there else set()
        if unknown := [code for code in codes if code not in self.before | own]:
            raise ValidationError(
                _("Last round’s register has no open entry %(codes)s.")
                % {"codes": _(", ").join(unknown)}
            )
        return codes or None

    def _links(
        self, texts: Mapping[Place, str], there: Iro | None, row: Iro
    ) -> dict[str, list[str]] | None:
        """Return the entries that a row is linked to; None if it says nothing of that.

        Codes that stand there as they are in the register say nothing: the row of the other end may
        take the link away.

        :raises ValidationError: a code is of no entry, of one of the same side, or under both
            kinds; or the entry changed sides and is linked still.
        """
        ties = {kind: written_codes(texts.get((part, ""), "")) for part, kind in TIES.items()}
        twice = [code for code in ties[LinkKind.IMPACT] if code in ties[LinkKind.DEPENDENCY]]
        if twice:
            raise ValidationError(named_under_both(twice[0]))
        own = {kind: _linked_to(there, kind) if there else set() for kind in ties}
        links = {kind: codes for kind, codes in ties.items() if codes and set(codes) != own[kind]}
        for codes in links.values():
            if sentence := fault_of_links(row, codes, self.entries):
                raise ValidationError(sentence)
        left = {code for kind, codes in own.items() if kind not in links for code in codes}
        if there and there.is_impact != row.is_impact and left:
            raise ValidationError(still_linked(sorted(left)))
        return links or None

    def _tried(self, there: Iro | None, topic: Topic | None, fields: Mapping[str, Any]) -> Iro:
        """Return the entry as it would be.

        :raises ValidationError: it would contradict itself.
        """
        row = Iro(assessment=self.assessment, code=there.code if there else "IRO-000")
        if there:
            for column in Iro._meta.concrete_fields:
                setattr(row, column.attname, getattr(there, column.attname))
        row.assessment = self.assessment
        if topic:
            row.topic = topic
        set_fields(row, merged(row, fields))
        try:
            check(row)
        except BadIro as refusal:
            raise ValidationError(list(refusal.faults.values())) from refusal
        return row

    @staticmethod
    def _is_same(
        there: Iro,
        row: Iro,
        before: list[str] | None,
        links: Mapping[str, Sequence[str]] | None,
    ) -> bool:
        names = [column.attname for column in Iro._meta.concrete_fields]
        is_same = all(getattr(there, name) == getattr(row, name) for name in names)
        lines = {line.before.code for line in there.predecessors.all()}
        is_linked_so = all(
            set(codes) == _linked_to(there, kind) for kind, codes in (links or {}).items()
        )
        return is_same and is_linked_so and (before is None or set(before) == lines)


def _without_name_of_file(fields: dict[str, Any], there: Iro) -> dict[str, Any]:
    """Leave out as evidence what was written only as the name of the entry's file."""
    file = there.evidence_file
    if file and not there.evidence and fields.get("evidence") == file.name:
        return {name: value for name, value in fields.items() if name != "evidence"}
    return fields


def _fields(texts: Mapping[Place, str]) -> dict[str, Any]:
    """Return the fields that are filled in."""
    fields: dict[str, Any] = {}
    for (part, code), value in texts.items():
        if not value or part in ("code", "topic", "step", "before", *TIES):
            continue
        if part in TEXTS:
            fields.setdefault(part, {})[code] = value
        elif part in CHOICES:
            fields[part] = choice_named(value, CHOICES[part])
        elif part in ANSWERS:
            fields[part] = _answer(part, value)
        else:
            fields[part] = value
    return fields


def _answer(part: str, value: str) -> bool:
    words = {word.lower(): meaning for meaning, of in ANSWERS[part].items() for word in of.values()}
    answer = {**YES_OR_NO, **words}.get(value.lower())
    if answer is None:
        known = [word for of in ANSWERS[part].values() for word in of.values()]
        raise ValidationError(
            _("“%(found)s” is none of: %(known)s.") % {"found": value, "known": _(", ").join(known)}
        )
    return answer
