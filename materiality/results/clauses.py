"""What a round holds of each subject that standards ask about, and what it lacks.

A subject is answered by a part of the report. It lacks something where people did not enter it, or
where the product has no place for it: then the company writes it itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from materiality.catalogue.clauses import Profile
from materiality.document.schema import SIDES, Text
from materiality.method.changes import LANGUAGES
from materiality.method.composites import FINANCIAL, composite
from materiality.results.context import ASKED
from materiality.results.records import Group
from materiality.results.register import Iro, Register
from materiality.results.results import Results

IMPACT_CRITERIA = ("scale", "scope", "irremediability")
KIND_NAMES: Mapping[str, Text] = {
    "negative": {"zh-hans": "负面影响", "en": "negative impacts"},
    "positive": {"zh-hans": "正面影响", "en": "positive impacts"},
    "risk": {"zh-hans": "风险", "en": "risks"},
    "opportunity": {"zh-hans": "机遇", "en": "opportunities"},
}
PRINTED, PARTLY, MISSING = "printed", "partly", "missing"


@dataclass(frozen=True)
class Lack:
    """Something that is not there: what, and of whom or which (names in each language)."""

    code: str
    of: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Subject:
    """Which parts of the report answer it, and what is lacking."""

    parts: tuple[str, ...]
    lacks: tuple[Lack, ...] = ()


NOBODY_HEARD = Subject((), (Lack("stakeholders"),))
"""Of a round that describes no stakeholder group: an empty table answers no clause."""


@dataclass(frozen=True)
class ClauseAnswer:
    """A clause and what the round has for it. `state` is printed, partly or missing."""

    code: str
    asks: Text
    subjects: tuple[str, ...]
    parts: tuple[str, ...]
    lacks: tuple[Lack, ...]

    @property
    def state(self) -> str:
        if not self.lacks:
            return PRINTED
        return PARTLY if self.parts else MISSING


def clause_answers(results: Results, profile: Profile) -> tuple[ClauseAnswer, ...]:
    """Return, clause by clause, where the report answers a standard and what is missing."""
    answers = []
    for clause in profile.clauses:
        subjects = [SUBJECTS[name](results) for name in clause.subjects]
        parts = dict.fromkeys(part for subject in subjects for part in subject.parts)
        lacks = dict.fromkeys(lack for subject in subjects for lack in subject.lacks)
        answers.append(
            ClauseAnswer(clause.code, clause.asks, clause.subjects, tuple(parts), tuple(lacks))
        )
    return tuple(answers)


def _printed(*parts: str) -> Callable[[Results], Subject]:
    """Return the subject that every round answers."""
    return lambda _results: Subject(parts)


def _of_context(subject: str, *others: str) -> Callable[[Results], Subject]:
    """Return the subject that the context of the round answers, and other parts beside it."""

    def answered(results: Results) -> Subject:
        lacks = results.context.lacks(subject, results.languages)
        has_any = len(lacks) < len(ASKED[subject])
        parts = ("method_note", *others) if has_any else others
        return Subject(parts, tuple(Lack(code) for code in lacks))

    return answered


def _own_words(code: str, *parts: str) -> Callable[[Results], Subject]:
    """Return the subject that a round has no place for."""
    return lambda _results: Subject(parts, (Lack(code),))


def _named(code: str, names: Iterable[Text]) -> tuple[Lack, ...]:
    """Return one lack of all these, none where there are none."""
    of = tuple(_Name(name) for name in names)
    return (Lack(code, of),) if of else ()


class _Name(dict[str, str]):
    """A name in each language that can be compared and counted."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted(self.items())))


def _stakeholders(results: Results) -> list[Group]:
    return [group for group in results.groups if group.kind == "stakeholders"]


def _has_text(text: Text | None) -> bool:
    return any(part.strip() for part in (text or {}).values())


def _of_each_group(lack: str, has: Callable[[Group], bool]) -> Callable[[Results], Subject]:
    """Return the subject that the engagement table answers, where each group has something."""

    def answered(results: Results) -> Subject:
        groups = _stakeholders(results)
        if not groups:
            return NOBODY_HEARD
        silent = [group.name for group in groups if not has(group)]
        return Subject(("engagement",), _named(lack, silent))

    return answered


def _respondents(results: Results) -> Subject:
    if results.is_without_survey and not _stakeholders(results):
        return NOBODY_HEARD
    if results.is_without_survey:
        return Subject(("engagement",), (Lack("survey"),))
    unknown = [group.name for group in results.groups if group.invited is None]
    return Subject(("method_note", "groups"), _named("invited", unknown))


def _experts(results: Results) -> Subject:
    if results.register and results.register.experts:
        return Subject(("method_note", "iro_scores"))
    if any(group.kind == "panel" for group in results.groups):
        return Subject(("method_note",))
    return Subject((), (Lack("experts"),))


def _impact(results: Results) -> Subject:
    """Impact on others is what one axis of the main matrix stands for, or the double view's x."""
    codes = {row["code"] for row in results.inputs["dimensions"]}
    if "impact" in codes:
        return Subject(("figure", "topics"))
    if _is_judged(results, "impact"):
        return Subject(("iro_topics",))
    return Subject((), (Lack("impact"),))


def _financial(results: Results) -> Subject:
    if "financial" in {row["code"] for row in results.inputs["dimensions"]}:
        return Subject(("both_sides",))
    if _is_judged(results, "financial"):
        return Subject(("iro_topics",))
    return Subject((), (Lack("financial"),))


def _severity(results: Results) -> Subject:
    if set(IMPACT_CRITERIA) <= _criteria(results):
        return Subject(("method_note",))
    if _is_judged(results, "impact"):
        return Subject(("method_note", "iro_scores"))
    return Subject((), (Lack("severity"),))


def _likelihood(results: Results) -> Subject:
    if "likelihood" in _criteria(results):
        return Subject(("method_note",))
    if _is_judged(results, "impact") or _is_judged(results, "financial"):
        return Subject(("method_note", "iro_scores"))
    return Subject((), (Lack("likelihood"),))


def _criteria(results: Results) -> set[str]:
    """Return the criteria that people were asked by, of impact and of financial effect."""
    criteria: set[str] = set()
    for row in results.inputs["dimensions"]:
        made_of = composite(results.inputs, row["code"])
        if made_of is None:
            continue
        criteria |= set(made_of.get("parts", {}))
        if made_of["kind"] == FINANCIAL:
            criteria.add("likelihood")
    return criteria


def _changes(results: Results) -> Subject:
    if not results.inputs.get("previous"):
        return Subject(("first_year",))
    if results.open_questions:
        return Subject((), (Lack("changes"),))
    return Subject(("changes",))


def _method_changes(results: Results) -> Subject:
    if not results.inputs.get("previous"):
        return Subject(("first_year",))
    rows = results.document["results"].get("method_changes", [])
    if any(not _has_text(row["reason"]) for row in rows):
        return Subject(("method_note",), (Lack("method_reason"),))
    return Subject(("method_note",))


def _not_material(results: Results) -> Subject:
    if not results.screened_out:
        return Subject(("nothing_screened",))
    silent = [row.name for row in results.screened_out if not _has_text(row.reason)]
    return Subject(("screened_out",), _named("not_material", silent))


def _set_topics(results: Results) -> Subject:
    """The topics that the exchanges set have a table of their own, where both sides were asked."""
    view = results.views.get("double")
    if view is None or not view.settings.get("cuts"):
        return Subject((), (Lack("financial"),))
    rows = [*results.inputs["topics"], *results.inputs.get("screened_out", [])]
    keys = [key for row in rows for key in row.get("references", [])]
    if any((standard, edition) == ("SZSE", "2024") for standard, edition, _code in keys):
        return Subject(("set_topics",))
    return Subject((), (Lack("set_topics"),))


def _is_judged(results: Results, axis: str) -> bool:
    """Whether an entry of the register has a value on "impact" or "financial"."""
    register = results.register
    return register is not None and any(
        row.axis == axis and row.value is not None for row in register.entries
    )


def _entries_lacking(code: str, entries: Iterable[Iro], has: Callable[[Iro], bool]) -> list[Lack]:
    """Return one lack that names, by code, the entries that have not got it."""
    return list(
        _named(code, [dict.fromkeys(LANGUAGES, row.code) for row in entries if not has(row)])
    )


def _open_register(results: Results) -> Register | None:
    """Return the register, where it has an open entry: closed ones answer no clause."""
    register = results.register
    return register if register is not None and register.entries else None


def _register(results: Results) -> Subject:
    """Impacts, risks and opportunities one by one: described, judged, and whom impacts hit."""
    register = _open_register(results)
    if register is None:
        return Subject((), (Lack("register"),))
    impacts = [row for row in register.entries if row.axis == "impact"]
    lacks = _entries_lacking(
        "iro_descriptions", register.entries, lambda row: _has_text(row.description)
    )
    lacks += _entries_lacking("iro_affected", impacts, lambda row: _has_text(row.affected))
    lacks += _entries_lacking("iro_scores", register.entries, lambda row: row.value is not None)
    if not impacts:
        lacks.append(Lack("iro_impacts"))
    if len(impacts) == len(register.entries):
        lacks.append(Lack("iro_kinds"))
    return Subject(("register", "iro_details", "value_chain"), tuple(lacks))


def _involvement(results: Results) -> Subject:
    """How the company is involved in its negative impacts."""
    register = _open_register(results)
    if register is None:
        return Subject((), (Lack("involvement"),))
    negative = [row for row in register.entries if row.kind == "negative"]
    lacks = _entries_lacking("iro_involvement", negative, lambda row: bool(row.involvement))
    parts = ("iro_details",) if any(row.involvement for row in negative) else ()
    return Subject(parts, tuple(lacks) if negative else (Lack("involvement"),))


def _mitigation(results: Results) -> Subject:
    """What is done about negative impacts and risks that are material."""
    register = _open_register(results)
    if register is None:
        return Subject((), (Lack("mitigation"),))
    entries = [
        row for row in register.entries if row.is_material and row.kind in ("negative", "risk")
    ]
    lacks = _entries_lacking("iro_mitigation", entries, lambda row: _has_text(row.mitigation))
    has_any = any(_has_text(row.mitigation) for row in register.entries)
    if not has_any and not lacks:
        return Subject((), (Lack("mitigation"),))
    return Subject(("iro_details",) if has_any else (), tuple(lacks))


def _thresholds(results: Results) -> Subject:
    """The boundaries of tiers are printed with no reason; thresholds of the register have one."""
    register = _open_register(results)
    if register is None:
        return Subject(("method_note",), (Lack("thresholds"),))
    silent = [row for row in register.thresholds if not _has_text(row.reason)]
    lacks = [*_named("iro_thresholds", map(_kind_name, _kinds_without_threshold(register)))]
    lacks += _named("iro_threshold_reasons", [_kind_name(row.kind) for row in silent])
    parts = ("method_note", "thresholds") if register.thresholds else ("method_note",)
    return Subject(parts, tuple(lacks))


def _kinds_without_threshold(register: Register) -> list[str]:
    kinds = dict.fromkeys(row.kind for row in register.entries)
    return [kind for kind in kinds if register.threshold(kind) is None]


def _kind_name(kind: str) -> Text:
    return KIND_NAMES[kind]


def _sources(results: Results) -> Subject:
    silent = [topic.name for topic in results.topics if not topic.sources]
    return Subject(("evidence",), _named("sources", silent))


def _board(results: Results) -> Subject:
    """Who approves and when is in the context; who approved the results here may be another."""
    lacks = results.context.lacks("board", results.languages)
    if not lacks:
        return Subject(("method_note",))
    if results.approved_by:
        return Subject(("method_note",), (Lack("board"),))
    return Subject((), (Lack("approval"),))


def _revision(results: Results) -> Subject:
    """A locked round was last revised when it was locked, where nobody said otherwise."""
    lacks = results.context.lacks("revision", results.languages)
    if results.is_locked:
        lacks = [code for code in lacks if code != "last_revision"]
        return Subject(("method_note",), tuple(Lack(code) for code in lacks))
    if "last_revision" in lacks:
        return Subject((), (Lack("lock"),))
    return Subject(("method_note",), tuple(Lack(code) for code in lacks))


def _value_chain(results: Results) -> Subject:
    lacks = results.context.lacks("value_chain", results.languages)
    if len(lacks) == len(SIDES):
        return Subject((), (Lack("value_chain"),))
    parts = ("method_note", "value_chain") if _open_register(results) else ("method_note",)
    return Subject(parts, tuple(Lack(code) for code in lacks))


SUBJECTS: Mapping[str, Callable[[Results], Subject]] = {
    "about": _of_context("about"),
    "approach": _of_context("approach"),
    "board": _board,
    "changes": _changes,
    "channels": _of_each_group("channels", lambda group: bool(group.engagement.channels)),
    "content_index": _printed("content_index"),
    "controls": _printed("evidence"),
    "criteria": _printed("method_note"),
    "due_diligence": _of_context("due_diligence"),
    "effects": _own_words("effects"),
    "evidence": _printed("evidence"),
    "expectations": _of_each_group(
        "expectations", lambda group: bool(group.engagement.expectations)
    ),
    "experts": _experts,
    "financial": _financial,
    "frameworks": _of_context("frameworks"),
    "frequency": _of_each_group("frequency", lambda group: _has_text(group.engagement.frequency)),
    "groups": _of_each_group("how_chosen", lambda group: _has_text(group.engagement.how_chosen)),
    "horizons": _of_context("horizons"),
    "impact": _impact,
    "involvement": _involvement,
    "likelihood": _likelihood,
    "management": _own_words("management"),
    "method_changes": _method_changes,
    "mitigation": _mitigation,
    "not_material": _not_material,
    "own_topics": _printed("topics"),
    "process": _printed("method_note"),
    "ranking": _printed("topics"),
    "register": _register,
    "respondents": _respondents,
    "revision": _revision,
    "scope": _of_context("scope"),
    "set_topics": _set_topics,
    "severity": _severity,
    "sources": _sources,
    "thresholds": _thresholds,
    "topics": _printed("topics"),
    "uncertainty": _printed("method_note"),
    "value_chain": _value_chain,
    "weights": _printed("method_note"),
}
"""Every subject that a clause may name."""
