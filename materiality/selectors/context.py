"""What of a round's context is missing, and which clauses of which standards ask for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from materiality.catalogue.clauses import Profile, profiles
from materiality.inputs.context import context_of
from materiality.models import Assessment
from materiality.results.context import ASKED, read_context


@dataclass(frozen=True)
class Missing:
    """A thing that nobody has said, and the clauses that ask for it, standard by standard.

    `languages` holds those it is not written in, where it is written in another one.
    """

    code: str
    clauses: tuple[tuple[Profile, tuple[str, ...]], ...]
    languages: tuple[str, ...] = ()


def missing_of(assessment: Assessment) -> list[Missing]:
    """Return what the standards that the round names ask of its context and nobody has said.

    Where it names none that is known clause by clause, those of all standards.
    """
    context = read_context(context_of(assessment))
    named = {(row["code"], row["edition"]) for row in context.standards}
    chosen = [row for row in profiles() if (row.code, row.edition) in named] or profiles()
    languages = tuple(assessment.languages)
    lacks = {subject: context.lacks(subject, languages) for subject in ASKED}
    codes = dict.fromkeys(code for codes_lacking in lacks.values() for code in codes_lacking)
    missing = []
    for code in codes:
        subjects = {subject for subject, codes_lacking in lacks.items() if code in codes_lacking}
        if clauses := tuple(_clauses(chosen, subjects)):
            missing.append(Missing(code, clauses, context.unwritten(code, languages)))
    return missing


def _clauses(
    chosen: Iterable[Profile], subjects: set[str]
) -> Iterator[tuple[Profile, tuple[str, ...]]]:
    for one in chosen:
        if codes := tuple(c.code for c in one.clauses if subjects & set(c.subjects)):
            yield one, codes
