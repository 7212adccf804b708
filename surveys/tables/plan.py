"""The reading of a table of answers: one typed plan, the only way in.

What somebody chose (`TableOptions`) is kept; everything else is guessed anew from the file each
time. A plan that still asks something imports nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from surveys.questionnaire.wording import plain
from surveys.tables.columns import (
    COUNTS,
    GROUP,
    ROLES,
    Columns,
    Table,
    guess_columns,
    is_end,
    is_of,
    program_of,
)
from surveys.tables.context import scale_talk
from surveys.tables.place import Place, Places
from surveys.tables.scales import Ratings, Scale, guess_ratings
from surveys.tables.target import Target
from surveys.tables.words import FINISHED, NOT_COUNTED, is_total, squash

LEFT_OUT = "-"
"""As a group: rows with this value are left out."""
OTHERS, SAME, REPLACES = "others", "same", "replaces"
"""Who the people of a table are: not of an earlier one, of an earlier one, or in its place."""
MOST_WORDS = 60

YES = FINISHED | frozenset({
    "true", "1", "yes", "y", "t", "是", "done", "ok", "ip address", "ip地址", "anonymous", "email",
    "gl", "sms", "qr-code", "social", "offline",
})  # fmt: skip
NO = NOT_COUNTED | frozenset({
    "", "false", "0", "no", "n", "f", "na", "n/a", "null", "none", "nan", "否",
    "0000-00-00", "0000-00-00 00:00:00", "1980-01-01 00:00:00", "{question_not_shown}",
})  # fmt: skip
BLANK_MEANS_YES = ("status", "response type", "审核状态", "validation status", "是否有效")
"""Columns in which a blank says nothing against a row: nobody looked at it yet."""
_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?([ T].*)?|(\d{1,2})/(\d{1,2})/(\d{4})( .*)?"
)


@dataclass(frozen=True)
class TableOptions:
    """What somebody chose of how a table is read; a column is named by its number, from 0."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    headings: tuple[int, ...] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    ratings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    everybody: str = ""
    rows_left_out: tuple[int, ...] = ()
    short_rows: str = ""
    """“blank”: rows of a text with fewer cells than headings end in blank ones."""
    hidden_rows: str = ""
    """“count” or “leave”: what becomes of rows that a filter hides in the workbook."""
    since: str = ""
    until: str = ""
    identity: str = ""
    of: int | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "TableOptions":
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        for name in ("headings", "rows_left_out"):
            if values.get(name) is not None:
                values[name] = tuple(values[name])
        return cls(**values)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class TableQuestion:
    """What somebody must say before anything is imported. `step` and `key` name the place."""

    step: str
    key: str = ""
    value: str = ""
    count: int = 0
    proposal: str = ""
    is_remembered: bool = False
    """The proposal is what was said of an earlier import from this source."""


@dataclass
class Plan:
    """How a table is read. `columns`: column → meaning; `ratings`: prompt → its values; `counts`:
    column → value → whether such a row counts; `groups`: value → code, or `LEFT_OUT`."""

    place: Place
    header: list[str]
    program: str
    rows: int
    columns: dict[int, str]
    ratings: dict[str, Ratings] = field(default_factory=dict)
    occurrences: dict[str, dict[str, int]] = field(default_factory=dict)
    """Prompt → value → how often it stands in the table."""
    counts: dict[int, dict[str, bool | None]] = field(default_factory=dict)
    groups: dict[str, str | None] = field(default_factory=dict)
    group_rows: dict[str, int] = field(default_factory=dict)
    everybody: str = ""
    left_out: dict[int, str] = field(default_factory=dict)
    """Column that is not imported → its heading."""
    questions: list[TableQuestion] = field(default_factory=list)
    options: TableOptions = field(default_factory=TableOptions)
    width: int = 0
    """Cells that a row of a text may be cut into; 0 for any number."""
    hidden: frozenset[int] = frozenset()
    """Numbers of the rows that are left out because the workbook hides them."""

    def asks(self, step: str) -> list[TableQuestion]:
        return [question for question in self.questions if question.step == step]

    def column(self, role: str) -> int | None:
        return next((at for at, meaning in self.columns.items() if meaning == role), None)

    def topics(self, prompt: str = "") -> dict[int, str]:
        """Return column → meaning of the columns that hold ratings, of one prompt or of all."""
        return {
            at: meaning
            for at, meaning in self.columns.items()
            if meaning not in ROLES and meaning.startswith(f"{prompt}:" if prompt else "")
        }


def propose(
    target: Target,
    places: Places,
    tally: Mapping[str, Any],
    options: TableOptions,
    before: TableOptions | None = None,
) -> Plan:
    """Guess all that was not said, and list what must be said before the table can be imported.

    :param tally: of `upload.tally_values`, at `places.place`. ``before``: what was said of an
        earlier import from this source: it proposes answers and settles nothing.
    """
    place = places.place
    header, width = _header(place, tally)
    values = [dict(one) if one is not None else None for one in tally["columns"]]
    table = Table(header, values, tally["rows"])
    columns = guess_columns(target, table)
    plan = Plan(place, header, program_of(header), tally["rows"], {}, options=options, width=width)
    plan.questions += [TableQuestion(step) for step in places.asks]
    _ask_of_long_rows(place, tally, plan)
    _ask_of_short_rows(place, tally, plan)
    _ask_of_hidden_rows(tally, plan)
    _settle_columns(target, table, columns, plan)
    _settle_ratings(target, table, plan, [*places.notes, *tally.get("notes", ())])
    _settle_rows(table, plan)
    _settle_groups(target, table, plan)
    if before is not None:
        plan.questions = [_as_before(question, before) for question in plan.questions]
    return plan


def _as_before(question: TableQuestion, before: TableOptions) -> TableQuestion:
    """Propose what was said of an earlier import from the same source."""
    proposals: dict[str, Any] = {
        "columns": before.columns.get(question.key),
        "ratings": before.ratings.get(question.key, {}).get(question.value),
        "rows": before.counts.get(question.key, {}).get(question.value),
        "groups": before.groups.get(question.value),
        "group": before.everybody or None,
    }
    proposal = proposals.get(question.step)
    if proposal is None:
        return question
    return replace(question, proposal=str(proposal), is_remembered=True)


def _header(place: Place, tally: Mapping[str, Any]) -> tuple[list[str], int]:
    """Return a heading for each column that holds something, and into how many cells a row may be
    cut. R leaves the heading over its row names out."""
    header, lengths = list(place.header), tally["lengths"]
    first = tally["columns"][0] if tally["columns"] else None
    numbered = {str(number) for number in range(1, tally["rows"] + 1)}
    begins_with_names = tally["rows"] > 1 and set(first or ()) == numbered
    all_longer = all(raw == len(header) + 1 for _length, raw, _n, _rows in lengths)
    is_used = any(length == len(header) + 1 for length, _raw, _n, _rows in lengths)
    if begins_with_names and all_longer and is_used:
        header = ["", *header]
    width = len(header)
    if all(length <= width < raw for length, raw, _n, _rows in lengths):
        width = 0  # every row ends in a separator
    widest = max((length for length, _raw, _n, _rows in lengths), default=0)
    while header and not header[-1] and len(header) > widest:
        header.pop()
    return header, width if place.kind == "csv" else 0


def _ask_of_long_rows(place: Place, tally: Mapping[str, Any], plan: Plan) -> None:
    """Ask of rows with more cells than headings: their values stand under others' headings."""
    width = plan.width if place.kind == "csv" else len(plan.header)
    long = [
        (count, rows)
        for length, raw, count, rows in tally["lengths"]
        if length > len(plan.header) or 0 < width < (raw if place.kind == "csv" else length)
    ]
    if long:
        numbers = sorted(number for _count, rows in long for number in rows)[:5]
        count = sum(count for count, _rows in long)
        text = ", ".join(map(str, numbers))
        plan.questions.append(TableQuestion("long rows", "", text, count))


def _ask_of_short_rows(place: Place, tally: Mapping[str, Any], plan: Plan) -> None:
    """Ask of rows with fewer cells than headings: a line break within a text may have cut them."""
    if place.kind != "csv" or plan.options.short_rows or not plan.width:
        return
    short = [(count, rows) for _l, raw, count, rows in tally["lengths"] if raw < plan.width]
    if short and sum(count for count, _rows in short) < tally["rows"]:
        numbers = sorted(number for _count, rows in short for number in rows)[:5]
        text = ", ".join(map(str, numbers))
        count = sum(count for count, _rows in short)
        plan.questions.append(TableQuestion("short rows", "", text, count, "blank"))


def _ask_of_hidden_rows(tally: Mapping[str, Any], plan: Plan) -> None:
    """Ask of rows that a workbook does not show: who filtered them away may not want them."""
    hidden = tally.get("hidden") or []
    if hidden and not plan.options.hidden_rows:
        shown = ", ".join(map(str, hidden[:5]))
        plan.questions.append(TableQuestion("hidden rows", "", shown, len(hidden)))
    if plan.options.hidden_rows == "leave":
        plan.hidden = frozenset(hidden)


# ---- columns ----


def _settle_columns(target: Target, table: Table, guess: Columns, plan: Plan) -> None:
    answers = {
        int(at): meaning
        for at, meaning in plan.options.columns.items()
        if int(at) < len(table.header)
    }
    meanings = {meaning for meaning in answers.values() if meaning}
    plan.columns = {
        at: meaning
        for at, meaning in guess.meanings.items()
        if at not in answers and (meaning == COUNTS or meaning not in meanings)
    }
    plan.columns |= {at: meaning for at, meaning in answers.items() if meaning}
    plan.columns = dict(sorted(plan.columns.items()))
    if plan.options.everybody:
        group = plan.column(GROUP)
        if group is not None and group not in answers:
            del plan.columns[group]
    for at in range(len(table.header)):
        if at not in plan.columns:
            plan.left_out[at] = table.header[at]
    _ask_rivals(guess, answers, plan)
    _ask_prompts(target, guess, answers, plan)
    _ask_doubtful(guess, answers, plan)
    if not plan.topics():
        plan.questions.append(TableQuestion("topics"))
    if long_form(target, table):
        plan.questions.append(TableQuestion("long form"))


def _ask_doubtful(guess: Columns, answers: Mapping[int, str], plan: Plan) -> None:
    """Ask of columns that are almost a topic, or that say how many people a row stands for."""
    for at, topic in (guess.nearly | guess.strange).items():
        if at not in answers:
            plan.questions.append(TableQuestion("columns", str(at), plan.header[at], 0, topic))
    for at in guess.weights:
        if at not in answers:
            plan.questions.append(TableQuestion("weights", str(at), plan.header[at]))


def _ask_rivals(guess: Columns, answers: Mapping[int, str], plan: Plan) -> None:
    settled = set(plan.columns.values())
    for meaning, columns in guess.rivals.items():
        if meaning in settled or all(at in answers for at in columns):
            continue
        if meaning == GROUP and plan.options.everybody:
            continue
        for at in columns:
            if at not in answers:
                plan.questions.append(
                    TableQuestion("columns", str(at), plan.header[at], 0, meaning)
                )


def _ask_prompts(target: Target, guess: Columns, answers: Mapping[int, str], plan: Plan) -> None:
    """Ask of a heading that names a topic, but not which of several questions about it."""
    for at, meanings in guess.prompts.items():
        if at not in answers:
            free = [meaning for meaning in meanings if meaning not in plan.columns.values()]
            proposal = free[0] if free else ""
            plan.questions.append(TableQuestion("columns", str(at), plan.header[at], 0, proposal))


def long_form(target: Target, table: Table) -> bool:
    """Tell whether topics stand in the rows: one line an answer, many lines a person."""
    for at in range(len(table.header)):
        names = [value for value in table.values_at(at) or () if value]
        if len(names) > 1 and all(squash(value) in target.topic_names for value in names):
            return True
    return False


# ---- ratings ----


def _settle_ratings(target: Target, table: Table, plan: Plan, notes: Sequence[str]) -> None:
    for prompt in target.prompts:
        columns = plan.topics(prompt.code)
        if not columns:
            continue
        counts: dict[str, int] = {}
        for at in columns:
            values = table.values_at(at)
            if values is None or len({plain(value) for value in values}) > MOST_WORDS:
                plan.questions.append(TableQuestion("not ratings", str(at), table.header[at]))
                continue
            for value, count in values.items():
                counts[plain(value)] = counts.get(plain(value), 0) + count
        scale = plan.options.scales.get(prompt.code)
        named = [(table.header[at], target.by_meaning[what]) for at, what in columns.items()]
        guess = guess_ratings(
            counts,
            target.own_words(prompt.code),
            prompt.cannot_judge,
            [table.header[at] for at in columns],
            plan.options.ratings.get(prompt.code),
            Scale(**scale) if scale else None,
            scale_talk(target, named, notes),
            target.scale,
        )
        plan.ratings[prompt.code] = guess
        plan.occurrences[prompt.code] = counts
        if guess.asks_scale:
            plan.questions.append(TableQuestion("scale", prompt.code))
        for value, rating in guess.proposals.items():
            proposal = "" if rating is None else str(rating)
            plan.questions.append(
                TableQuestion("ratings", prompt.code, value, counts.get(value, 0), proposal)
            )


# ---- which rows count ----


def _settle_rows(table: Table, plan: Plan) -> None:
    for at, meaning in plan.columns.items():
        if meaning != COUNTS:
            continue
        answers = {plain(v): yes for v, yes in plan.options.counts.get(str(at), {}).items()}
        values = table.values_at(at)
        plan.counts[at] = {}
        for value, count in (values or {}).items():
            word = plain(value)
            counts = answers.get(word, _counts(word, table.header[at]))
            plan.counts[at][word] = counts
            if counts is None:
                plan.questions.append(TableQuestion("rows", str(at), word, count))
        if len(plan.asks("rows")) > MOST_WORDS:
            plan.questions = [one for one in plan.questions if one.step != "rows"]
            plan.questions.append(TableQuestion("not finished", str(at), table.header[at]))


def counts_by(word: str, counts: Mapping[str, bool | None], heading: str) -> bool | None:
    """Return whether a row with this value counts; dates are too many to list them all."""
    return counts[word] if word in counts else _counts(word, heading)


def _counts(word: str, heading: str) -> bool | None:
    if is_end(heading):
        return bool(word) and word not in NO
    if word in NOT_COUNTED or word in FINISHED:
        return word in FINISHED
    if not is_of(COUNTS, heading):
        return None
    if not word:
        return any(name in plain(heading) for name in BLANK_MEANS_YES)
    if word.isdigit() and plain(heading).endswith(("status", "response type")):
        return None  # Qualtrics writes 0 for an answer like others there
    if word in NO:
        return False
    if word in YES or is_date(word):
        return True
    return None


def is_date(word: str) -> bool:
    return bool(_DATE.fullmatch(word))


def day_of(word: str) -> str:
    """Return a date as 2026-03-01, or "" where nobody can tell."""
    match = _DATE.fullmatch(word)
    if not match or not match[1]:
        return ""
    return f"{int(match[1]):04}-{int(match[2]):02}-{int(match[3]):02}"


# ---- groups ----


def _settle_groups(target: Target, table: Table, plan: Plan) -> None:
    codes = {group.code for group in target.groups}
    if plan.options.everybody in codes:
        plan.everybody = plan.options.everybody
        return
    at = plan.column(GROUP)
    if at is None:
        if not plan.asks("columns") or GROUP not in {one.proposal for one in plan.questions}:
            plan.questions.append(TableQuestion("group"))
        return
    values = table.values_at(at)
    if values is None:
        plan.questions.append(TableQuestion("not groups", str(at), table.header[at]))
        return
    answers = {plain(value): code for value, code in plan.options.groups.items()}
    for value, count in values.items():
        word = plain(value)
        plan.group_rows[word] = plan.group_rows.get(word, 0) + count
        code = answers.get(word)
        if code not in codes and code != LEFT_OUT:
            code = LEFT_OUT if is_total(word) else group_named(target, word)
        plan.groups[word] = code
        if code is None and word:
            plan.questions.append(
                TableQuestion("groups", "", word, count, likely_group(target, word))
            )


def group_named(target: Target, word: str) -> str | None:
    """Return the code of the group a value names, in one language or in several."""
    if code := target.group_of.get(squash(word)):
        return code
    parts = [squash(part) for part in re.split(r"[/|]", word)]
    groups = {target.group_of.get(part) for part in parts}
    return groups.pop() if len(parts) > 1 and len(groups) == 1 else None


def likely_group(target: Target, word: str) -> str:
    """Return the one group whose name begins the value, or is begun by it."""
    name = squash(word)
    near = {
        code
        for other, code in target.group_of.items()
        if len(name) > 1 and len(other) > 1 and (other.startswith(name) or name.startswith(other))
    }
    return near.pop() if len(near) == 1 else ""
