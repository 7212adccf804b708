"""A standard held against the report: clause, where it is answered, what is missing."""

from collections.abc import Sequence

from materiality.catalogue.clauses import Profile
from materiality.report.edition import Edition
from materiality.report.sentences import note, register
from materiality.report.tables import Column, Table
from materiality.report.tables.register import is_kept
from materiality.report.text import name_in
from materiality.results.clauses import ClauseAnswer, Lack, clause_answers


def table(edition: Edition, profile: Profile) -> Table:
    """Return a row a clause."""
    columns = [
        Column(edition.say("clause"), 1.0),
        Column(edition.say("clause_asks"), 2.6),
        Column(edition.say("clause_state"), 0.8),
        Column(edition.say("clause_where"), 1.8),
        Column(edition.say("clause_lacks"), 3.0),
    ]
    if is_kept(edition.results):
        columns.insert(-1, Column(edition.say("clause_says"), 3.0))
    rows = [
        [
            answer.code,
            name_in(answer.asks, edition.language),
            edition.say(f"clause_{answer.state}"),
            note.enumeration(
                (edition.say(f"part_{part}") for part in answer.parts), edition.language
            ),
            *_told(edition, answer),
            _sentences(edition, answer.lacks),
        ]
        for answer in clause_answers(edition.results, profile)
    ]
    return Table(f"clauses_{profile.code}", name_in(profile.title, edition.language), columns, rows)


def _told(edition: Edition, answer: ClauseAnswer) -> list[str]:
    """Return what the register says to the clause, in a cell; no cell without a register."""
    if not is_kept(edition.results):
        return []
    lines = dict.fromkeys(
        line for subject in answer.subjects for line in register.about(edition, subject)
    )
    return [note.paragraph(list(lines), edition.language) if lines else ""]


def _sentences(edition: Edition, lacks: Sequence[Lack]) -> str:
    between = "" if edition.is_chinese else " "
    return between.join(_sentence(edition, lack) for lack in lacks)


def _sentence(edition: Edition, lack: Lack) -> str:
    names = note.enumeration(
        (name_in(name, edition.language) for name in lack.of), edition.language
    )
    return edition.say(f"lack_{lack.code}", names=names)
