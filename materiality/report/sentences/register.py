"""What is said of the register: what it holds, who judged, by which rules, what came of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter

from materiality.method.register import AXES, HORIZONS, KINDS
from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.report.text import name_in, number, plain
from materiality.results import Iro, IroTopic, Register, Text


def sentences(edition: Edition) -> list[str]:
    """Return the sentences, without their full stop; none where there is no register."""
    register = edition.results.register
    return list(_sentences(edition, register)) if register else []


def _sentences(edition: Edition, register: Register) -> Iterator[str]:
    if not register.entries:
        codes = _codes(edition, sorted(register.closed, key=attrgetter("code")))
        yield edition.say("iro_fact_closed", n=len(register.closed), names=codes)
        return
    counts = Counter(row.kind for row in register.entries)
    texts = [f"{edition.say(f'iros_{kind}')} {counts[kind]}" for kind in KINDS if counts[kind]]
    yield edition.say(
        "iro_fact_entries",
        n=len(register.entries),
        topics=len(register.topics),
        counts=note.enumeration(texts, edition.language),
    )
    yield from _judges(edition, register)
    points = edition.results.points
    yield edition.say("iro_fact_severity")
    yield edition.say(f"iro_fact_{register.likelihood_rule}", points=points)
    yield edition.say("iro_fact_effect", points=points)
    yield edition.say("iro_fact_consensus")
    yield edition.say("iro_fact_worst")
    if any(row.probability is not None for row in register.entries):
        yield edition.say("iro_fact_probability")
    yield from _outcome(edition, register)


def _judges(edition: Edition, register: Register) -> Iterator[str]:
    if register.experts:
        names = (plain(expert.name) or plain(expert.code) for expert in register.experts)
        yield edition.say("iro_fact_experts", names=note.enumeration(names, edition.language))
    else:
        yield edition.say("iro_fact_nobody")


def _outcome(edition: Edition, register: Register) -> Iterator[str]:
    scored = [row for row in register.entries if row.value is not None]
    if register.thresholds and scored:
        material = sum(row.is_material is True for row in scored)
        yield edition.say("iro_fact_material", n=material, scored=len(scored))
    disputed = [plain(row.code) for row in scored if row.is_disputed and not row.is_settled]
    settled = [plain(row.code) for row in scored if row.is_settled]
    unscored = [plain(row.code) for row in register.entries if row.value is None]
    for name, codes in (("disputed", disputed), ("settled", settled), ("unscored", unscored)):
        if codes:
            names = note.enumeration(codes, edition.language)
            yield edition.say(f"iro_fact_{name}", n=len(codes), names=names)


def about(edition: Edition, subject: str) -> list[str]:
    """Return what the register says to a subject of the clauses; nothing where it does not."""
    register = edition.results.register
    if register is None or not register.entries or subject not in _ABOUT:
        return []
    return list(_ABOUT[subject](edition, register))


def _about_register(edition: Edition, register: Register) -> Iterator[str]:
    rows = [row for row in register.entries if row.is_material]
    if rows:
        yield edition.say("iro_says_material", names=_codes(edition, rows), n=len(rows))
    elif register.thresholds:
        yield edition.say("iro_none_material").rstrip(".。")
    else:
        yield edition.say("iro_no_thresholds").rstrip(".。")


def _about_horizons(edition: Edition, register: Register) -> Iterator[str]:
    counts = Counter(row.horizon for row in register.entries)
    texts = [f"{edition.say(f'iro_{at}')} {counts[at]}" for at in HORIZONS if counts[at]]
    if texts:
        yield edition.say("iro_says_horizons", counts=note.enumeration(texts, edition.language))


def _about_involvement(edition: Edition, register: Register) -> Iterator[str]:
    rows = [row for row in register.entries if row.involvement]
    for how in ("caused", "contributed", "linked"):
        involved = [row for row in rows if row.involvement == how]
        if involved:
            names = _codes(edition, involved)
            yield f"{edition.say(f'iro_{how}')}{edition.say('colon')}{names}"


def _about_mitigation(edition: Edition, register: Register) -> Iterator[str]:
    rows = [row for row in register.entries if any((row.mitigation or {}).values())]
    if rows:
        yield edition.say("iro_says_mitigation", names=_codes(edition, rows))
    if net := [row for row in register.entries if row.is_net]:
        yield edition.say("iro_says_net", names=_codes(edition, net))


def _about_thresholds(edition: Edition, register: Register) -> Iterator[str]:
    for row in register.thresholds:
        yield edition.say(
            "iro_says_threshold",
            kind=edition.say(f"iros_{row.kind}"),
            value=number(row.value),
            reason=name_in(row.reason or {}, edition.language).rstrip(".。") or "–",
        )


def _about_severity(edition: Edition, register: Register) -> Iterator[str]:
    yield edition.say("iro_fact_severity")


def _about_likelihood(edition: Edition, register: Register) -> Iterator[str]:
    points = edition.results.points
    yield edition.say(f"iro_fact_{register.likelihood_rule}", points=points)
    yield edition.say("iro_fact_effect", points=points)


def _about_experts(edition: Edition, register: Register) -> Iterator[str]:
    yield from (line for line in _judges(edition, register) if register.experts)


def _about_criteria(edition: Edition, register: Register) -> Iterator[str]:
    yield edition.say("iro_fact_consensus")
    yield edition.say("iro_fact_worst")


def _about_impact(edition: Edition, register: Register) -> Iterator[str]:
    yield from _topics_on(edition, register, "impact")


def _about_financial(edition: Edition, register: Register) -> Iterator[str]:
    yield from _topics_on(edition, register, "financial")


def _topics_on(edition: Edition, register: Register, axis: str) -> Iterator[str]:
    """Yield which topics are material on a side, where anything is known of it."""
    if not any(register.threshold(kind) for kind in AXES[axis]):
        return
    topics = [row for row in register.topics if row.basis in (axis, "both")]
    names = note.enumeration(_topic_names(edition, topics), edition.language)
    key = f"iro_says_{axis}" if topics else f"iro_says_no_{axis}"
    yield edition.say(key, names=names)


def _about_not_material(edition: Edition, register: Register) -> Iterator[str]:
    """Yield the topics of which no entry reaches its threshold, each with the entry that carries
    it on impact and the one that carries it on financial effect."""
    below = [row for row in register.topics if row.is_material is False]
    if not below:
        return
    texts = []
    for name, row in zip(_topic_names(edition, below), below, strict=True):
        worst = [one for one in map(row.on, AXES) if one is not None]
        codes = edition.say("semicolon").join(
            f"{plain(one.code)} {number(one.value)}" for one in worst
        )
        texts.append(f"{name}{edition.say('open')}{codes}{edition.say('close')}")
    yield edition.say("iro_says_below", names=note.enumeration(texts, edition.language))


def _about_value_chain(edition: Edition, register: Register) -> Iterator[str]:
    counts = Counter(row.stage for row in register.entries)
    texts = [
        f"{edition.say(f'chain_{side}')} {counts[side]}"
        for side in ("upstream", "own", "downstream")
        if counts[side]
    ]
    if texts:
        yield edition.say("iro_says_chain", counts=note.enumeration(texts, edition.language))


def _codes(edition: Edition, rows: Iterable[Iro]) -> str:
    return note.enumeration((plain(row.code) for row in rows), edition.language)


def _topic_names(edition: Edition, rows: Iterable[IroTopic]) -> list[str]:
    inputs = edition.results.inputs
    names: dict[str, Text] = {}
    for topic in (*inputs["topics"], *inputs.get("screened_out", [])):
        names[topic["code"]] = topic["name"] or {}
    return [name_in(names.get(row.code, {}), edition.language, row.code) for row in rows]


_ABOUT: Mapping[str, Callable[[Edition, Register], Iterator[str]]] = {
    "criteria": _about_criteria,
    "experts": _about_experts,
    "financial": _about_financial,
    "horizons": _about_horizons,
    "impact": _about_impact,
    "involvement": _about_involvement,
    "likelihood": _about_likelihood,
    "mitigation": _about_mitigation,
    "not_material": _about_not_material,
    "register": _about_register,
    "severity": _about_severity,
    "thresholds": _about_thresholds,
    "value_chain": _about_value_chain,
}
"""What is said to each subject that the register answers or helps to answer."""
