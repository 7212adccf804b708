"""What stands beside the numbers: who answered, what weighs what, the rule, what is left out."""

from collections.abc import Iterable, Sequence
from datetime import date

from materiality.document.schema import AXES
from materiality.method.composites import FINANCIAL
from materiality.method.feeding import SURVEY, is_fed
from materiality.report.edition import Edition
from materiality.report.sentences.naming import rule_sentences
from materiality.report.text import name_in, number, plain
from materiality.report.words import say
from materiality.results import Results, Score, TopicResult, Unit

FEW_UNITS = 3


def matrix_title(edition: Edition) -> str:
    view = edition.results.view
    return edition.wording(f"{view}_title" if view else "matrix_title")


def confidence(results: Results) -> str:
    """Return the level of the intervals in percent."""
    return f"{results.inputs.get('confidence', 0.95) * 100:g}"


def score_with_interval(edition: Edition, score: Score) -> str:
    """Return a score as one reads it where one points at a topic: "4.25 (4.10–4.40)"."""
    if score.low is None:
        return number(score.score)
    ends = edition.say("interval", low=number(score.low), high=number(score.high))
    return f"{number(score.score)} {ends}"


def axis_title(edition: Edition, axis: str) -> str:
    row = edition.results.axes[axis]
    return name_in(row.get("name") or {}, edition.language, row["code"])


def topic_name(topic: TopicResult, language: str) -> str:
    return name_in(topic.name, language, topic.code)


def is_drawn(topic: TopicResult) -> bool:
    return topic.tier is not None and topic.x is not None and topic.y is not None


def is_listed(results: Results, topic: TopicResult) -> bool:
    """Return whether a topic has its place in the list: it is drawn.

    Where experts alone scored, an axis may have no entry: its tier is enough then.
    """
    return topic.tier is not None if results.is_without_survey else is_drawn(topic)


def enumeration(names: Iterable[str], language: str) -> str:
    return say(language, "comma").join(names)


def day(moment: str, language: str) -> str:
    """Return the date of an ISO moment as it is read in this language.

    >>> day("2021-03-12T10:00:00+08:00", "zh-hans"), day("2021-03-12", "en")
    ('2021 年 3 月 12 日', '12 March 2021')
    """
    try:
        date_of_moment = date.fromisoformat(moment[:10])
    except ValueError:
        return plain(moment)
    if language.startswith("zh"):
        return f"{date_of_moment.year} 年 {date_of_moment.month} 月 {date_of_moment.day} 日"
    return f"{date_of_moment.day} {_MONTHS[date_of_moment.month - 1]} {date_of_moment.year}"


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


def status(edition: Edition) -> str:
    """Return when and by whom the round was locked, or that it is a draft."""
    if edition.results.locked_at is None:
        return edition.say("draft")
    who = plain(edition.results.locked_by or "")
    key = "locked_by" if who else "locked"
    return edition.say(key, date=day(edition.results.locked_at, edition.language), who=who)


def short_digest(results: Results) -> str:
    return results.digest.removeprefix("sha256:")[:12]


def stamp(edition: Edition) -> str:
    """Return the line every file carries: whose, which year, which version; draft, simulated."""
    parts = [
        edition.wording(
            "file_stamp",
            version=edition.results.version,
            status=status(edition),
            digest=short_digest(edition.results),
        )
    ]
    if edition.results.simulated:
        parts.append(edition.say("simulated"))
    if plan := plan_in_short(edition):
        parts.append(plan)
    return " · ".join(parts)


def plan_in_short(edition: Edition) -> str:
    """Return whether the method was fixed before the answers; "" where a bundle does not say."""
    registration = edition.results.document["results"].get("registration")
    if registration is None:
        return ""
    key = f"plan_short_{registration['state']}"
    if registration["state"] == "changed":
        is_late = any(change["after_answers"] for change in registration["changes"])
        key = "plan_short_changed_late" if is_late else "plan_short_changed_early"
    return of_plan(edition, key)


KNOWN_EITHER = frozenset(
    {"plan_not_fixed", "plan_late", "plan_short_not_fixed", "plan_short_changed_late"}
)
"""Sentences that name answers or scores, where both feed the axes: either may have come first."""


def of_plan(edition: Edition, key: str, **fields: object) -> str:
    """Return a sentence on what was known when: answers, scores where nobody answered, or both."""
    if edition.results.is_without_survey:
        return edition.say(f"{key}_scores", **fields)
    if is_fed(edition.results.inputs) and key in KNOWN_EITHER:
        return edition.say(f"{key}_fed", **fields)
    return edition.say(key, **fields)


def sentences(edition: Edition, *, low: float) -> list[str]:
    """Return the note under the matrix, one sentence each (without the full stop)."""
    lines = [
        *_warnings(edition),
        _sources(edition),
        edition.say(
            "note_scale",
            points=_count_in_words(edition.results.points, edition.language),
            low=f"{low:.1f}",
        ),
        *composition(edition),
        *feeding(edition),
        *rule_sentences(edition),
        *exceptions(edition),
    ]
    return lines


def _sources(edition: Edition) -> str:
    """Return what the axes rest on: who rated each, or that experts alone scored."""
    if edition.results.is_without_survey:
        return edition.say("alone_source")
    return edition.say("note_source", y=source(edition, "y"), x=source(edition, "x"))


def composition(edition: Edition) -> list[str]:
    """Return how the answers to several questions became one number, where they did."""
    lines = []
    for axis in reversed(AXES):
        made_of = edition.results.axes[axis].get("composite")
        if not made_of:
            continue
        if made_of["kind"] == FINANCIAL:
            lines.append(edition.say("note_financial"))
        else:
            lines.append(edition.say(f"note_severity_{made_of.get('severity_rule', 'max')}"))
        if "likelihood" in made_of.get("parts", {}):
            rule = made_of.get("likelihood_rule", "scaled")
            lines.append(edition.say(f"note_likelihood_{rule}"))
    return lines


def feeding(edition: Edition) -> list[str]:
    """Return how the register takes part in the axes, where it is more than a list."""
    register = edition.results.register
    if register is None or register.feeds == SURVEY:
        return []
    if edition.results.is_without_survey:
        return [edition.say("alone_score"), edition.say("alone_ranges")]
    return [edition.say(f"note_register_{register.feeds}")]


def _warnings(edition: Edition) -> list[str]:
    lines = [edition.say("simulated")] if edition.results.simulated else []
    return lines if edition.results.is_locked else [edition.say("draft"), *lines]


def source(edition: Edition, axis: str) -> str:
    """Return who rated this axis and with what weights."""
    code = edition.results.axes[axis]["code"]
    units = edition.results.units[code] or _units_of_parts(edition.results, code)
    if not edition.results.units[code] and units:
        names = enumeration((unit_name(unit, edition.language) for unit in units), edition.language)
        return edition.say("note_composite", names=names)
    if len(units) > FEW_UNITS:
        codes = {group for unit in units for group in unit.groups}
        kinds = {group.kind for group in edition.results.groups if group.code in codes}
        key = "note_stakeholders" if kinds == {"stakeholders"} else "note_many"
        groups = _count_in_words(len(codes), edition.language)
        sentence = edition.say(key, groups=groups, n=edition.results.responses[code])
    else:
        rows = (
            edition.say("note_group", name=unit_name(unit, edition.language), n=unit.responses)
            for unit in units
        )
        sentence = edition.say("note_few", names=enumeration(rows, edition.language))
    return sentence + edition.say("open") + weights(units, edition.language) + edition.say("close")


def _units_of_parts(results: Results, code: str) -> Sequence[Unit]:
    """Return who was asked the questions that a dimension is worked out from."""
    parts = (units for part, units in results.units.items() if part.startswith(f"{code}."))
    return next(parts, ())


def unit_name(unit: Unit, language: str) -> str:
    return name_in(unit.name, language, unit.code)


def weights(units: Sequence[Unit], language: str) -> str:
    """Return the weights in words; a pooled unit counts for each of its groups."""
    each = {unit.weight / len(unit.groups) for unit in units if unit.groups}
    if len(each) <= 1:
        return say(language, "weights_equal")
    rows = (
        say(language, "weight_group", name=unit_name(unit, language), weight=f"{unit.weight:g}")
        for unit in units
    )
    return say(language, "weights_unequal", weights=enumeration(rows, language))


def exceptions(edition: Edition) -> list[str]:
    """Return what differs from the plain case: pooled, silent, not ranked, overridden."""
    units = [
        unit for axis in "yx" for unit in edition.results.units[edition.results.axes[axis]["code"]]
    ]
    lines = [
        edition.say(
            "note_pooled",
            name=unit_name(unit, edition.language),
            k=edition.results.minimum_group,
            n=len(unit.groups),
        )
        for unit in units
        if unit.is_pooled
    ]
    silent = [unit_name(unit, edition.language) for unit in units if not unit.answered]
    if silent:
        lines.append(edition.say("note_silent", names=enumeration(silent, edition.language)))
    unranked = [
        topic_name(topic, edition.language)
        for topic in edition.results.topics
        if not is_drawn(topic)
    ]
    if unranked:
        key = "alone_unranked" if edition.results.is_without_survey else "note_unranked"
        lines.append(edition.say(key, names=enumeration(unranked, edition.language)))
    if any(topic.overridden for topic in edition.results.topics):
        lines.append(edition.say("note_overridden"))
    return lines


def paragraph(parts: Sequence[str], language: str) -> str:
    """Join sentences with the full stops of the language."""
    stop = say(language, "stop")
    return "".join(part[:1].upper() + part[1:] + stop for part in parts).strip()


_CHINESE = "零一二三四五六七八九十"
_ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def _count_in_words(value: int, language: str) -> str:
    """Return a small number in words.

    >>> _count_in_words(6, "zh-hans"), _count_in_words(5, "en"), _count_in_words(12, "en")
    ('六', 'five', '12')
    """
    names = _CHINESE if language.startswith("zh") else _ENGLISH
    return names[value] if 0 <= value < len(names) else str(value)


def answers(edition: Edition) -> str:
    """Return how many answered each axis, and whether they were simulated."""
    results = edition.results
    if results.is_without_survey:
        return _no_answers(edition)
    rows = [
        f"{axis_title(edition, axis)} {results.responses[results.axes[axis]['code']]}"
        for axis in "yx"
    ]
    text = edition.say("semicolon").join(rows)
    return f"{edition.say('simulated')} · {text}" if edition.results.simulated else text


def _no_answers(edition: Edition) -> str:
    """Return that no survey was held, and how many experts scored instead."""
    register = edition.results.register
    text = edition.say("alone_answers", n=len(register.experts) if register else 0)
    return f"{edition.say('simulated')} · {text}" if edition.results.simulated else text


def period(edition: Edition) -> str:
    opened, closed = edition.results.about.get("opened"), edition.results.about.get("closed")
    if not (opened and closed):
        return ""
    if opened == closed:
        return day(opened, edition.language)
    return edition.say(
        "period", opened=day(opened, edition.language), closed=day(closed, edition.language)
    )
