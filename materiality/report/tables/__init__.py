"""The tables of the report, once, for every file that prints them: workbook, document, slides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from materiality.document.schema import Axis as AxisName
from materiality.method.composites import parts
from materiality.report.edition import Edition
from materiality.report.figure.layout.scale import common_axis
from materiality.report.figure.layout.shapes import Axis
from materiality.report.sentences import counts, naming, note, registration
from materiality.report.sentences.method_note import dimension_name
from materiality.report.signs import GLYPHS, shape
from materiality.report.text import name_in, number, percent, plain
from materiality.report.words import WORDS, say
from materiality.results import (
    LongChange,
    Results,
    Score,
    Text,
    TierMove,
    TopicResult,
    Unit,
    UnitScore,
)

Cell = str | float | int | None


@dataclass(frozen=True)
class Column:
    """A heading, how wide it is against the others, and how its numbers are shown."""

    heading: str
    width: float = 1.0
    form: str = "text"  # text, score, share, whole, weight (a share in words)

    @property
    def is_number(self) -> bool:
        """Numbers stand at the right, their units below each other."""
        return self.form != "text"


@dataclass(frozen=True)
class Table:
    name: str
    heading: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def shown(value: Cell, form: str) -> str:
    """Return a cell as it is printed: scores with two decimals, counts whole, texts as they are.

    >>> shown(4.256, "score"), shown(3, "whole"), shown(0.5, "share"), shown(None, "whole")
    ('4.26', '3', '50%', '')
    """
    if isinstance(value, str):
        return value
    if form == "whole":
        return "" if value is None else str(value)
    if form == "share":
        return percent(value)
    return number(value)


_INTERVAL = (
    ("low", "score"),
    ("high", "score"),
    ("n", "whole"),
    ("dont_know", "whole"),
    ("high_share", "share"),
)


def topics(edition: Edition) -> Table:
    """Scores, intervals, ranks and tiers, one row per topic."""
    say_ = _sayer(edition.language)
    names = {axis: note.axis_title(edition, axis) for axis in "xy"}
    columns = [
        Column(say_("number"), 0.65, "whole"),
        Column(say_("topic"), 3.0),
        Column(say_("category"), 1.25),
        *(Column(names[axis], 1.4, "score") for axis in "xy"),
        Column(say_("overall"), 1.0, "score"),
        Column(say_("tier"), 1.4),
        Column(say_("suggested_tier"), 1.4),
        Column(say_("stability"), 1.0, "share"),
        Column(edition.say("rank_interval", percent=note.confidence(edition.results)), 1.0),
        *(
            Column(edition.say(key, name=names[axis]), 1.2, form)
            for axis in "xy"
            for key, form in _INTERVAL
        ),
        Column(say_("code"), 1.4),
        Column(say_("definition"), 4.0),
    ]  # fmt: skip
    rows = [_topic_row(edition, at, topic) for at, topic in enumerate(edition.results.topics, 1)]
    return Table("topics", say_("sheet_topics"), columns, rows)


def _topic_row(edition: Edition, at: int, topic: TopicResult) -> list[Cell]:
    sides: Sequence[AxisName] = ("x", "y")
    axes = [edition.results.axes[axis]["code"] for axis in sides]
    return [
        at if note.is_listed(edition.results, topic) else None,
        note.topic_name(topic, edition.language),
        category(topic, edition.language),
        topic.x,
        topic.y,
        topic.overall,
        naming.tier_name(edition, topic.tier),
        naming.tier_name(edition, topic.suggested_tier),
        topic.stability,
        rank_interval(topic),
        *(cell for code in axes for cell in _interval(edition.results, topic, code)),
        plain(topic.code),
        name_in(topic.definition, edition.language),
    ]


def rank_interval(topic: TopicResult) -> str:
    """Return between which ranks the topic may stand, given who answered."""
    if topic.rank_interval is None:
        return ""
    best, worst = topic.rank_interval
    return f"{best}–{worst}" if best != worst else str(best)


def _interval(results: Results, topic: TopicResult, dimension: str) -> tuple[Cell, ...]:
    score = topic.scores[dimension]
    unknown = sum(unit.dont_know for unit in score.units)
    high = results.high_shares.get((topic.code, dimension))
    share = high["share"] if high else None
    return score.low, score.high, counts.total(score), unknown, share


def category(topic: TopicResult, language: str) -> str:
    key = f"category_{topic.category}"
    return say(language, key) if key in WORDS[language] else plain(topic.category)


def topic_list(edition: Edition) -> Table:
    """The short list that a report prints: tier, number, topic, overall score."""
    say_ = _sayer(edition.language)
    numbers = {topic.code: at for at, topic in enumerate(edition.results.topics, 1)}
    tiers = edition.results.tiers
    rows: list[Sequence[Cell]] = [
        [
            f"{GLYPHS[shape(tier, len(tiers))]} {naming.tier_name(edition, tier)}",
            numbers[topic.code],
            note.topic_name(topic, edition.language) + (" *" if topic.overridden else ""),
            category(topic, edition.language),
            topic.overall,
        ]
        for tier in tiers
        for topic in edition.results.tier(tier)
        if note.is_listed(edition.results, topic)
    ]
    rows += [
        [
            say_("unranked"),
            None,
            note.topic_name(topic, edition.language),
            category(topic, edition.language),
            None,
        ]
        for topic in edition.results.topics
        if not note.is_listed(edition.results, topic)
    ]
    columns = [
        Column(say_("tier"), 1.6),
        Column(say_("number"), 0.65, "whole"),
        Column(say_("topic"), 3.6),
        Column(say_("category"), 1.25),
        Column(say_("overall"), 1.0, "score"),
    ]
    heading = edition.wording("list_heading")
    return Table("list", heading, columns, rows)


def group_means(edition: Edition) -> Table:
    """Means per disclosed unit, one row per topic, dimension and unit; none under the minimum."""
    say_ = _sayer(edition.language)
    columns = [
        Column(say_("number"), 0.65, "whole"),
        Column(say_("topic"), 3.0),
        Column(say_("dimension"), 2.0),
        Column(say_("unit"), 2.0),
        Column(say_("mean"), 0.8, "score"),
        Column(say_("ratings"), 0.8, "whole"),
        Column(say_("dont_know_short"), 0.8, "whole"),
    ]
    rows: list[Sequence[Cell]] = [
        [
            at,
            note.topic_name(topic, edition.language),
            dimension_name(edition, dimension),
            note.unit_name(unit.unit, edition.language),
            *(
                (unit.mean, unit.n, unit.dont_know)
                if unit.unit.code in units
                else (None, _why_kept_back(edition, score, unit), None)
            ),
        ]
        for at, topic in enumerate(edition.results.topics, 1)
        for dimension, score in topic.scores.items()
        for units in [counts.printable(score)]
        for unit in score.units
    ]
    return Table("groups", say_("sheet_groups"), columns, rows)


def _why_kept_back(edition: Edition, score: Score, unit: UnitScore) -> str:
    if unit.n < score.minimum_group:
        return edition.say("suppressed", k=score.minimum_group)
    return edition.say("kept_back")


def who_answered(edition: Edition) -> Table:
    """Who was asked, who answered, by what way, and what each group weighs on either axis.

    Groups too small to be told alone have their numbers kept back, as everywhere.
    """
    say_ = _sayer(edition.language)
    results = edition.results
    axes: Sequence[AxisName] = ("y", "x")
    shares = [_shares(edition, axis) for axis in axes]
    known = [group for group in results.groups if group.invited or group.responses]
    modes = {group.code: _modes_of(edition, group.code) for group in known}
    like = _counts_like(edition)
    columns = [
        Column(say_("engagement_group"), 2.0),
        *([Column(say_("asked_by"), 1.75)] if any(modes.values()) else []),
        Column(say_("board_invited"), 1.1, "whole"),
        Column(say_("board_answered"), 1.4, "whole"),
        Column(say_("board_rate"), 1.4, "share"),
        *([Column(say_("counts_like"), 1.3)] if like else []),
        *(Column(say_(f"weight_{axis}"), 1.45, "weight") for axis in axes),
    ]
    rows: list[Sequence[Cell]] = [
        [
            name_in(group.name, edition.language, group.code),
            *([modes[group.code] or "–"] if any(modes.values()) else []),
            group.invited,
            group.responses,
            group.response_rate,
            *([like.get(group.code, "–")] if like else []),
            *(of_axis.get(group.code, "–") for of_axis in shares),
        ]
        for group in known
    ]
    return Table("who_answered", say_("who_answered"), columns, rows)


def _counts_like(edition: Edition) -> Mapping[str, str]:
    """Return what the answers of parts weighted by known shares are worth together, per part.

    Where that is not the same on all questions, only that: the method note tells each number.
    """
    raking = edition.results.inputs.get("raking") or []
    groups = {row["name"]: row["groups"] for row in raking}
    texts: dict[str, set[str | None]] = {}
    for row in (row for rows in edition.results.raking.values() for row in rows):
        text = None
        if row["state"] == "weighted":
            text = edition.say(
                "raked_like",
                n=row["answers"],
                like=round(row["effective_n"] or 0),
                deff=f"{row['deff']:.2f}",
            )
        texts.setdefault(row["name"], set()).add(text)
    cells: dict[str, str] = {}
    for name, wordings in texts.items():
        [text, *others] = wordings
        if others:
            text = edition.say("raked_like_differs")
        if text:
            cells |= dict.fromkeys(groups[name], text)
    return cells


def _shares(edition: Edition, axis: AxisName) -> Mapping[str, str]:
    """Return what share of an axis each group carries; a pooled unit's for all its groups."""
    row = edition.results.axes[axis]
    made_of = row.get("composite")
    code = parts(made_of)[0] if made_of else row["code"]
    return {
        group: edition.say("weight_together", share=percent(unit.share))
        if unit.is_pooled
        else percent(unit.share)
        for unit in edition.results.units.get(code, ())
        for group in unit.groups
    }


def _modes_of(edition: Edition, group: str) -> str:
    """Return how a group was asked: anonymously, by name, or one survey so and one so."""
    dimensions = {
        code
        for code, units in edition.results.units.items()
        if any(group in unit.groups for unit in units)
    }
    modes = [
        survey["mode"]
        for survey in edition.results.surveys
        if dimensions & set(survey["dimensions"])
    ]
    names = [edition.say(f"mode_{mode}") for mode in dict.fromkeys(modes)]
    return note.enumeration(names, edition.language)


def weights(edition: Edition) -> Table:
    """What each unit weighs, and what it carries once silent ones are left out."""
    say_ = _sayer(edition.language)
    group_names = {
        group.code: name_in(group.name, edition.language, group.code)
        for group in edition.results.groups
    }
    columns = [
        Column(say_("dimension"), 2.0),
        Column(say_("unit"), 2.2),
        Column(say_("groups"), 2.2),
        Column(say_("responses"), 1.5, "whole"),
        Column(say_("weight"), 1.15, "score"),
        Column(say_("share"), 1.15, "share"),
        Column(say_("answered"), 1.6),
    ]
    rows: list[Sequence[Cell]] = [
        [
            dimension_name(edition, dimension),
            note.unit_name(unit, edition.language),
            note.enumeration(
                (group_names.get(code, plain(code)) for code in unit.groups), edition.language
            ),
            unit.responses,
            unit.weight,
            unit.share,
            _said_of(unit, edition.language),
        ]
        for dimension, units in edition.results.units.items()
        for unit in units
    ]
    return Table("weights", say_("sheet_weights"), columns, rows)


def _said_of(unit: Unit, language: str) -> str:
    if not unit.answered:
        return say(language, "silent")
    return say(language, "pooled") if unit.is_pooled else say(language, "yes")


def decisions(edition: Edition) -> Table:
    """Every tier as suggested and as decided, with the reason where they differ."""
    say_ = _sayer(edition.language)
    columns = [
        Column(say_("number"), 0.65, "whole"),
        Column(say_("topic"), 3.0),
        Column(say_("suggested_tier"), 1.4),
        Column(say_("decided_tier"), 1.4),
        Column(say_("reason"), 4.0),
    ]
    rows: list[Sequence[Cell]] = [
        [
            at,
            note.topic_name(topic, edition.language) + (" *" if topic.overridden else ""),
            naming.tier_name(edition, topic.suggested_tier),
            naming.tier_name(edition, topic.tier),
            plain(topic.reason_in(edition.language)),
        ]
        for at, topic in enumerate(edition.results.topics, 1)
    ]
    return Table("decisions", say_("sheet_decisions"), columns, rows)


def overridden(edition: Edition) -> Table:
    """The decisions that differ from the rule, with their reasons."""
    table = decisions(edition)
    pairs = zip(table.rows, edition.results.topics, strict=True)
    return replace(table, rows=[row for row, topic in pairs if topic.overridden])


def tier_moves(edition: Edition) -> list[str]:
    """Return the topics whose tier changed since last year, one line each.

    One line that says why there are none, where the two years have not as many tiers.
    """
    if not edition.results.has_comparable_tiers:
        return [naming.tiers_apart(edition)]
    return [
        edition.say(
            "move",
            topic=note.topic_name(move.topic, edition.language),
            before=naming.tier_name_before(edition, move.before),
            after=naming.tier_name(edition, move.after),
            cause=cause(edition, move),
        ).rstrip("。. ")
        for move in edition.results.tier_moves
    ]


def cause(edition: Edition, move: TierMove | LongChange) -> str:
    """Return why a tier moved, and that the score did not move by more than chance where so."""
    before = move.before if isinstance(move, TierMove) else next(iter(move.tiers_before), None)
    codes = [move.cause] if move.cause == "decision" else list(move.causes or (move.cause,))
    causes = [_cause(edition, code, before, move.restated) for code in codes]
    if move.verdict in ("within_noise", "cannot_tell") and move.cause != "decision":
        causes.append(edition.say(f"change_{move.verdict}"))
    return edition.say("semicolon").join(causes)


def _cause(edition: Edition, code: str, before: int | None, restated: int | None) -> str:
    """Return one cause; where there are no steps, with last year's tier under this year's rule."""
    key = f"cause_{code}"
    if key not in WORDS[edition.language]:
        return plain(code)
    tier = naming.tier_name(edition, restated)
    differs = restated is not None and restated != before
    restated_key = f"{key}_restated"
    if differs and restated_key in WORDS[edition.language]:
        return edition.say(restated_key, tier=tier)
    return edition.say(key)


def matrix_axis(results: Results) -> Axis:
    """Return the range both axes of the matrix have."""
    drawn = [topic for topic in results.topics if note.is_drawn(topic)]
    values = [value for topic in drawn for value in (topic.x, topic.y) if value is not None]
    return common_axis(values, points=results.points)


def prints_changes(results: Results) -> bool:
    """A change table with open questions is not printed, and there is none in a first year."""
    return bool(results.inputs.get("previous")) and not results.open_questions


def changes(edition: Edition) -> Table:
    """Last year's topics, this year's topics, the reason; "/" for none."""
    columns = [
        Column(edition.wording("changes_before"), 1.5),
        Column(edition.wording("changes_after"), 1.5),
        Column(edition.say("changes_reason"), 2.0),
    ]
    rows = [
        [plain(cell) for cell in row.columns(edition.language)] for row in edition.results.changes
    ]
    heading = edition.wording("changes_heading")
    return Table("changes", heading, columns, rows)


def engagement(edition: Edition) -> Table:
    """Stakeholders, their expectations, the channels by which they are heard, and how often.

    The last column is there where the round says so of a group (GRI 102-43, SZSE Art. 53). Where
    a panel alone judged there is no row; a sentence, `engagement_none`, stands in its place.
    """
    groups = [group for group in edition.results.groups if group.kind == "stakeholders"]
    columns = [
        Column(edition.say("engagement_group"), 1.2),
        Column(edition.say("engagement_expectations"), 2.4),
        Column(edition.say("engagement_channels"), 2.4),
    ]
    rows = [
        [
            name_in(group.name, edition.language, group.code),
            _lines(group.engagement.expectations, edition.language),
            _lines(group.engagement.channels, edition.language),
        ]
        for group in groups
    ]
    often = [name_in(group.engagement.frequency, edition.language) for group in groups]
    if any(often):
        columns.append(Column(edition.say("engagement_frequency"), 1.0))
        rows = [[*row, frequency] for row, frequency in zip(rows, often, strict=True)]
    return Table("engagement", edition.say("engagement_heading"), columns, rows)


def _lines(texts: Sequence[Text], language: str) -> str:
    lines = [name_in(text, language) for text in texts]
    return note.enumeration([line for line in lines if line], language)


def about(edition: Edition) -> Table:
    """Whose numbers these are, from when, by which method, and how to check them."""
    from materiality.report.sentences.problems import problems

    is_asked = not edition.results.is_without_survey
    facts: list[tuple[str, str]] = [
        ("about_organisation", edition.organisation),
        ("about_year", plain(edition.results.about["year"])),
        ("about_status", note.status(edition)),
        ("about_digest", edition.results.digest),
        ("about_answers", note.answers(edition)),
        ("about_collected", note.period(edition)),
        ("about_scale", edition.say("points", points=edition.results.points)),
        ("about_rule", naming.rule_in_words(edition)),
        (
            "about_minimum",
            edition.say("minimum", k=edition.results.minimum_group) if is_asked else "",
        ),
        ("about_method", edition.say("score" if is_asked else "alone_score")),
        ("about_ranges", edition.say("range_caveat" if is_asked else "alone_ranges")),
        ("about_plan", " ".join(registration.sentences(edition))),
        *(("about_problems", line) for line in problems(edition)),
    ]
    rows = [[edition.say(key), text] for key, text in facts if text]
    columns = [Column(edition.say("sheet_about"), 1.4), Column("", 6.0)]
    return Table("about", edition.say("sheet_about"), columns, rows)


def _sayer(language: str) -> Callable[[str], str]:
    return lambda key: say(language, key)
