"""Sort the topics one has rated into three: low, middle, high.

A draft holds {"sorted": {item: "low" | "middle" | "high"}}; fields are `s<item>` → one of them, or
"" to take the topic out again.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from surveys.kinds.kind import Balance, Choices, Count, Fields, Kind, not_asked, rated_items
from surveys.questionnaire.questionnaires import Questionnaire
from surveys.visit.visits import Draft

PLACES = {
    "low": pgettext_lazy("sort into three", "Low"),
    "middle": pgettext_lazy("sort into three", "Middle"),
    "high": pgettext_lazy("sort into three", "High"),
}
FEWEST = 3
"""Fewer topics are not sorted into three."""


class SortThree(Kind):
    code, step, letters = "sort_three", "sort", "s"
    bits = {"low": 16, "middle": 32, "high": 64}
    base = ("low", "middle", "high")
    label = gettext_lazy("After rating, people sort the topics into low, middle and high")
    measures = (
        Balance(
            "placed",
            gettext_lazy("High minus low"),
            gettext_lazy("Sorted highest:"),
            gettext_lazy(
                "High minus low: times sorted high, less times sorted low, over times sorted; "
                "from −1 to 1."
            ),
            plus="high",
            minus="low",
            of=base,
        ),
        Count("high", gettext_lazy("Sorted high"), bit="high"),
        Count("middle", gettext_lazy("Sorted middle"), bit="middle"),
        Count("low", gettext_lazy("Sorted low"), bit="low"),
    )

    def pages(self, form: Questionnaire, draft: Draft) -> int:
        """Return 1 if there are enough rated topics to sort."""
        return int(len(rated_items(form, draft.ratings)) >= FEWEST)

    def page(
        self, form: Questionnaire, draft: Draft, number: int, fields: Fields
    ) -> dict[str, Any]:
        rated = rated_items(form, draft.ratings)
        cards = [(item, fields.get(f"s{item.first}", "")) for item in rated]
        return {"places": PLACES.items(), "cards": cards}

    def fields(self, choices: Choices) -> dict[str, str]:
        return {f"s{item}": place for item, place in choices.get("sorted", {}).items()}

    def choose(self, form: Questionnaire, draft: Draft, fields: Fields) -> dict[str, Any]:
        rated = rated_items(form, draft.ratings) if form.survey.sort_three else []
        offered = {str(item.first) for item in rated}
        if unknown := {name for name in fields if name[1:] not in offered}:
            raise not_asked(unknown)
        if strange := {value for value in fields.values() if value and value not in PLACES}:
            raise not_asked(strange)
        before = draft.picks.get("sorted", {})
        places = {item: place for item, place in before.items() if item in offered}
        places |= {name[1:]: value for name, value in fields.items()}
        chosen = {item: place for item, place in places.items() if place}
        return {"sorted": chosen} if chosen or "sorted" in draft.picks else {}

    def seal(
        self,
        form: Questionnaire,
        draw: int | None,
        choices: Choices,
        ratings: Mapping[str, int],
    ) -> dict[int, int]:
        """Return the places of topics that are still rated."""
        rated = {item.first for item in rated_items(form, ratings)}
        places = choices.get("sorted", {})
        return {int(item): self.bits[place] for item, place in places.items() if int(item) in rated}
