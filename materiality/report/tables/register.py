"""The register as tables: every entry, what is material and why, topics, scores, thresholds."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from materiality.method.register import HORIZONS, KINDS
from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.report.tables import Cell, Column, Table
from materiality.report.text import name_in, number, percent, plain
from materiality.results import Iro, IroJudgement, IroScale, IroTopic, Register, Results, Text

CRITERIA = ("scale", "scope", "irremediability", "likelihood", "magnitude")
MARKS = ("scale", "scope", "irremediability", "likelihood")


def is_kept(results: Results) -> bool:
    """Whether the round has a register with open entries."""
    return results.register is not None and bool(results.register.entries)


def is_told(results: Results) -> bool:
    """Whether there is something to say of last round's entries, new ones or closed ones."""
    register = results.register
    return register is not None and bool(register.lines or register.closed)


def register_of(edition: Edition) -> Register:
    """Return the register.

    :raises LookupError: there is none; ask `is_kept` or `is_told` first.
    """
    register = edition.results.register
    if register is None:
        raise LookupError("The round has no register.")
    return register


def entries(edition: Edition) -> Table:
    """Every entry in short, the most significant of each topic first."""
    columns = [
        *_names_columns(edition),
        Column(edition.say("iro_stage"), 1.6),
        Column(edition.say("iro_horizon"), 1.1),
        Column(edition.say("iro_value"), 1.75, "score"),
        Column(edition.say("iro_verdict"), 1.2),
    ]
    rows = [
        [
            *_names(edition, row),
            where(edition, row),
            horizon(edition, row),
            row.value,
            sure_verdict(edition, row),
        ]
        for row in by_topic(register_of(edition))
    ]
    return Table("iros", edition.say("sheet_iros"), columns, rows)


def material(edition: Edition) -> Table:
    """What reaches its threshold, the most significant first, and why."""
    columns = [*_names_columns(edition), Column(edition.say("iro_why"), 4.6)]
    entries = [row for row in register_of(edition).entries if row.is_material]
    rows = [
        [*_names(edition, row), reason(edition, row)] for row in sorted(entries, key=_worst_first)
    ]
    return Table("material_iros", edition.say("iros_material_heading"), columns, rows)


def _names_columns(edition: Edition) -> list[Column]:
    """Return the columns that say which entry a row is about."""
    return [
        Column(edition.say("iro_code"), 1.2),
        Column(edition.say("iro_entry"), 2.6),
        Column(edition.say("topic"), 1.8),
        Column(edition.say("iro_kind"), 1.4),
    ]


def _names(edition: Edition, row: Iro) -> list[Cell]:
    return [
        plain(row.code),
        title(edition, row),
        topic_name(edition, row.topic),
        kind(edition, row),
    ]


def topics(edition: Edition) -> Table:
    """What its entries make of each topic."""
    columns = [
        Column(edition.say("topic"), 2.2),
        Column(edition.say("iro_topic_impact"), 3.0),
        Column(edition.say("iro_topic_financial"), 3.0),
        Column(edition.say("iro_topic_material"), 1.8),
    ]
    rows = [
        [
            topic_name(edition, row.code),
            _worst(edition, row.on("impact")),
            _worst(edition, row.on("financial")),
            _with_probability(edition, _basis(edition, row), row.probability),
        ]
        for row in register_of(edition).topics
    ]
    return Table("iro_topics", edition.say("sheet_iro_topics"), columns, rows)


def topic_details(edition: Edition) -> Table:
    """The same for the workbook: the probability as a number, or why there is none."""
    table = topics(edition)
    columns = [
        *table.columns,
        Column(edition.say("iro_probability_of_topic"), 1.4, "share"),
        Column(edition.say("iro_probability_missing"), 2.4),
    ]
    rows = [
        [*cells[:-1], _basis(edition, row), row.probability, why_no_probability(edition, row)]
        for cells, row in zip(table.rows, register_of(edition).topics, strict=True)
    ]
    return replace(table, columns=columns, rows=rows)


def thresholds(edition: Edition) -> Table:
    """From which value on each kind is material, why there, and when that was set."""
    columns = [
        Column(edition.say("iro_kind"), 1.4),
        Column(edition.say("iro_threshold"), 1.0, "score"),
        Column(edition.say("iro_threshold_why"), 4.0),
        Column(edition.say("iro_threshold_when"), 2.2),
    ]
    ordered = sorted(register_of(edition).thresholds, key=lambda row: KINDS.index(row.kind))
    rows: list[list[Cell]] = [
        [
            edition.say(f"iros_{row.kind}"),
            row.value,
            name_in(row.reason, edition.language),
            when(edition, row.scores_before),
        ]
        for row in ordered
    ]
    return Table("iro_thresholds", edition.say("sheet_iro_thresholds"), columns, rows)


def scales(edition: Edition) -> Table:
    """What the numbers mean that entries are scored by, a line a number: words and money bands."""
    columns = [
        Column(edition.say("iro_criterion"), 1.8),
        Column(edition.say("iro_number"), 1.2, "whole"),
        Column(edition.say("iro_words"), 2.8),
        Column(edition.say("iro_band"), 2.6),
        Column(edition.say("iro_threshold_when"), 2.2),
    ]
    rows: list[list[Cell]] = [
        [
            criterion(edition, scale),
            point,
            name_in(scale.words[point - 1], edition.language) if scale.words else "",
            band(edition, scale, point),
            _when_of_scale(edition, scale),
        ]
        for scale in sorted(register_of(edition).scales, key=_scale_order)
        for point in range(1, scale.points + 1)
    ]
    return Table("iro_scales", edition.say("sheet_iro_scales"), columns, rows)


def criterion(edition: Edition, scale: IroScale) -> str:
    """Return what a scale is of: a criterion, and the horizon where it is of one alone."""
    if scale.horizon:
        return edition.say("iro_magnitude_at", at=edition.say(f"iro_{scale.horizon}"))
    return edition.say(f"iro_mark_{scale.criterion}")


def band(edition: Edition, scale: IroScale, point: int) -> str:
    """Return the money that a number stands for; "" where it stands for none."""
    if not scale.limits:
        return ""
    low, high = scale.band(point)
    if low is None:
        return edition.say("iro_band_first", high=_money(high), currency=plain(scale.currency))
    if high is None:
        return edition.say("iro_band_last", low=_money(low), currency=plain(scale.currency))
    money = {"low": _money(low), "high": _money(high)}
    return edition.say("iro_band_between", **money, currency=plain(scale.currency))


def _money(amount: float | None) -> str:
    return f"{amount:,.15g}"


def _when_of_scale(edition: Edition, scale: IroScale) -> str:
    if scale.scores_before is None:
        return edition.say("iro_threshold_unknown")
    if scale.scores_before == 0:
        return edition.say("iro_scale_before")
    key = "iro_scale_after_one" if scale.scores_before == 1 else "iro_scale_after"
    return edition.say(key, n=scale.scores_before)


def _scale_order(scale: IroScale) -> tuple[int, int]:
    """Return the place of a scale: by criterion; of one, first that of every horizon."""
    return CRITERIA.index(scale.criterion), ("", *HORIZONS).index(scale.horizon)


def details(edition: Edition) -> Table:
    """Every entry with all that is said of it, for the workbook."""
    names = (
        "iro_code", "iro_entry", "topic", "iro_kind", "iro_human_rights", "iro_stage", "iro_step",
        "iro_place", "iro_horizon",
    )  # fmt: skip
    columns = [
        *(Column(edition.say(name), 1.4) for name in names),
        Column(edition.say("iro_value"), 1.0, "score"),
        Column(edition.say("iro_by"), 1.4),
        Column(edition.say("iro_scored_by"), 1.0, "whole"),
        Column(edition.say("iro_spread"), 1.0, "score"),
        Column(edition.say("iro_verdict"), 1.3),
        Column(edition.say("iro_probability_of_entry"), 1.4, "share"),
        Column(edition.say("iro_probability_missing"), 2.0),
        Column(edition.say("iro_why"), 4.0),
        Column(edition.say("iro_description"), 4.0),
        Column(edition.say("iro_affected"), 2.0),
        Column(edition.say("iro_involvement"), 1.5),
        Column(edition.say("iro_dependency"), 2.0),
        Column(edition.say("iro_mitigation"), 2.5),
        Column(edition.say("iro_basis"), 1.8),
        Column(edition.say("iro_beside"), 1.2, "score"),
        Column(edition.say("iro_evidence"), 2.0),
        Column(edition.say("iro_links"), 2.0),
    ]
    rows = [_detail(edition, row) for row in by_topic(register_of(edition))]
    return Table("iros", edition.say("sheet_iros"), columns, rows)


def scores(edition: Edition) -> Table:
    """Each judgement by name, and the consensus: its marks, what they come to, and the reason."""
    columns = [
        Column(edition.say("iro_code"), 1.0),
        Column(edition.say("iro_entry"), 2.5),
        Column(edition.say("iro_expert"), 1.4),
        *(Column(edition.say(f"iro_mark_{mark}"), 0.9, "whole") for mark in MARKS),
        *(
            Column(edition.say(f"iro_{what}_at", at=edition.say(f"iro_{at}")), 0.9, "whole")
            for at in HORIZONS
            for what in ("magnitude", "likelihood")
        ),
        Column(edition.say("iro_value"), 1.0, "score"),
        Column(edition.say("iro_reason"), 4.0),
    ]
    rows: list[list[Cell]] = []
    for row in register_of(edition).entries:
        for judgement in judged(row):
            rows.append(_score(edition, row, judgement))
    return Table("iro_scores", edition.say("sheet_iro_scores"), columns, rows)


def lines(edition: Edition) -> Table:
    """What became of last round's entries, which are new and which were closed."""
    columns = [
        Column(edition.say("iro_line_before"), 2.6),
        Column(edition.say("iro_line_after"), 2.6),
        Column(edition.say("iro_line_what"), 1.4),
        Column(edition.say("iro_reason"), 3.0),
    ]
    register = register_of(edition)
    rows: list[list[Cell]] = [_line(edition, register, line) for line in register.lines]
    if register.lines:
        old = {line.after.code for line in register.lines if line.after}
        for row in register.entries:
            if row.code not in old:
                named = _named(edition, row.code, row.title)
                rows.append(["", named, edition.say("iro_line_new"), ""])
    for row in register.closed:
        why = name_in(row.closing_reason or {}, edition.language)
        named = _named(edition, row.code, row.title)
        rows.append(["", named, edition.say("iro_line_closed"), why])
    return Table("iro_lines", edition.say("sheet_iro_lines"), columns, rows)


def by_topic(register: Register) -> list[Iro]:
    """Return the entries topic by topic, in the order of the topics, the worst first."""
    return [row for topic in register.topics for row in sorted(topic.entries, key=_worst_first)]


def judged(row: Iro) -> list[IroJudgement]:
    """Return what each expert says, and last what they agreed on."""
    return [*row.judgements, row.consensus] if row.consensus else list(row.judgements)


def title(edition: Edition, row: Iro) -> str:
    return name_in(row.title, edition.language, row.code)


def topic_name(edition: Edition, code: str) -> str:
    """Return the name of a topic, also of one that was screened out."""
    rows: Iterable[Mapping[str, Any]] = (
        *edition.results.inputs["topics"],
        *edition.results.inputs.get("screened_out", []),
    )
    name: Text = next((row["name"] for row in rows if row["code"] == code), {})
    return name_in(name, edition.language, code)


def kind(edition: Edition, row: Iro) -> str:
    """Return its kind, and of an impact whether it has happened."""
    name = edition.say(f"iro_{row.kind}")
    if row.axis != "impact":
        return name
    return edition.say("iro_actual" if row.is_actual else "iro_potential", kind=name)


def where(edition: Edition, row: Iro) -> str:
    side = edition.say(f"chain_{row.stage}") if row.stage else ""
    stage = step_name(edition, row) or side
    return note.enumeration([part for part in (stage, plain(row.place)) if part], edition.language)


def step_name(edition: Edition, row: Iro) -> str:
    """Return the stage of the value chain that an entry names, "" where it names none."""
    named = next((step for step in edition.results.context.chain if step.code == row.step), None)
    return name_in(named.name, edition.language, named.code) if named else ""


def horizon(edition: Edition, row: Iro) -> str:
    return edition.say(f"iro_{row.horizon}") if row.horizon else ""


def verdict(edition: Edition, row: Iro) -> str:
    """Return whether it is material, and whether the experts disagree on that."""
    if row.value is None:
        return edition.say("iro_unscored")
    known = {True: "iro_material", False: "iro_immaterial", None: "iro_no_threshold"}
    text = edition.say(known[row.is_material])
    if not row.is_disputed:
        return text
    disputed = edition.say("iro_settled" if row.is_settled else "iro_disputed")
    return note.enumeration([text, disputed], edition.language)


def sure_verdict(edition: Edition, row: Iro) -> str:
    """Return the verdict with its probability, where that is given."""
    return _with_probability(edition, verdict(edition, row), row.probability)


def _with_probability(edition: Edition, verdict_: str, probability: float | None) -> str:
    if probability is None:
        return verdict_
    share = edition.say("iro_probability", share=percent(probability))
    return note.enumeration([verdict_, share], edition.language)


def why_no_probability(edition: Edition, row: Iro | IroTopic) -> str:
    """Return why an entry or a topic has no probability of being material; "" where it has."""
    missing = row.probability_missing
    return edition.say(f"iro_no_probability_{missing}") if missing else ""


def linked_codes(edition: Edition, row: Iro) -> list[str]:
    """Return the codes of the entries that it is linked with."""
    codes = []
    for link in register_of(edition).links:
        pair = (link.impact.code, link.effect.code)
        codes += [plain(code) for code in pair if row.code in pair and code != row.code]
    return codes


def links(edition: Edition, row: Iro) -> str:
    """Return which entries it is linked with, and how."""
    texts = []
    for link in register_of(edition).links:
        if row.code in (link.impact.code, link.effect.code):
            side = "to" if row.code == link.impact.code else "from"
            other = link.effect if side == "to" else link.impact
            texts.append(edition.say(f"iro_link_{link.kind}_{side}", code=plain(other.code)))
    return edition.say("semicolon").join(texts)


def reason(edition: Edition, row: Iro) -> str:
    """Return what makes the value, its threshold, and what those who judged say."""
    if row.value is None:
        return ""
    return edition.say("semicolon").join(_reasons(edition, row))


def _reasons(edition: Edition, row: Iro) -> Iterable[str]:
    threshold = register_of(edition).threshold(row.kind)
    if threshold is not None:
        key = "iro_carried" if row.carried_by else "iro_carried_plain"
        yield edition.say(
            key,
            value=number(row.value),
            names=note.enumeration(_carriers(edition, row), edition.language),
            threshold=number(threshold.value),
            how=edition.say("iro_by_consensus" if row.by_consensus else "iro_by_median"),
        )
    if row.probability is not None:
        yield edition.say("iro_probability", share=percent(row.probability))
    if row.human_rights and not row.is_actual:
        yield edition.say("iro_human_rights_rule")
    judgements = [row.consensus] if row.consensus and row.by_consensus else list(row.judgements)
    texts = dict.fromkeys(plain(one.reason) for one in judgements)
    if texts:
        yield edition.say("iro_said", reasons=edition.say("semicolon").join(texts))


def _carriers(edition: Edition, row: Iro) -> Iterable[str]:
    for name in row.carried_by:
        yield edition.say(f"iro_at_{name}" if name in HORIZONS else f"iro_{name}")


def _detail(edition: Edition, row: Iro) -> list[Cell]:
    texts = (row.description, row.affected)
    after = (row.dependency, row.mitigation)
    return [
        plain(row.code),
        title(edition, row),
        topic_name(edition, row.topic),
        kind(edition, row),
        edition.say("yes") if row.human_rights else "",
        edition.say(f"chain_{row.stage}") if row.stage else "",
        step_name(edition, row),
        plain(row.place),
        horizon(edition, row),
        row.value,
        _by(edition, row),
        len(row.judgements),
        None if row.spread is None else round(row.spread, 2),  # a difference of values: no tail
        verdict(edition, row),
        row.probability,
        why_no_probability(edition, row),
        reason(edition, row),
        *(name_in(text or {}, edition.language) for text in texts),
        edition.say(f"iro_{row.involvement}") if row.involvement else "",
        *(name_in(text or {}, edition.language) for text in after),
        edition.say("iro_net" if row.is_net else "iro_gross"),
        row.beside,
        plain(row.evidence),
        links(edition, row),
    ]


def _by(edition: Edition, row: Iro) -> str:
    if row.value is None:
        return ""
    return edition.say("iro_by_consensus" if row.by_consensus else "iro_by_median")


def _score(edition: Edition, row: Iro, judgement: IroJudgement) -> list[Cell]:
    effects: list[Cell] = []
    for at in HORIZONS:
        effects.extend(judgement.effects.get(at, (None, None)))
    return [
        plain(row.code),
        title(edition, row),
        plain(judgement.expert.name) if judgement.expert else edition.say("iro_consensus"),
        *(judgement.marks.get(mark) for mark in MARKS),
        *effects,
        judgement.value,
        plain(judgement.reason),
    ]


def _worst(edition: Edition, row: Iro | None) -> str:
    if row is None:
        return "–"
    named = {"code": plain(row.code), "title": title(edition, row), "value": number(row.value)}
    return edition.say("iro_with_value", **named)


def _basis(edition: Edition, row: IroTopic) -> str:
    if row.is_material is None:
        return edition.say("iro_topic_open")
    return edition.say(f"basis_{row.basis or 'none'}")


def when(edition: Edition, scores_before: int | None) -> str:
    """Return when a threshold was set: before scores of its kind were known, or when how many."""
    if scores_before is None:
        return edition.say("iro_threshold_unknown")
    if scores_before == 0:
        return edition.say("iro_threshold_before")
    key = "iro_threshold_after_one" if scores_before == 1 else "iro_threshold_after"
    return edition.say(key, n=scores_before)


def _line(edition: Edition, register: Register, line: Any) -> list[Cell]:
    before = _named(edition, line.before, line.before_title)
    why = name_in(line.reason, edition.language)
    if line.after is None:
        return [before, "", edition.say("iro_line_ended"), why]
    what = [
        name
        for name, many in (
            ("split", sum(one.before == line.before for one in register.lines) > 1),
            ("merged", sum(one.after == line.after for one in register.lines) > 1),
        )
        if many
    ]
    named = (edition.say(f"iro_line_{name}") for name in what or ["goes_on"])
    after = _named(edition, line.after.code, line.after.title)
    return [before, after, note.enumeration(named, edition.language), why]


def _named(edition: Edition, code: str, name: Text) -> str:
    return edition.say("iro_named", code=plain(code), title=name_in(name, edition.language))


def _worst_first(row: Iro) -> tuple[bool, float, str]:
    return row.value is None, -(row.value or 0.0), row.code
