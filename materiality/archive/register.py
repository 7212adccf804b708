"""A dossier for each entry of the register: all that is known of it, for an auditor to read."""

from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Q

from materiality.method.register import HORIZONS
from materiality.models import Assessment, Event, Verb
from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.report.tables import register
from materiality.report.text import name_in, number, percent, plain
from materiality.results import Iro, IroJudgement, Results

FOLDER = "register"
OF_MANY = (
    Verb.IMPORT_IROS,
    Verb.CARRY_IROS,
    Verb.ASSIGN_IROS,
    Verb.UNASSIGN_IROS,
    Verb.SET_IRO_THRESHOLDS,
)
"""What the log tells of many entries at once, in no entry's name."""


def dossiers(assessment: Assessment, results: Results) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each dossier, in every language of the round; one query.

    Nothing for a round without a register.
    """
    iros = results.register
    if iros is None:
        return
    logged = _logged(assessment, [*iros.entries, *iros.closed])
    for language in results.languages:
        edition = Edition(results, language)
        for row in (*iros.entries, *iros.closed):
            lines = _lines(edition, row, logged.get(row.code, []))
            yield f"{FOLDER}/{row.code}-{language}.txt", ("\n".join(lines) + "\n").encode()


def _logged(assessment: Assessment, rows: Iterable[Iro]) -> dict[str, list[str]]:
    """Return by code the log's entries about an entry: its own, and those about many at once."""
    kinds: dict[str, list[str]] = {}
    for row in rows:
        kinds.setdefault(row.kind, []).append(row.code)
    codes = [code for of_kind in kinds.values() for code in of_kind]
    about = Q(subject__in=codes) | Q(verb__in=OF_MANY)
    logged: dict[str, list[str]] = {}
    for event in assessment.events.filter(about).order_by("number"):
        named = _named(event, kinds) if event.verb in OF_MANY else {event.subject}
        for code in codes:
            if code in named:
                logged.setdefault(code, []).append(f"#{event.number} {event.verb}")
    return logged


def _named(event: Event, kinds: Mapping[str, list[str]]) -> set[str]:
    """Return the codes of the entries that an event about many is about."""
    values = event.before if event.verb == Verb.UNASSIGN_IROS else event.after
    if event.verb in (Verb.ASSIGN_IROS, Verb.UNASSIGN_IROS):  # codes by expert
        return {code for codes in values.values() for code in codes}
    if event.verb == Verb.SET_IRO_THRESHOLDS:  # a threshold is of each entry of its kind
        return {code for kind in values for code in kinds.get(kind, [])}
    return set(values)


def _lines(edition: Edition, row: Iro, logged: list[str]) -> Iterator[str]:
    yield f"{plain(row.code)} {register.title(edition, row)}"
    yield note.stamp(edition)
    yield ""
    yield from _facts(edition, row)
    if row.is_closed:
        yield _fact(edition, "iro_line_closed", name_in(row.closing_reason or {}, edition.language))
    else:
        yield ""
        yield from _assessment(edition, row)
    lineage = list(_lineage(edition, row))
    if lineage:
        yield ""
        yield from lineage
    if logged:
        yield ""
        yield _fact(edition, "dossier_log", note.enumeration(logged, edition.language))


def _facts(edition: Edition, row: Iro) -> Iterator[str]:
    """Yield what is written of an entry, a line a field; what is empty says so."""
    language = edition.language
    yield _fact(edition, "topic", register.topic_name(edition, row.topic))
    yield _fact(edition, "iro_kind", edition.say(f"iro_{row.kind}"))
    if row.is_closed:
        return
    yield _fact(edition, "iro_description", name_in(row.description or {}, language))
    if row.axis == "impact":
        yield _fact(edition, "dossier_happens", register.kind(edition, row))
        yield _fact(edition, "iro_affected", name_in(row.affected or {}, language))
        involvement = edition.say(f"iro_{row.involvement}") if row.involvement else ""
        yield _fact(edition, "iro_involvement", involvement)
        yield _fact(edition, "iro_human_rights", edition.say("yes" if row.human_rights else "no"))
    yield _fact(edition, "iro_stage", register.where(edition, row))
    yield _fact(edition, "iro_horizon", register.horizon(edition, row))
    yield _fact(edition, "iro_dependency", name_in(row.dependency or {}, language))
    yield _fact(edition, "iro_mitigation", name_in(row.mitigation or {}, language))
    yield _fact(edition, "iro_basis", edition.say("iro_net" if row.is_net else "iro_gross"))
    if row.is_read_twice:
        yield _fact(edition, "iro_beside", number(row.beside))
    if links := register.links(edition, row):
        yield _fact(edition, "iro_links", links)
    yield _fact(edition, "iro_evidence", " ".join([plain(row.evidence), row.evidence_digest]))


def _assessment(edition: Edition, row: Iro) -> Iterator[str]:
    """Yield what each expert said, what they agreed on, the threshold, and what follows."""
    for judgement in register.judged(row):
        yield _judgement(edition, judgement)
    if row.judgements_beside:
        basis = edition.say("iro_gross" if row.is_net else "iro_net")
        yield _fact(edition, "dossier_beside", basis)
        for judgement in row.judgements_beside:
            yield _marks(edition, judgement)
    threshold = register.register_of(edition).threshold(row.kind)
    if threshold is not None:
        texts = [number(threshold.value), name_in(threshold.reason, edition.language)]
        texts.append(register.when(edition, threshold.scores_before))
        yield _fact(edition, "iro_threshold", edition.say("semicolon").join(texts))
    yield _fact(edition, "iro_value", number(row.value))
    yield _fact(edition, "iro_verdict", register.verdict(edition, row))
    missing = register.why_no_probability(edition, row)
    yield _fact(edition, "iro_probability_of_entry", missing or percent(row.probability))
    yield _fact(edition, "iro_why", register.reason(edition, row))


def _judgement(edition: Edition, judgement: IroJudgement) -> str:
    return _marks(edition, judgement, comes_to=f" → {number(judgement.value)}")


def _marks(edition: Edition, judgement: IroJudgement, *, comes_to: str = "") -> str:
    who = plain(judgement.expert.name) if judgement.expert else edition.say("iro_consensus")
    marks = [
        f"{edition.say(f'iro_mark_{name}')} {mark:g}" for name, mark in judgement.marks.items()
    ]
    for at in HORIZONS:
        if at in judgement.effects:
            name, (magnitude, likelihood) = edition.say(f"iro_{at}"), judgement.effects[at]
            marks.append(f"{name} {magnitude:g} × {likelihood:g}")
    values = note.enumeration(marks, edition.language) or "–"
    colon = edition.say("colon")
    return f"{who}{colon}{values}{comes_to}. {plain(judgement.reason)}"


def _lineage(edition: Edition, row: Iro) -> Iterator[str]:
    for line in register.register_of(edition).lines:
        if line.after is not None and line.after.code == row.code:
            named = edition.say(
                "iro_named",
                code=plain(line.before),
                title=name_in(line.before_title, edition.language),
            )
            yield _fact(edition, "iro_line_before", named)


def _fact(edition: Edition, name: str, value: str) -> str:
    return f"{edition.say(name)}{edition.say('colon')}{value.strip() or '–'}"
