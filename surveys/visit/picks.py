"""Beyond ratings: the three topics that matter most, the best and worst of small sets, remarks.

In forms and drafts an item goes by the id of its first question. A draft holds
{"top": [item, …], "best": {set: item}, "worst": {set: item}}; each only if something is chosen.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from surveys.errors import InvalidAnswers
from surveys.models import CANNOT_JUDGE
from surveys.questionnaire.questionnaires import Item, Page, Questionnaire
from surveys.visit.visits import Draft

MOST = 3
SETS_A_PAGE = 3
TOP, SHOWN, BEST, WORST = 1, 2, 4, 8
"""Bits of a sealed pick: tapped among the three; shown in an answered set; best, worst of it."""

ENDS = {"b": "best", "w": "worst"}
Picks = Mapping[str, Any]


def rated_items(form: Questionnaire, ratings: Mapping[str, int]) -> list[Item]:
    """Return the items this person rated, the highest rated first."""
    highest = {item: _highest(item, ratings) for item in form.items}
    rated = [item for item in form.items if highest[item]]
    return sorted(rated, key=lambda item: -highest[item])


def _highest(item: Item, ratings: Mapping[str, int]) -> int:
    given = [ratings.get(str(question.pk), CANNOT_JUDGE) for question in item.questions]
    return max([rating for rating in given if rating != CANNOT_JUDGE], default=0)


def with_remarks(
    form: Questionnaire, remarks: Mapping[str, str], texts: Mapping[str, str]
) -> dict[str, str]:
    """Return the remarks with these put in; an empty one is taken away.

    :raises InvalidAnswers: a topic takes no remark.
    """
    known = {str(item.first) for item in form.items} if form.survey.topic_comments else set()
    if unknown := set(texts) - known:
        raise _not_asked(unknown)
    return {key: text for key, text in {**remarks, **texts}.items() if text}


def with_picks(form: Questionnaire, draft: Draft, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Return the picks of a draft with these put in; the last choice wins.

    :param chosen: "t<item>" → "1" or "" for the top three; "b<set>" and "w<set>" → the item.
    :raises InvalidAnswers: more than three, an item nobody offered, or one that is both ends.
    """
    top = {key[1:]: value for key, value in chosen.items() if key[0] == "t"}
    ends = {key: value for key, value in chosen.items() if key[0] in ENDS}
    return {
        "top": _top(form, draft, top),
        **_ends(form.sets(draft.draw), draft.picks, ends),
    }


def _top(form: Questionnaire, draft: Draft, taps: Mapping[str, str]) -> list[int]:
    rated = rated_items(form, draft.ratings) if form.survey.top_three else []
    offered = {item.first for item in rated}
    if unknown := set(taps) - set(map(str, offered)):
        raise _not_asked(unknown)
    before = [item for item in draft.picks.get("top", []) if item in offered]
    kept = [item for item in before if taps.get(str(item), "1")]
    kept += [int(item) for item, tapped in taps.items() if tapped and int(item) not in before]
    if len(kept) > MOST:
        raise InvalidAnswers(
            _("You chose %(found)d topics; choose at most %(most)d. Nothing was saved.")
            % {"found": len(kept), "most": MOST}
        )
    return kept


def _ends(sets: list[Page], picks: Picks, chosen: Mapping[str, str]) -> dict[str, dict[str, int]]:
    ends = {end: dict(picks.get(end, {})) for end in ENDS.values()}
    for name, value in chosen.items():
        end, other = ENDS[name[0]], ENDS["bw".replace(name[0], "")]
        number = name[1:]
        if number not in map(str, range(len(sets))) or not _is_in(sets[int(number)], value):
            raise _not_asked({name})
        if chosen.get(other[0] + number) == value:
            raise InvalidAnswers(
                _("One topic cannot matter both most and least. Choose two. Nothing was saved.")
            )
        ends[end][number] = int(value)
        if ends[other].get(number) == int(value):
            del ends[other][number]
    return ends


def _is_in(items: Page, value: str) -> bool:
    return value in [str(item.first) for item in items]


def _not_asked(names: Iterable[str]) -> InvalidAnswers:
    return InvalidAnswers(
        _("Question %(found)s is not one you are asked here. Nothing was saved.")
        % {"found": repr(min(names))[:40]}
    )


def sealed_picks(
    form: Questionnaire, draw: int | None, picks: Picks, ratings: Mapping[str, int]
) -> dict[str, int]:
    """Return item → bits, as sealed: of the top three those still rated, of sets the complete."""
    rated = {item.first for item in rated_items(form, ratings)}
    bits = {item: TOP for item in picks.get("top", []) if item in rated}
    best, worst = picks.get("best", {}), picks.get("worst", {})
    for number, items in enumerate(form.sets(draw)):
        ends = best.get(str(number)), worst.get(str(number))
        if None in ends:
            continue
        for item in items:
            found = SHOWN | BEST * (item.first == ends[0]) | WORST * (item.first == ends[1])
            bits[item.first] = bits.get(item.first, 0) | found
    keys = {item.first: item.key for item in form.items}
    return {keys[first]: found for first, found in bits.items()}
