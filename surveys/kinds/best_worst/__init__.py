"""Choose the best and the worst of small sets of topics (best-worst scaling, Finn & Louviere 1992).

A draft holds {"best": {set: item}, "worst": {set: item}}; fields are `b<set>` and `w<set>` → item.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.errors import InvalidAnswers
from surveys.kinds.kind import Balance, Choices, Count, Fields, Kind, not_asked
from surveys.models import FEWEST_TO_COMPARE
from surveys.questionnaire.questionnaires import (
    Item,
    Page,
    Questionnaire,
    equal_sizes,
    shuffle,
)
from surveys.visit.visits import Draft

SET_SIZE = 5
SETS_A_PAGE = 3
ENDS = {"b": "best", "w": "worst"}
OTHER = {"b": "w", "w": "b"}


class BestWorst(Kind):
    code, step, letters = "best_worst", "best", "bw"
    bits = {"shown": 2, "best": 4, "worst": 8}
    label = gettext_lazy(
        "After rating, people choose best and worst of small sets (25 topics or more)"
    )
    measures = (
        Balance(
            "score",
            gettext_lazy("Best minus worst"),
            gettext_lazy("Highest best minus worst:"),
            gettext_lazy(
                "Best minus worst: times chosen best, less times chosen worst, over times "
                "compared; from −1 to 1."
            ),
            plus="best",
            minus="worst",
            of=("shown",),
        ),
        Count("shown", gettext_lazy("Times compared"), bit="shown"),
    )

    def pages(self, form: Questionnaire, draft: Draft) -> int:
        sets = len(sets_of(form, draft.draw))
        return -(-sets // SETS_A_PAGE)

    def page(
        self, form: Questionnaire, draft: Draft, number: int, fields: Fields
    ) -> dict[str, Any]:
        sets = list(enumerate(sets_of(form, draft.draw)))
        sets_of_page = sets[(number - 1) * SETS_A_PAGE :][:SETS_A_PAGE]
        rows = [(at, [_row(item, at, fields) for item in items]) for at, items in sets_of_page]
        return {"of": len(sets), "sets": rows}

    def fields(self, choices: Choices) -> dict[str, str]:
        return {
            f"{letter}{number}": str(item)
            for letter, end in ENDS.items()
            for number, item in choices.get(end, {}).items()
        }

    def choose(self, form: Questionnaire, draft: Draft, fields: Fields) -> dict[str, Any]:
        sets = sets_of(form, draft.draw)
        ends = {end: dict(draft.picks.get(end, {})) for end in ENDS.values()}
        for name, value in fields.items():
            letter, number = name[0], name[1:]
            if number not in map(str, range(len(sets))) or not _is_in(sets[int(number)], value):
                raise not_asked({name})
            if fields.get(OTHER[letter] + number) == value:
                raise InvalidAnswers(
                    _("One topic cannot matter both most and least. Choose two. Nothing was saved.")
                )
            end, other = ENDS[letter], ENDS[OTHER[letter]]
            ends[end][number] = int(value)
            if ends[other].get(number) == int(value):
                del ends[other][number]
        return ends

    def seal(
        self,
        form: Questionnaire,
        draw: int | None,
        choices: Choices,
        ratings: Mapping[str, int],
    ) -> dict[int, int]:
        """Return the ends of the complete sets, and who was shown in them."""
        best, worst = choices.get("best", {}), choices.get("worst", {})
        bits: dict[int, int] = {}
        for number, items in enumerate(sets_of(form, draw)):
            ends = best.get(str(number)), worst.get(str(number))
            if None in ends:
                continue
            for item in items:
                bits[item.first] = self.bits["shown"]
                bits[item.first] |= self.bits["best"] * (item.first == ends[0])
                bits[item.first] |= self.bits["worst"] * (item.first == ends[1])
        return bits

    def lack(self, topics: int) -> str | None:
        if topics >= FEWEST_TO_COMPARE:
            return None
        sentence = _("Best and worst need %(least)d topics or more; this survey has %(found)d.")
        return sentence % {"least": FEWEST_TO_COMPARE, "found": topics}


def sets_of(form: Questionnaire, draw: int | None) -> list[Page]:
    """Return the sets one person chooses from: each item once, four or five a set."""
    if draw is None or not form.survey.best_worst:
        return []
    row = shuffle(list(form.items), f"sets{draw}")
    sets = []
    for size in equal_sizes(len(row), SET_SIZE):
        sets.append(row[:size])
        row = row[size:]
    return sets


def _row(item: Item, at: int, fields: Fields) -> tuple[Item, bool, bool]:
    value = str(item.first)
    return item, fields.get(f"b{at}") == value, fields.get(f"w{at}") == value


def _is_in(items: Page, value: str) -> bool:
    return value in [str(item.first) for item in items]
