"""Tap up to three of the topics one has rated.

A draft holds {"top": [item, …]} in the order of the taps; fields are `t<item>` → "1" or "".
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.errors import InvalidAnswers
from surveys.kinds.kind import Choices, Count, Fields, Kind, Share, not_asked, rated_items
from surveys.questionnaire.questionnaires import Item, Questionnaire
from surveys.visit.visits import Draft

MOST = 3


class TopThree(Kind):
    code, step, letters = "top_three", "top", "t"
    bits = {"top": 1}
    label = gettext_lazy("After rating, people may tap the three topics that matter most")
    measures = (
        Share(
            "share",
            gettext_lazy("Among the top three"),
            gettext_lazy("Most often among the top three:"),
            bit="top",
        ),
        Count("tapped", "", bit="top"),  # beside the share, without a column
    )

    def pages(self, form: Questionnaire, draft: Draft) -> int:
        """Return 1 if more topics were rated than may be tapped."""
        return int(len(rated_items(form, draft.ratings)) > MOST)

    def page(
        self, form: Questionnaire, draft: Draft, number: int, fields: Fields
    ) -> dict[str, Any]:
        rated = rated_items(form, draft.ratings)
        return {"most": MOST, "boxes": [(one, bool(fields.get(f"t{one.first}"))) for one in rated]}

    def fields(self, choices: Choices) -> dict[str, str]:
        return {f"t{item}": "1" for item in choices.get("top", [])}

    def unsent(self, form: Questionnaire, draft: Draft) -> dict[str, str]:
        return {f"t{item.first}": "" for item in rated_items(form, draft.ratings)}

    def choose(self, form: Questionnaire, draft: Draft, fields: Fields) -> dict[str, Any]:
        taps = {name[1:]: value for name, value in fields.items()}
        offered = self._offer(form, draft)
        if unknown := set(taps) - {str(item.first) for item in offered}:
            raise not_asked(unknown)
        firsts = {item.first for item in offered}
        before = [item for item in draft.picks.get("top", []) if item in firsts]
        picks = [item for item in before if taps.get(str(item), "1")]
        picks += [int(item) for item, tapped in taps.items() if tapped and int(item) not in before]
        if len(picks) > MOST:
            raise InvalidAnswers(
                _("You chose %(found)d topics; choose at most %(most)d. Nothing was saved.")
                % {"found": len(picks), "most": MOST}
            )
        return {"top": picks}

    def _offer(self, form: Questionnaire, draft: Draft) -> list[Item]:
        return rated_items(form, draft.ratings) if form.survey.top_three else []

    def seal(
        self,
        form: Questionnaire,
        draw: int | None,
        choices: Choices,
        ratings: Mapping[str, int],
    ) -> dict[int, int]:
        """Return the taps on topics that are still rated."""
        rated = {item.first for item in rated_items(form, ratings)}
        return {item: self.bits["top"] for item in choices.get("top", []) if item in rated}
