"""One row of a table → one person's answers, or why it cannot be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from surveys.errors import InvalidAnswers, RuleBroken, Unusable
from surveys.languages import in_language
from surveys.models import BLANK, AnswerTable, Audience, Question
from surveys.questionnaire.checks import checked_comment
from surveys.questionnaire.wording import plain
from surveys.tables.columns import AUDIENCE, COMMENT, FINISHED, ROLES, ROW, questions_by_meaning
from surveys.tables.words import rating_of

Cells = list[str]


@dataclass(frozen=True)
class Row:
    audience: int
    key: str
    ratings: dict[str, int]
    comment: str


@dataclass
class Reading:
    """What a table's columns mean, made ready for its rows, and the keys met so far."""

    survey: int
    columns: dict[str, int]
    questions: dict[int, Question]
    words: Mapping[str, int]
    audiences: dict[str, Audience]
    everyone: Audience | None
    asked: dict[int, set[int]]
    seen: dict[str, int] = field(default_factory=dict)
    told: dict[str, int | None] = field(default_factory=dict)

    def row(self, cells: Cells) -> Row | None:
        """Return the answers in a row, or None where somebody did not finish or answer anything.

        :raises Unusable: a value means nothing here.
        """
        if FINISHED in self.columns and not cells[self.columns[FINISHED]]:
            return None
        given = {at: cells[at] for at in self.questions}
        ratings = {at: rating for at in given if (rating := self._rating(given[at])) != BLANK}
        if not ratings:
            return None
        audience = self._audience(cells)
        for at in ratings:
            if self.questions[at].pk not in self.asked[audience.pk]:
                raise Unusable(given[at], _("“%s” is not asked of this group.") % self._title(at))
        stored = {str(self.questions[at].pk): rating for at, rating in ratings.items()}
        comment = self._comment(cells)
        return Row(audience.pk, self._key(cells, audience, stored, comment), stored, comment)

    def _rating(self, value: str) -> int:
        if value not in self.told:
            self.told[value] = rating_of(value, self.words)
        if (rating := self.told[value]) is None:
            raise Unusable(value, _("This is no rating from 1 to 5, nor a word that means one."))
        return rating

    def _audience(self, cells: Cells) -> Audience:
        if self.everyone:
            return self.everyone
        value = cells[self.columns[AUDIENCE]]
        if found := self.audiences.get(plain(value)):
            return found
        raise Unusable(value, _("There is no such group."))

    def _comment(self, cells: Cells) -> str:
        if COMMENT not in self.columns:
            return ""
        try:
            return checked_comment(cells[self.columns[COMMENT]])
        except InvalidAnswers as error:
            raise Unusable(cells[self.columns[COMMENT]][:50], str(error)) from error

    def _key(
        self, cells: Cells, audience: Audience, ratings: Mapping[str, int], comment: str
    ) -> str:
        """Return what tells this row again, and nobody can make up: an HMAC of its number or, in a
        table without numbers, of its content and how often that came before."""
        if ROW in self.columns:
            number = cells[self.columns[ROW]]
            if not number:
                raise Unusable("", _("The row has no number."))
            key = self._hmac(f"row:{number}")
            if key in self.seen:
                raise Unusable(number, _("This number stands in the table twice."))
            self.seen[key] = 1
            return key
        content = self._hmac(json.dumps([audience.code, ratings, comment], sort_keys=True))
        self.seen[content] = times = self.seen.get(content, 0) + 1
        return self._hmac(f"{content}:{times}")

    def _hmac(self, value: str) -> str:
        salted = salted_hmac("surveys.elsewhere", f"{self.survey}:{value}", algorithm="sha256")
        return salted.hexdigest()

    def _title(self, at: int) -> str:
        return in_language(self.questions[at].title)


def reading(table: AnswerTable) -> Reading:
    """Return how to read a table.

    :raises RuleBroken: the columns do not tell enough.
    """
    known = questions_by_meaning(table.survey)
    meanings = {int(at): meaning for at, meaning in table.meanings.items()}
    audiences = list(table.survey.audiences.all())
    found = Reading(
        survey=table.survey_id,
        columns={meaning: at for at, meaning in meanings.items() if meaning in ROLES},
        questions={at: known[meaning] for at, meaning in meanings.items() if meaning in known},
        words=table.words,
        audiences=_audiences(table, audiences),
        everyone=table.audience,
        asked={one.pk: set(one.questions.values_list("pk", flat=True)) for one in audiences},
    )
    if not found.questions:
        raise RuleBroken(_("Choose at least one column that holds ratings of a topic."))
    if not found.everyone and AUDIENCE not in found.columns:
        raise RuleBroken(_("Choose the group, or the column that names it."))
    return found


def _audiences(table: AnswerTable, audiences: list[Audience]) -> dict[str, Audience]:
    by_code = {audience.code: audience for audience in audiences}
    named = {plain(name): one for one in audiences for name in (one.code, *one.name.values())}
    said = {value: by_code[code] for value, code in table.audiences.items() if code in by_code}
    return named | said
