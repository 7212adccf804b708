"""The register of a round's results as its pictures show it."""

from collections.abc import Hashable

from materiality.report.edition import Edition
from materiality.report.figure.register.chain import ChainStep, three_stages, with_entries
from materiality.report.figure.register.marks import Entry, Setting
from materiality.report.text import name_in, plain
from materiality.results import Results
from materiality.results.register import Iro


def entries_of(edition: Edition) -> list[Entry]:
    """Return the open entries, in the language of the edition; none without a register."""
    register = edition.results.register
    return [_entry(edition, row) for row in register.entries] if register else []


def steps_of(edition: Edition) -> list[ChainStep]:
    """Return the stages of the value chain that the context names, else its three sides."""
    entries, named = entries_of(edition), edition.results.context.chain
    register = edition.results.register
    if not named or register is None:
        return three_stages(entries)
    keys = {plain(row.code): row.step for row in register.entries}
    known = {step.code for step in named}
    lying: dict[Hashable, list[Entry]] = {}
    for entry in entries:
        step = keys[entry.code]
        lying.setdefault(step if step in known else None, []).append(entry)
    steps = [
        ChainStep(
            side=step.side,
            name=name_in(step.name, edition.language, step.code),
            places=(plain(step.places),) if step.places else (),
            relation=name_in(step.relation, edition.language),
        )
        for step in named
    ]
    pairs = [(row.code, step) for row, step in zip(named, steps, strict=True)]
    return with_entries(pairs, lying)


def setting_of(results: Results) -> Setting:
    """Return what the scores of the register mean.

    :raises LookupError: the round has no register.
    """
    register = results.register
    if register is None:
        raise LookupError("The round has no register.")
    thresholds = {row.kind: row.value for row in register.thresholds}
    return Setting(float(results.points), register.likelihood_rule, thresholds)


def _entry(edition: Edition, row: Iro) -> Entry:
    place = edition.results.iro_places.get(row.code)
    return Entry(
        code=plain(row.code),
        title=name_in(row.title, edition.language, row.code),
        kind=row.kind,
        stage=row.stage or "own",
        place=plain(row.place),
        value=row.value,
        gravity=place.gravity if place else None,
        likelihood=place.likelihood if place else None,
        is_material=row.is_material,
        is_disputed=row.is_disputed and not row.is_settled,
    )
