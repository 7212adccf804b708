"""The register of a bundle: entries and judgements as the file holds them, what follows from them.

The rules are those of `materiality.method.register`; here is what they are given, and what is kept.
"""

from collections.abc import Mapping, Sequence

from materiality.document.schema import (
    Inputs,
    IroBeside,
    IroEntry,
    IroResult,
    IroTopicResult,
    Marks,
    Register,
    RegisterResult,
)
from materiality.method.register import (
    IMPACTS,
    KINDS,
    Entry,
    Judgement,
    Place,
    Scored,
    TopicOutcome,
    outcomes,
    place,
    score,
)
from materiality.method.sureness import Sureness, sureness


def assessed(inputs: Inputs, scored: Sequence[Scored]) -> RegisterResult | None:
    """Return what follows from the register of these inputs; None where they hold none.

    :param scored: its entries, see `entries_of`.
    """
    register = inputs.get("register")
    if register is None:
        return None
    top = float(inputs["scale"]["points"])
    by_topic = {one.topic: one for one in outcomes(scored)}
    sure = sureness(
        scored,
        _thresholds(register),
        top=top,
        likelihood_rule=register["likelihood_rule"],
    )
    every = [topic["code"] for topic in inputs["topics"]]
    every += [topic["code"] for topic in inputs.get("screened_out", [])]
    return {
        "entries": [
            _entry_result(one, row, register, top, sure)
            for one, row in zip(scored, register["entries"], strict=True)
        ],
        "topics": [_topic_result(by_topic[code], sure) for code in every if code in by_topic],
    }


def entries_of(inputs: Inputs) -> list[Scored]:
    """Return the entries of a register with their values, in its order; none without a register."""
    register = inputs.get("register")
    if register is None:
        return []
    top = float(inputs["scale"]["points"])
    thresholds = _thresholds(register)
    return [
        score(
            _entry(row),
            threshold=thresholds.get(row["kind"]),
            top=top,
            likelihood_rule=register["likelihood_rule"],
        )
        for row in register["entries"]
    ]


def _thresholds(register: Register) -> dict[str, float]:
    return {row["kind"]: row["value"] for row in register.get("thresholds", [])}


def places_of(register: Register, *, top: float) -> dict[str, Place]:
    """Return where each entry lies on a heat map, by code; entries without a value are left out."""
    places = {}
    for row in register["entries"]:
        at = place(_entry(row), top=top, likelihood_rule=register["likelihood_rule"])
        if at is not None:
            places[row["code"]] = at
    return places


def asked_marks(kind: str, is_actual: bool) -> tuple[str, ...]:
    """Return by which marks an entry is scored; risks and opportunities by `effects` alone.

    Of positive impacts nothing has to be remedied; what has happened has no likelihood.
    """
    if kind not in IMPACTS:
        return ("effects",)
    marks = ["scale", "scope"]
    if kind == KINDS[0]:
        marks.append("irremediability")
    if not is_actual:
        marks.append("likelihood")
    return tuple(marks)


def _entry(row: IroEntry) -> Entry:
    consensus = row.get("consensus")
    return Entry(
        code=row["code"],
        topic=row["topic"],
        kind=row["kind"],
        is_actual=row.get("is_actual", False),
        human_rights=row.get("human_rights", False),
        judgements=tuple(_judgement(one, one["expert"]) for one in row.get("judgements", [])),
        consensus=None if consensus is None else _judgement(consensus, ""),
    )


def _judgement(marks: Marks, expert: str) -> Judgement:
    return Judgement(
        expert=expert,
        scale=marks.get("scale"),
        scope=marks.get("scope"),
        irremediability=marks.get("irremediability"),
        likelihood=marks.get("likelihood"),
        effects={
            horizon: (effect["magnitude"], effect["likelihood"])
            for horizon, effect in marks.get("effects", {}).items()
        },
    )


def _entry_result(
    one: Scored, row: IroEntry, register: Register, top: float, sure: Sureness
) -> IroResult:
    result: IroResult = {
        "code": one.entry.code,
        "value": one.value,
        "singles": [{"expert": expert, "value": value} for expert, value in one.singles],
        "spread": one.spread,
        "by_consensus": one.by_consensus,
        "is_material": one.is_material,
        "is_disputed": one.is_disputed,
        "carried_by": list(one.carried_by),
        "probability": sure.entries[one.entry.code],
    }
    if "beside" in row:
        result["beside"] = _value_beside(row, row["beside"], register, top)
    return result


def _value_beside(row: IroEntry, beside: IroBeside, register: Register, top: float) -> float | None:
    """Return the value of the reading that does not count."""
    read: IroEntry = {**row, "judgements": beside.get("judgements", [])}
    read.pop("consensus", None)
    if "consensus" in beside:
        read["consensus"] = beside["consensus"]
    reading = score(_entry(read), top=top, likelihood_rule=register["likelihood_rule"])
    return reading.value


def _topic_result(outcome: TopicOutcome, sure: Sureness) -> IroTopicResult:
    worst: Mapping[str, str] = {kind: row.entry.code for kind, row in outcome.worst.items()}
    impact, financial = outcome.on("impact"), outcome.on("financial")
    return {
        "code": outcome.topic,
        "is_material": outcome.is_material,
        "basis": outcome.basis,
        "entries": outcome.entries,
        "unscored": outcome.unscored,
        "worst": worst,
        "impact": impact.value if impact else None,
        "financial": financial.value if financial else None,
        "probability": sure.topics[outcome.topic],
    }
