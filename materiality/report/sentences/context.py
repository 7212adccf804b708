"""What a round is about: entity, period, standards, horizons, value chain, who approves.

Sentences come without their full stop; what nobody said has none.
"""

from collections.abc import Iterator

from materiality.document.schema import SIDES
from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.report.text import name_in, plain
from materiality.results.context import ChainStep, Text

STOPS = ".。;； "


def sentences(edition: Edition) -> Iterator[str]:
    """Yield a sentence for each thing that was said of the round as a whole."""
    context = edition.results.context
    yield from _text(edition, "entity", context.entity)
    yield from _text(edition, "scope", context.scope)
    if context.period:
        start, end = (note.day(day, edition.language) for day in context.period)
        yield edition.say("context_period", start=start, end=end)
    if context.as_annual_report is not None:
        yield edition.say(f"context_annual_{'same' if context.as_annual_report else 'other'}")
    if context.standards:
        names = [
            edition.say(
                "edition_of",
                standard=name_in(row.get("title", {}), edition.language, row["code"]),
                edition=plain(row["edition"]),
            )
            for row in context.standards
        ]
        listed = edition.say("semicolon").join(names)
        yield edition.say("context_standards", names=listed)
    if context.approach:
        yield edition.say(f"context_approach_{context.approach}")
    yield from _horizons(edition)
    for side in SIDES:
        if steps := context.on(side):
            listed = edition.say("semicolon").join(_step(edition, step) for step in steps)
            yield edition.say(f"context_chain_{side}", steps=listed)
    yield from _text(edition, "due_diligence", context.due_diligence)
    yield from _approval(edition)


def _text(edition: Edition, name: str, text: Text) -> Iterator[str]:
    if words := name_in(text, edition.language):
        yield edition.say(f"context_{name}", text=words.rstrip(STOPS))


def _horizons(edition: Edition) -> Iterator[str]:
    context = edition.results.context
    if context.years is None:
        return
    short, medium = (_years(edition, years) for years in context.years)
    if context.has_usual_horizons:
        yield edition.say("context_horizons_usual", short=short, medium=medium)
        return
    yield edition.say("context_horizons", short=short, medium=medium)
    yield from _text(edition, "horizons_reason", context.horizons_reason)


def _years(edition: Edition, years: int) -> str:
    return edition.say("context_year" if years == 1 else "context_years", n=years)


def _step(edition: Edition, step: ChainStep) -> str:
    """Return a stage with its places and relation in brackets, where they were said."""
    name = name_in(step.name, edition.language, step.code)
    about = [plain(step.places), name_in(step.relation, edition.language)]
    details = note.enumeration([part for part in about if part], edition.language)
    return f"{name}{edition.say('open')}{details}{edition.say('close')}" if details else name


def _approval(edition: Edition) -> Iterator[str]:
    context = edition.results.context
    if who := name_in(context.approver, edition.language).rstrip(STOPS):
        if context.approved_on:
            day = note.day(context.approved_on, edition.language)
            yield edition.say("context_approved", who=who, date=day)
        else:
            yield edition.say("context_approver", who=who)
    for name in ("last_revision", "next_revision"):
        if day := getattr(context, name):
            yield edition.say(f"context_{name}", date=note.day(day, edition.language))
