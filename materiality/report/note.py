"""What stands beside the numbers: who answered, what weighs what, the rule, what is left out."""

import math
from collections.abc import Iterable, Sequence
from datetime import date

from materiality.bundle.schema import AXES
from materiality.method.composites import FINANCIAL
from materiality.report.text import named, number, plain
from materiality.report.words import say
from materiality.results import Results, Rule, TopicResult, Unit

FEW_UNITS = 3
WEIGHTED = ("weighted_sum", "natural_breaks", "quantiles")


def word(results: Results, language: str) -> str:
    """Return the word of the round: 实质性 or 重要性, material."""
    chosen = results.about.get("word") or {}
    found = chosen.get(language, "") if isinstance(chosen, dict) else ""
    return plain(found) or say(language, "word")


def wording(results: Results, language: str, key: str, **fields: object) -> str:
    """Return a wording with the round's word, year and previous year filled in."""
    chosen = word(results, language)
    return say(
        language,
        key,
        word=chosen,
        Word=chosen.capitalize(),
        year=plain(results.about["year"]),
        previous=plain(results.about.get("previous_year") or ""),
        organisation=organisation(results, language),
        **fields,
    )


def organisation(results: Results, language: str) -> str:
    name = results.about.get("organisation") or {}
    return named(name, language) if isinstance(name, dict) else plain(name)


def tier_name(results: Results, language: str, tier: int | None) -> str:
    if not tier:
        return wording(results, language, "unranked")
    view = results.view
    return wording(results, language, f"{view}_tier_{tier}" if view else f"tier_{tier}")


def tier_heading(results: Results, language: str, tier: int) -> str:
    """Return what a list of the topics of this tier is headed by."""
    if results.view:
        return tier_name(results, language, tier)
    return wording(results, language, f"tier_heading_{tier}")


def matrix_title(results: Results, language: str) -> str:
    view = results.view
    return wording(results, language, f"{view}_title" if view else "matrix_title")


def confidence(results: Results) -> str:
    """Return the level of the intervals in percent."""
    return f"{results.inputs.get('confidence', 0.95) * 100:g}"


def axis_title(results: Results, language: str, axis: str) -> str:
    row = results.axes[axis]
    return named(row.get("name") or {}, language, row["code"])


def topic_name(topic: TopicResult, language: str) -> str:
    return named(topic.name, language, topic.code)


def is_drawn(topic: TopicResult) -> bool:
    return topic.tier is not None and topic.x is not None and topic.y is not None


def listed(names: Iterable[str], language: str) -> str:
    return say(language, "comma").join(names)


def day(moment: str, language: str) -> str:
    """Return the date of an ISO moment as it is read in this language.

    >>> day("2021-03-12T10:00:00+08:00", "zh-hans"), day("2021-03-12", "en")
    ('2021 年 3 月 12 日', '12 March 2021')
    """
    try:
        found = date.fromisoformat(moment[:10])
    except ValueError:
        return plain(moment)
    if language.startswith("zh"):
        return f"{found.year} 年 {found.month} 月 {found.day} 日"
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def status(results: Results, language: str) -> str:
    """Return when and by whom the round was locked, or that it is a draft."""
    if results.locked_at is None:
        return say(language, "draft")
    who = plain(results.locked_by or "")
    key = "locked_by" if who else "locked"
    return say(language, key, date=day(results.locked_at, language), who=who)


def short_digest(results: Results) -> str:
    return results.digest.removeprefix("sha256:")[:12]


def stamp(results: Results, language: str) -> str:
    """Return the line every file carries: whose, which year, which version; draft, simulated."""
    parts = [
        wording(
            results,
            language,
            "file_stamp",
            version=results.version,
            status=status(results, language),
            digest=short_digest(results),
        )
    ]
    if results.simulated:
        parts.append(say(language, "simulated"))
    return " · ".join(parts)


def sentences(results: Results, language: str, *, low: float) -> list[str]:
    """Return the note under the matrix, one sentence each (without the full stop)."""
    found = [
        *_warnings(results, language),
        say(
            language,
            "note_source",
            y=source(results, language, "y"),
            x=source(results, language, "x"),
        ),
        say(language, "note_scale", points=_counted(results.points, language), low=f"{low:.1f}"),
        *composed(results, language),
        *rule_sentences(results, language),
        *exceptions(results, language),
    ]
    return found


def composed(results: Results, language: str) -> list[str]:
    """Return how the answers to several questions became one number, where they did."""
    found = []
    for axis in reversed(AXES):
        made_of = results.axes[axis].get("composite")
        if not made_of:
            continue
        if made_of["kind"] == FINANCIAL:
            found.append(say(language, "note_financial"))
        else:
            found.append(say(language, f"note_severity_{made_of.get('severity_rule', 'max')}"))
        if "likelihood" in made_of.get("parts", {}):
            rule = made_of.get("likelihood_rule", "scaled")
            found.append(say(language, f"note_likelihood_{rule}"))
    return found


def _warnings(results: Results, language: str) -> list[str]:
    found = [say(language, "simulated")] if results.simulated else []
    return found if results.is_locked else [say(language, "draft"), *found]


def source(results: Results, language: str, axis: str) -> str:
    """Return who rated this axis and with what weights."""
    code = results.axes[axis]["code"]
    units = results.units[code] or _units_of_parts(results, code)
    if not results.units[code] and units:
        names = listed((unit_name(unit, language) for unit in units), language)
        return say(language, "note_composite", names=names)
    if len(units) > FEW_UNITS:
        asked = {group for unit in units for group in unit.groups}
        kinds = {group.kind for group in results.groups if group.code in asked}
        key = "note_stakeholders" if kinds == {"stakeholders"} else "note_many"
        groups = _counted(len(asked), language)
        said = say(language, key, groups=groups, n=results.responses[code])
    else:
        rows = (
            say(language, "note_group", name=unit_name(unit, language), n=unit.responses)
            for unit in units
        )
        said = say(language, "note_few", names=listed(rows, language))
    return said + say(language, "open") + weights(units, language) + say(language, "close")


def _units_of_parts(results: Results, code: str) -> Sequence[Unit]:
    """Return who was asked the questions that a dimension is worked out from."""
    asked = (units for part, units in results.units.items() if part.startswith(f"{code}."))
    return next(asked, ())


def unit_name(unit: Unit, language: str) -> str:
    return named(unit.name, language, unit.code)


def weights(units: Sequence[Unit], language: str) -> str:
    """Return the weights in words; a pooled unit counts for each of its groups."""
    each = {unit.weight / len(unit.groups) for unit in units if unit.groups}
    if len(each) <= 1:
        return say(language, "weights_equal")
    rows = (
        say(language, "weight_group", name=unit_name(unit, language), weight=f"{unit.weight:g}")
        for unit in units
    )
    return say(language, "weights_unequal", weights=listed(rows, language))


def rule_sentences(results: Results, language: str) -> list[str]:
    """Return where the boundaries are, and what the overall score is where that is not plain."""
    rule = results.rule
    found = [say(language, f"note_rule_{rule.kind}", **_cuts(rule))]
    if rule.kind in WEIGHTED and rule.weight_x != rule.weight_y:
        total = rule.weight_x + rule.weight_y
        x, y = (number(weight / total) for weight in (rule.weight_x, rule.weight_y))
        found.append(say(language, "note_rule_weights", x=x, y=y))
    if band := results.inputs["rule"].get("band"):
        found.append(say(language, "note_band", band=f"{band:g}"))
    return found


def _cuts(rule: Rule) -> dict[str, str]:
    x, y = rule.axis_cuts or (None, None)
    high, low = (None if math.isnan(cut) else cut for cut in (rule.cut_high, rule.cut_low))
    return {"high": number(high), "low": number(low), "x": number(x), "y": number(y)}


def exceptions(results: Results, language: str) -> list[str]:
    """Return what differs from the plain case: pooled, silent, not ranked, overridden."""
    units = [unit for axis in "yx" for unit in results.units[results.axes[axis]["code"]]]
    found = [
        say(
            language,
            "note_pooled",
            name=unit_name(unit, language),
            k=results.minimum_group,
            n=len(unit.groups),
        )
        for unit in units
        if unit.is_pooled
    ]
    silent = [unit_name(unit, language) for unit in units if not unit.answered]
    if silent:
        found.append(say(language, "note_silent", names=listed(silent, language)))
    unranked = [topic_name(topic, language) for topic in results.topics if not is_drawn(topic)]
    if unranked:
        found.append(say(language, "note_unranked", names=listed(unranked, language)))
    if any(topic.overridden for topic in results.topics):
        found.append(say(language, "note_overridden"))
    return found


def paragraph(parts: Sequence[str], language: str) -> str:
    """Join sentences with the full stops of the language."""
    stop = say(language, "stop")
    return "".join(part[:1].upper() + part[1:] + stop for part in parts).strip()


_CHINESE = "零一二三四五六七八九十"
_ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def _counted(value: int, language: str) -> str:
    """Return a small number in words.

    >>> _counted(6, "zh-hans"), _counted(5, "en"), _counted(12, "en")
    ('六', 'five', '12')
    """
    names = _CHINESE if language.startswith("zh") else _ENGLISH
    return names[value] if 0 <= value < len(names) else str(value)


def answers(results: Results, language: str) -> str:
    """Return how many answered each axis, and whether they were simulated."""
    rows = [
        f"{axis_title(results, language, axis)} {results.responses[results.axes[axis]['code']]}"
        for axis in "yx"
    ]
    said = say(language, "semicolon").join(rows)
    return f"{say(language, 'simulated')} · {said}" if results.simulated else said


def period(results: Results, language: str) -> str:
    opened, closed = results.about.get("opened"), results.about.get("closed")
    if not (opened and closed):
        return ""
    return say(language, "period", opened=day(opened, language), closed=day(closed, language))


def rule_in_words(results: Results, language: str) -> str:
    rule = results.rule
    found = say(
        language,
        f"rule_{rule.kind}",
        tier_1=_inside(tier_name(results, language, 1), language),
        tier_2=_inside(tier_name(results, language, 2), language),
        **_cuts(rule),
    )
    return say(language, "semicolon").join([found, *rule_sentences(results, language)[1:]])


def _inside(name: str, language: str) -> str:
    """Return a tier's name as it is written within a sentence."""
    return f"“{name}”" if language.startswith("zh") else name.lower()
