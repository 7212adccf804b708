"""A dossier for each entry of the register: all that is known of it, for an auditor to read."""

from collections.abc import Iterator

from materiality.method.register import HORIZONS
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.report.tables import register
from materiality.report.text import name_in, number, plain
from materiality.results import Iro, IroJudgement, Results

FOLDER = "register"


def dossiers(assessment: Assessment, results: Results) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each dossier, in every language of the round; one query.

    Nothing for a round without a register.
    """
    kept = results.register
    if kept is None:
        return
    logged: dict[str, list[str]] = {}
    codes = [row.code for row in (*kept.entries, *kept.closed)]
    for event in assessment.events.filter(subject__in=codes).order_by("number"):
        logged.setdefault(event.subject, []).append(f"#{event.number} {event.verb}")
    for language in results.languages:
        edition = Edition(results, language)
        for row in (*kept.entries, *kept.closed):
            lines = _lines(edition, row, logged.get(row.code, []))
            yield f"{FOLDER}/{row.code}-{language}.txt", ("\n".join(lines) + "\n").encode()


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
    if told := register.links(edition, row):
        yield _fact(edition, "iro_links", told)
    yield _fact(edition, "iro_evidence", " ".join([plain(row.evidence), row.evidence_digest]))


def _assessment(edition: Edition, row: Iro) -> Iterator[str]:
    """Yield what each expert said, what they agreed on, the threshold, and what follows."""
    for said in register.judged(row):
        yield _judgement(edition, said)
    threshold = register.kept(edition).threshold(row.kind)
    if threshold is not None:
        told = [number(threshold.value), name_in(threshold.reason, edition.language)]
        told.append(register.when(edition, threshold.scores_before))
        yield _fact(edition, "iro_threshold", edition.say("semicolon").join(told))
    yield _fact(edition, "iro_value", number(row.value))
    yield _fact(edition, "iro_verdict", register.verdict(edition, row))
    yield _fact(edition, "iro_why", register.reason(edition, row))


def _judgement(edition: Edition, said: IroJudgement) -> str:
    who = plain(said.expert.name) if said.expert else edition.say("iro_consensus")
    marks = [f"{edition.say(f'iro_mark_{name}')} {mark:g}" for name, mark in said.marks.items()]
    for at in HORIZONS:
        if at in said.effects:
            name, (magnitude, likelihood) = edition.say(f"iro_{at}"), said.effects[at]
            marks.append(f"{name} {magnitude:g} × {likelihood:g}")
    told = note.enumeration(marks, edition.language) or "–"
    colon = edition.say("colon")
    return f"{who}{colon}{told} → {number(said.value)}. {plain(said.reason)}"


def _lineage(edition: Edition, row: Iro) -> Iterator[str]:
    for line in register.kept(edition).lines:
        if line.after is not None and line.after.code == row.code:
            named = edition.say(
                "iro_named",
                code=plain(line.before),
                title=name_in(line.before_title, edition.language),
            )
            yield _fact(edition, "iro_line_before", named)


def _fact(edition: Edition, name: str, value: str) -> str:
    return f"{edition.say(name)}{edition.say('colon')}{value.strip() or '–'}"
