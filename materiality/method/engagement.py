"""Who raised which topic, and how the engagement of groups differs from last round's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from materiality.document.schema import Inputs, Score, version_of

Row = dict[str, Any]
Text = Mapping[str, str]

HIGHEST = 3
TEXTS = ("how_chosen", "frequency")
LISTS = ("expectations", "channels")


def topics_raised(inputs: Inputs, scored: Mapping[str, Sequence[Score]]) -> Row:
    """Return per dimension and unit the topics it rated highest: {dimension: {unit: [codes]}}.

    At most three, and at most half of the topics, the highest mean first; equal means come together
    or not at all, so that a group that rates all alike raises none. A mean that is withheld raises
    nothing (GRI 102-44: key topics, and which group raised each). Method 1 takes the first three,
    equal means in the order of the topics.
    """
    codes = [topic["code"] for topic in inputs["topics"]]
    highest = _first_three if version_of(inputs) == "1" else _highest
    by_dimension = {}
    for dimension, rows in scored.items():
        by_dimension[dimension] = {
            unit["code"]: highest(codes, [row["units"][unit["code"]]["mean"] for row in rows])
            for unit in inputs["units"][dimension]
        }
    return by_dimension


def _highest(codes: Sequence[str], means: Sequence[float | None]) -> list[str]:
    spoken = [
        (round(mean, 9), code) for mean, code in zip(means, codes, strict=True) if mean is not None
    ]
    most = min(HIGHEST, len(spoken) // 2)
    chosen: list[str] = []
    for value in sorted({mean for mean, _code in spoken}, reverse=True):
        together = [code for mean, code in spoken if mean == value]
        if len(chosen) + len(together) > most:
            break
        chosen += together
    return chosen


def _first_three(codes: Sequence[str], means: Sequence[float | None]) -> list[str]:
    spoken = [(-round(mean, 9), at) for at, mean in enumerate(means) if mean is not None]
    return [codes[at] for _mean, at in sorted(spoken)[:HIGHEST]]


@dataclass(frozen=True)
class GroupDifference:
    """What differs in one group's engagement: lines that came and went, texts then and now.

    `state` is new, gone, changed or same.
    """

    code: str
    state: str
    came: Mapping[str, tuple[Text, ...]]
    went: Mapping[str, tuple[Text, ...]]
    texts: Mapping[str, tuple[Text, Text]]


def differences(before: Sequence[Row], after: Sequence[Row]) -> list[GroupDifference]:
    """Return the difference of each group, this round's groups first.

    :param before: last round's groups as a bundle holds them; :param after: this round's.
    """
    old, new = ({row["code"]: row for row in rows} for rows in (before, after))
    codes_gone = [code for code in old if code not in new]
    return [_difference(code, old.get(code), new.get(code)) for code in (*new, *codes_gone)]


def _difference(code: str, before: Row | None, after: Row | None) -> GroupDifference:
    old, new = before or {}, after or {}
    came = {name: _without(new.get(name, []), old.get(name, [])) for name in LISTS}
    went = {name: _without(old.get(name, []), new.get(name, [])) for name in LISTS}
    texts = {
        name: (old.get(name) or {}, new.get(name) or {})
        for name in TEXTS
        if (old.get(name) or {}) != (new.get(name) or {})
    }
    changed = any(came.values()) or any(went.values()) or bool(texts)
    if not before:
        state = "new"
    elif not after:
        state = "gone"
    else:
        state = "changed" if changed else "same"
    return GroupDifference(code, state, came, went, texts)


def _without(lines: Sequence[Text], others: Sequence[Text]) -> tuple[Text, ...]:
    return tuple(line for line in lines if line not in others)
