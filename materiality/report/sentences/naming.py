"""What tiers are called, and from which scores each one begins."""

import math
from collections.abc import Sequence

from materiality.document.schema import Text, previous_of
from materiality.document.tiers import NONE, words_of
from materiality.method.rules import tiers_before
from materiality.report.edition import Edition
from materiality.report.text import name_in, number
from materiality.results import Rule

WEIGHTED = ("weighted_sum", "natural_breaks", "quantiles")


def tier_name(edition: Edition, tier: int | None) -> str:
    """Return what the round calls a tier, or what it is usually called."""
    if not tier:
        return edition.wording("unranked")
    if view := edition.results.view:
        return edition.wording(f"{view}_tier_{tier}")
    own = _own_name(edition, edition.results.inputs.get("tier_names") or [], tier)
    return own or edition.wording(f"tier_{_word(edition, tier)}")


def tier_name_before(edition: Edition, tier: int | None) -> str:
    """Return what the previous round called one of its own tiers."""
    before = previous_of(edition.results.inputs)
    if not tier or "tiers" not in before:
        return tier_name(edition, tier)
    own = _own_name(edition, before.get("tier_names") or [], tier)
    if own:
        return own
    words = words_of(tiers_before(edition.results.inputs), is_double=_is_double(before["preset"]))
    return edition.wording(f"tier_{words[tier - 1]}")


def is_material(edition: Edition, tier: int | None) -> bool:
    """Return whether a tier is one of material topics; one that a round named itself may be."""
    if not tier:
        return False
    return bool(edition.results.inputs.get("tier_names")) or _word(edition, tier) != NONE


def tier_heading(edition: Edition, tier: int) -> str:
    """Return what a list of the topics of this tier is headed by."""
    names = edition.results.inputs.get("tier_names") or []
    word = "" if edition.results.view else _word(edition, tier)
    if not word or word == NONE or _own_name(edition, names, tier):
        return tier_name(edition, tier)
    return edition.wording(f"tier_heading_{word}")


def _own_name(edition: Edition, names: Sequence[Text], tier: int) -> str:
    return name_in(names[tier - 1], edition.language) if names else ""


def _word(edition: Edition, tier: int) -> str:
    preset = edition.results.about.get("preset") or ""
    words = words_of(len(edition.results.tiers), is_double=_is_double(preset))
    return words[tier - 1]


def _is_double(preset: str) -> bool:
    return preset == "double"


def tiers_apart(edition: Edition) -> str:
    """Return that tiers of the two years cannot be compared, for there are not as many."""
    return edition.wording(
        "tiers_apart",
        old=tiers_before(edition.results.inputs),
        new=len(edition.results.tiers),
    )


# -- the rule --------------------------------------------------------------------------------------


def rule_sentences(edition: Edition) -> list[str]:
    """Return where the boundaries are, and what the overall score is where that is not plain."""
    rule = edition.results.rule
    sentence = edition.say(f"note_rule_{_kind(rule)}", **_places(edition))
    if len(rule.cuts) == 1:
        sentence = edition.say(f"note_rule_{rule.kind}_one", **_places(edition))
    sentences = [sentence]
    if rule.kind in WEIGHTED and rule.weight_x != rule.weight_y:
        total = rule.weight_x + rule.weight_y
        x, y = (number(weight / total) for weight in (rule.weight_x, rule.weight_y))
        sentences.append(edition.say("note_rule_weights", x=x, y=y))
    if band := edition.results.inputs["rule"].get("band"):
        sentences.append(edition.say("note_band", band=f"{band:g}"))
    return sentences


def rule_in_words(edition: Edition) -> str:
    """Return what puts a topic into each tier but the lowest."""
    rule = edition.results.rule
    names = {
        f"tier_{tier}": _inside(tier_name(edition, tier), edition.language)
        for tier in edition.results.tiers
    }
    kind = f"quadrants_{rule.tiers}" if rule.kind == "quadrants" else rule.kind
    sentence = edition.say(f"rule_{kind}", **names, **_places(edition))
    for tier, cut in enumerate(rule.cuts[1:], start=2):
        values = {"cut": _number(cut), "tier": names[f"tier_{tier}"]}
        sentence += edition.say(f"rule_further_{rule.kind}", **values)
    return edition.say("semicolon").join([sentence, *rule_sentences(edition)[1:]])


def _kind(rule: Rule) -> str:
    """Return which wording tells the boundaries: five quadrant tiers have two on each axis."""
    return "quadrants_5" if rule.kind == "quadrants" and len(rule.cuts_x) > 1 else rule.kind


def _places(edition: Edition) -> dict[str, str]:
    """Return the cuts as words have them: the highest, all of them, those of each axis."""
    rule = edition.results.rule
    cuts = [_number(cut) for cut in rule.cuts]
    return {
        "high": cuts[0] if cuts else "",
        "cuts": joined(edition, cuts),
        "x": number(rule.cuts_x[0]) if rule.cuts_x else "",
        "y": number(rule.cuts_y[0]) if rule.cuts_y else "",
        "x_low": number(rule.cuts_x[-1]) if rule.cuts_x else "",
        "y_low": number(rule.cuts_y[-1]) if rule.cuts_y else "",
    }


def joined(edition: Edition, parts: Sequence[str]) -> str:
    """Return the parts as one list, with “and” before the last."""
    if len(parts) < 2:
        return "".join(parts)
    first = edition.say("comma").join(parts[:-1])
    return edition.say("and", first=first, last=parts[-1])


def _number(cut: float) -> str:
    return number(None if math.isnan(cut) else cut)


def _inside(name: str, language: str) -> str:
    """Return a tier's name as it is written within a sentence."""
    return f"“{name}”" if language.startswith("zh") else name.lower()
