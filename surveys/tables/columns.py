"""What the columns of a table mean, as far as their headings and values tell.

A meaning is the code of a prompt and a topic, “importance:energy”, or one of the words of `ROLES`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from surveys.questionnaire.wording import plain
from surveys.tables.context import strange_questions
from surveys.tables.headings import names_in, role_names
from surveys.tables.target import Target, TargetTopic
from surveys.tables.words import FINISHED, NOT_COUNTED, SCALES, squash

ROW, COUNTS, GROUP, COMMENT, DAY = "row", "counts", "group", "comment", "day"
ROLES = (ROW, COUNTS, GROUP, COMMENT, DAY)
SEVERAL = (COUNTS,)
"""Roles that several columns may have."""

HEADINGS: dict[str, tuple[str, ...]] = {
    ROW: (
        "序号", "编号", "答卷编号", "答题序号", "填写编号", "答卷id", "提交编号", "记录id", "编码",
        "答复id", "回复id", "id", "response id", "responseid", "respondent id", "respondentid",
        "respondent", "_id", "_uuid", "uuid", "instanceid", "meta/instanceid", "key",
        "submission id", "entry id", "no", "no.", "number", "nr", "record id", "case", "#",
    ),
    COUNTS: (
        "finished", "done", "complete", "completed", "submitdate", "date submitted", "is complete",
        "response status", "提交日期", "是否完成", "完成状态", "答卷状态", "审核状态", "是否有效",
        "提交状态", "_validation_status", "validation status", "status", "response type", "状态",
        "distributionchannel", "distribution channel",
    ),
    GROUP: (
        "group", "audience", "stakeholder group", "stakeholder", "unit", "grp", "群体", "组别",
        "組別", "利益相关方", "利益相关方群体", "您的身份", "您的身份是", "您是", "身份",
        "stakeholders",
    ),
    COMMENT: ("comment", "comments", "意见和建议", "您的意见和建议", "意见", "建议"),
}  # fmt: skip
PROGRAMS: dict[str, frozenset[str]] = {
    "问卷星": frozenset({"提交答卷时间", "所用时间", "来自ip", "来源详情"}),
    "腾讯问卷": frozenset({"开始答题时间", "结束答题时间", "答题时长", "自定义字段"}),
    "金数据": frozenset({"提交人", "填写设备", "填写id", "扩展属性", "提交时间"}),
    "飞书": frozenset({"提交人", "提交时间", "记录id"}),
    "LimeSurvey": frozenset({"submitdate", "lastpage", "startlanguage", "date submitted",
                             "last page", "start language", "seed"}),
    "Qualtrics": frozenset({"startdate", "enddate", "recordeddate", "responseid", "finished",
                            "distributionchannel", "userlanguage", "progress"}),
    "SurveyMonkey": frozenset({"respondent id", "collector id", "date created", "date modified"}),
    "KoBoToolbox": frozenset({"_uuid", "_submission_time", "_validation_status", "_index",
                              "__version__"}),
    "ODK": frozenset({"instanceid", "submissiondate", "submittername", "submitterid",
                      "reviewstate", "attachmentspresent", "deviceid"}),
    "Microsoft Forms": frozenset({"id", "start time", "completion time", "email", "name",
                                  "开始时间", "完成时间"}),
    "Google Forms": frozenset({"timestamp", "时间戳记", "时间戳"}),
}  # fmt: skip
"""Headings that tell which program wrote the table: two of them."""
TOLD_BY_ONE = ("Google Forms",)
"""Programs that write one heading of their own."""

ENDS = frozenset({
    "结束答题时间", "提交答卷时间", "提交时间", "完成时间", "结束时间", "completion time",
    "end date", "enddate", "recordeddate", "recorded date", "end", "submitted", "submitted at",
    "timestamp",
})  # fmt: skip
"""Headings over the time at which somebody was done: a blank there says that nobody was."""
LIKE_COUNTS = ("finish", "complet", "valid", "progress", "approved", "完成", "有效", "审核", "状态",
               "进度")  # fmt: skip
"""Parts of headings that may tell which rows count; what stands under them is asked."""
WEIGHTS = frozenset({
    "n", "count", "freq", "frequency", "weight", "weights", "人数", "频数", "份数", "权重",
    "样本数", "wt", "responses",
})  # fmt: skip
"""Headings over how many people a row stands for."""
YES_OR_NO = frozenset({"1", "0", "yes", "no", "y", "n", "true", "false", "是", "否", "t", "f"})
MOST_STATES = 12
"""Different values of a column that tells which rows count."""
_SHARE = re.compile(r"\d{1,3}(\.\d+)?\s?%?")

OTHER_QUESTIONS = ("最多选", "多选", "排序", "选出", "选择", "rank", "pick", "select", "choose",
                   "tick", "top three", "前三", "三项")  # fmt: skip
"""Words of questions that do not ask for a rating."""
LIKELY = 0.84
"""How alike a heading and a topic's name must be to ask whether it is that topic."""


@dataclass(frozen=True)
class Table:
    """A heading a column, and how often each value stands there (None: too many different)."""

    header: Sequence[str]
    values: Sequence[Mapping[str, int] | None]
    rows: int = 0

    def values_at(self, at: int) -> Mapping[str, int] | None:
        return self.values[at] if at < len(self.values) else {"": self.rows}


@dataclass
class Columns:
    """A guess: column → meaning, and the columns that it cannot settle."""

    meanings: dict[int, str] = field(default_factory=dict)
    rivals: dict[str, list[int]] = field(default_factory=dict)
    """Meaning → columns that might hold it."""
    nearly: dict[int, str] = field(default_factory=dict)
    """Column → the topic its heading may be misspelling, or "" for one that only looks rated."""
    prompts: dict[int, list[str]] = field(default_factory=dict)
    """Column → the meanings among which its heading does not choose."""
    strange: dict[int, str] = field(default_factory=dict)
    """Column → the topic that its heading names, but in a question that the survey does not ask."""
    weights: list[int] = field(default_factory=list)
    """Columns that say how many people a row stands for."""


def program_of(header: Sequence[str]) -> str:
    """Return which program wrote the table, or ""."""
    headings = {name for heading in header for name in role_names(heading)}
    scores = {program: len(marks & headings) for program, marks in PROGRAMS.items()}
    best = max(scores, key=lambda program: scores[program])
    needed = 1 if best in TOLD_BY_ONE else 2
    return best if scores[best] >= needed else ""


def known_names(target: Target) -> frozenset[str]:
    """Return the names by which heading rows are recognised."""
    roles = {squash(name) for names in HEADINGS.values() for name in names}
    marks = {squash(name) for names in PROGRAMS.values() for name in names}
    return target.topic_names | (roles | marks) - {"", "id", "name", "key", "no", "case"}


def guess_columns(target: Target, table: Table) -> Columns:
    columns = Columns()
    _place_topics(target, table, columns)
    _place_groups(target, table, columns)
    for role in (COUNTS, COMMENT):
        _place_role(role, table, columns)
    _place_states(table, columns)
    _place_row_numbers(table, columns)
    _note_weights(table, columns)
    _note_likely_topics(target, table, columns)
    return columns


# ---- topics ----


def _place_topics(target: Target, table: Table, guess: Columns) -> None:
    fits: dict[str, list[int]] = {}
    for at, heading in enumerate(table.header):
        meanings = _meanings(target, heading)
        if len(meanings) > 1:
            guess.prompts[at] = meanings
        for meaning in meanings:
            fits.setdefault(meaning, []).append(at)
    for meaning, columns in fits.items():
        sure = _surest(target, table, target.by_meaning[meaning], columns)
        sure = [at for at in sure if at not in guess.prompts]
        if len(sure) == 1 and not _asks_otherwise(target, table.header[sure[0]]):
            guess.meanings[sure[0]] = meaning
        elif sure:
            guess.rivals[meaning] = sure
    named = {
        at: (table.header[at], target.by_meaning[meaning]) for at, meaning in guess.meanings.items()
    }
    for at in strange_questions(target, named):
        guess.strange[at] = guess.meanings.pop(at)


def _meanings(target: Target, heading: str) -> list[str]:
    """Return the topics a heading may name, of the prompts that it names, if it names one."""
    names = names_in(heading)
    fits = [topic for name in names for topic in target.topics if name in topic.names]
    topics = list(dict.fromkeys(fits))
    whole = squash(heading)
    if exact := [topic for topic in topics if squash(topic.meaning) == whole]:
        return [exact[0].meaning]
    named = [topic for topic in topics if _names_prompt(target, topic.prompt, whole, names)]
    candidates = named or topics
    if len(target.prompts) == 1 and len(candidates) > 1:  # the longest name says most
        longest = max(len(name) for name in names if name in target.topic_names)
        candidates = [
            t for t in candidates if any(len(name) == longest for name in t.names & set(names))
        ]
    return [topic.meaning for topic in candidates]


def _names_prompt(target: Target, code: str, whole: str, names: Sequence[str]) -> bool:
    prompt = target.prompt(code)
    if squash(code) in names:
        return True
    return any(squash(text) and squash(text) in whole for text in prompt.texts)


def _surest(target: Target, table: Table, topic: TargetTopic, columns: list[int]) -> list[int]:
    """Return the columns of a topic that ask the survey's own question; else those that ask for
    ratings; else all."""
    own = [
        at for at in columns if _names_prompt(target, topic.prompt, squash(table.header[at]), ())
    ]
    rated = [at for at in own or columns if not _asks_otherwise(target, table.header[at])]
    return rated or own or columns


def _asks_otherwise(target: Target, heading: str) -> bool:
    words = plain(heading)
    whole = squash(heading)
    if any(_names_prompt(target, prompt.code, whole, ()) for prompt in target.prompts):
        return False
    for name in target.topic_names:
        words = words.replace(name, "")
    return any(word in words for word in OTHER_QUESTIONS)


# ---- other columns ----


def _place_groups(target: Target, table: Table, guess: Columns) -> None:
    """Find the column of groups: by its heading, or because all its values are groups' names."""
    named = [at for at in _with_role(GROUP, table) if at not in guess.meanings]
    valued = [at for at in range(len(table.header)) if _all_groups(target, table.values_at(at))]
    both = [at for at in named if at in valued]
    candidates = both or named or [at for at in valued if at not in guess.meanings]
    if len(candidates) == 1:
        guess.meanings[candidates[0]] = GROUP
    elif candidates:
        guess.rivals[GROUP] = candidates


def _all_groups(target: Target, values: Mapping[str, int] | None) -> bool:
    names = [value for value in values or {} if value]
    return bool(names) and all(squash(value) in target.group_of for value in names)


def _with_role(role: str, table: Table) -> list[int]:
    """Return the columns whose headings are known to have a role, the usual ones first."""
    names = HEADINGS[role]
    ranked = []
    for at, heading in enumerate(table.header):
        forms = role_names(heading)
        ranks = [names.index(form) for form in forms if form in names]
        if ranks:
            ranked.append((min(ranks), at))
    return [at for _rank, at in sorted(ranked)]


def _place_role(role: str, table: Table, guess: Columns) -> None:
    free = [at for at in _with_role(role, table) if at not in guess.meanings]
    for at in free if role in SEVERAL else free[:1]:
        guess.meanings[at] = role


def _place_states(table: Table, guess: Columns) -> None:
    """Find the columns that tell which rows count by what stands in them, whatever they are
    called: “test”, “not approved”, shares of progress, times that lack in some rows."""
    placed = {*guess.meanings, *guess.prompts, *guess.strange}
    placed |= {at for columns in guess.rivals.values() for at in columns}
    is_told = COUNTS in guess.meanings.values()
    for at, heading in enumerate(table.header):
        values = table.values_at(at)
        if at not in placed and _tells_states(heading, values, is_told=is_told):
            guess.meanings[at] = COUNTS


def _tells_states(heading: str, values: Mapping[str, int] | None, *, is_told: bool) -> bool:
    """Tell whether a column says which rows count.

    :param is_told: another column is known to say so; one that is only called the like need not.
    """
    if is_end(heading):
        return values is None or ("" in values and len(values) > 1)
    words = {plain(value) for value in values or {}} - {""}
    if not 0 < len(words) <= MOST_STATES:
        return False
    if words & NOT_COUNTED:
        return True
    is_named = not is_told and any(part in plain(heading) for part in LIKE_COUNTS)
    return is_named and all(
        word in FINISHED or word in YES_OR_NO or _SHARE.fullmatch(word) for word in words
    )


@lru_cache(maxsize=1000)  # asked of every row
def is_end(heading: str) -> bool:
    """Tell whether a column holds when somebody was done."""
    return bool(ENDS & set(role_names(heading)))


@lru_cache(maxsize=1000)
def is_of(role: str, heading: str) -> bool:
    """Tell whether a heading is known for a role as it stands."""
    return bool(set(HEADINGS[role]) & set(role_names(heading)))


def _note_weights(table: Table, guess: Columns) -> None:
    for at, heading in enumerate(table.header):
        values = {value for value in table.values_at(at) or () if value}
        is_number = all(value.replace(".", "", 1).isdigit() for value in values)
        if at not in guess.meanings and plain(heading) in WEIGHTS and is_number and values - {"1"}:
            guess.weights.append(at)


def _place_row_numbers(table: Table, guess: Columns) -> None:
    free = [at for at in _with_role(ROW, table) if at not in guess.meanings]
    blank = [at for at, name in enumerate(table.header) if not name and _counts_up(table, at)]
    unlike = [at for at in (*free, *blank) if _all_differ(table.values_at(at))]
    for at in (*unlike, *free)[:1]:
        guess.meanings[at] = ROW


def _all_differ(values: Mapping[str, int] | None) -> bool:
    return values is None or all(count == 1 for value, count in values.items() if value)


def _counts_up(table: Table, at: int) -> bool:
    values = table.values_at(at)
    if values is None:
        return False
    return table.rows > 0 and set(values) == {str(n) for n in range(1, table.rows + 1)}


def _note_likely_topics(target: Target, table: Table, guess: Columns) -> None:
    """Note columns that are left out though their heading is almost a topic's, or their values are
    rated like those of the columns beside them."""
    placed = {*guess.meanings, *guess.prompts, *guess.strange, *guess.weights}
    placed |= {at for columns in guess.rivals.values() for at in columns}
    rated = {at for at, meaning in guess.meanings.items() if meaning not in ROLES}
    for at, heading in enumerate(table.header):
        values = table.values_at(at)
        if at in placed or values is None or not any(values):
            continue
        others = {target.by_meaning[guess.meanings[one]].key for one in rated}
        if nearest := _nearest(target, heading, others):
            guess.nearly[at] = nearest
        elif {at - 1, at + 1} & (rated | set(guess.nearly)) and _looks_rated(
            target, table, at, rated
        ):
            guess.nearly[at] = ""


def _nearest(target: Target, heading: str, taken: set[str]) -> str:
    best, meaning = LIKELY, ""
    for name in names_in(heading):
        for topic in target.topics:
            if topic.key in taken:
                continue
            for other in topic.names:
                alike = abs(len(other) - len(name)) <= 3 and min(len(other), len(name)) > 3
                if alike and (ratio := SequenceMatcher(None, name, other).ratio()) > best:
                    best, meaning = ratio, topic.meaning
    return meaning


def _looks_rated(target: Target, table: Table, at: int, rated: set[int]) -> bool:
    """Tell whether all values of a column are words of scales, or occur among the ratings beside
    it."""
    values = {plain(value) for value in table.values_at(at) or () if value}
    worded = {plain(word) for scale in SCALES for word in scale}
    for prompt in target.prompts:
        worded |= {plain(word) for labels in prompt.labels for word in labels}
    if values and values <= worded:
        return True
    known: set[str] = set()
    for other in rated:
        known |= {plain(value) for value in table.values_at(other) or ()}
    single = {str(digit) for digit in range(6)}
    return bool(values) and values <= (known | single) and bool(values & known)
