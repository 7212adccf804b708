"""Is the register of a bundle usable? What must fit together, entry by entry, with its place."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from materiality.document.checks import refuse
from materiality.document.schema import (
    ClosedIro,
    Inputs,
    IroBeside,
    IroEntry,
    IroHead,
    IroLine,
    IroLink,
    IroMeaning,
    Marks,
    Register,
)
from materiality.method.feeding import BESIDE, FED, SURVEY, has_double_axes
from materiality.method.iros import asked_marks
from materiality.method.register import HORIZONS, IMPACTS, NEGATIVE

WHERE = "inputs.register"
MARKS = ("scale", "scope", "irremediability", "likelihood", "effects")


def check_register(inputs: Inputs) -> None:
    """Check the register of a bundle's inputs, where they hold one.

    :raises BundleError: a part does not fit; the message names the place.
    """
    register = inputs.get("register")
    if register is None:
        return
    top = inputs["scale"]["points"]
    topics = [row["code"] for row in inputs["topics"]]
    topics += [row["code"] for row in inputs.get("screened_out", [])]
    if not register["entries"] and not register.get("closed"):
        refuse(f"{WHERE}.entries", "an entry, open or closed; else there is no register", [])
    if register["feeds"] in FED and not has_double_axes(inputs):
        wanted = f"{SURVEY} or {BESIDE}, since the axes are not impact and financial"
        refuse(f"{WHERE}.feeds", wanted, register["feeds"])
    experts = _experts(register)
    _thresholds(register, top)
    closed = register.get("closed", [])
    _heads(register["entries"], closed, topics)
    for at, entry in enumerate(register["entries"]):
        _entry(entry, f"{WHERE}.entries[{at}]", experts, top)
    for at, row in enumerate(closed):
        if not _is_said(row["reason"]):
            refuse(f"{WHERE}.closed[{at}].reason", "a reason why it is closed", row["reason"])
    codes = {row["code"] for row in (*register["entries"], *closed)}
    _lines(register.get("lines", []), codes)
    _scales(register.get("scales", []), top)
    _links(register.get("links", []), [*register["entries"], *closed])


def _experts(register: Register) -> list[str]:
    codes: list[str] = []
    for at, expert in enumerate(register.get("experts", [])):
        if not expert["code"] or expert["code"] in codes:
            refuse(f"{WHERE}.experts[{at}].code", "a code used once", expert["code"])
        codes.append(expert["code"])
    return codes


def _thresholds(register: Register, top: int) -> None:
    kinds: list[str] = []
    for at, row in enumerate(register.get("thresholds", [])):
        where = f"{WHERE}.thresholds[{at}]"
        if row["kind"] in kinds:
            refuse(f"{where}.kind", "one threshold a kind", row["kind"])
        if not 0 < row["value"] <= top:
            refuse(f"{where}.value", f"a number above 0 and at most {top}", row["value"])
        kinds.append(row["kind"])


def _heads(
    entries: Sequence[IroEntry], closed: Sequence[ClosedIro], topics: Collection[str]
) -> None:
    """Check that codes are used once, and that every entry is of a topic of the round."""
    seen: set[str] = set()
    for name, rows in (("entries", entries), ("closed", closed)):
        for at, row in enumerate(rows):
            where = f"{WHERE}.{name}[{at}]"
            if not row["code"] or row["code"] in seen:
                refuse(f"{where}.code", "a code used once", row["code"])
            if row["topic"] not in topics:
                refuse(f"{where}.topic", "the code of a topic of the round", row["topic"])
            seen.add(row["code"])


def _entry(entry: IroEntry, where: str, experts: Collection[str], top: int) -> None:
    kind = entry["kind"]
    if entry.get("is_actual") and kind not in IMPACTS:
        refuse(f"{where}.is_actual", "false, since only impacts are actual", True)
    if entry.get("human_rights") and kind != NEGATIVE:
        refuse(f"{where}.human_rights", "false, since only a negative impact harms them", True)
    if entry.get("involvement") and kind not in IMPACTS:
        refuse(f"{where}.involvement", "none, since it is of impacts alone", entry["involvement"])
    if entry.get("is_net") or "beside" in entry:
        _evidence(entry, where)
    criteria = asked_marks(kind, entry.get("is_actual", False))
    _judgements(entry, where, criteria, experts, top)
    if "beside" in entry:
        _judgements(entry["beside"], f"{where}.beside", criteria, experts, top)


def _judgements(
    read: IroEntry | IroBeside,
    where: str,
    criteria: Collection[str],
    experts: Collection[str],
    top: int,
) -> None:
    """Check what is said of one reading of an entry, gross or net."""
    heard: list[str] = []
    for at, judgement in enumerate(read.get("judgements", [])):
        place = f"{where}.judgements[{at}]"
        if judgement["expert"] not in experts or judgement["expert"] in heard:
            refuse(f"{place}.expert", "a code of the experts, once an entry", judgement["expert"])
        heard.append(judgement["expert"])
        _marks(judgement, place, criteria, top)
    if "consensus" in read:
        _marks(read["consensus"], f"{where}.consensus", criteria, top)


def _evidence(entry: IroEntry, where: str) -> None:
    """Only what is shown to work may lower an entry: net needs what is done, and its evidence."""
    if not _is_said(entry.get("mitigation", {})):
        refuse(f"{where}.mitigation", "what is done, since net is judged", "nothing")
    if not entry.get("evidence") and not entry.get("evidence_digest"):
        refuse(f"{where}.evidence", "what shows that it works, since net is judged", "nothing")


def _marks(marks: Marks, where: str, criteria: Collection[str], top: int) -> None:
    if not marks["reason"].strip():
        refuse(f"{where}.reason", "a reason", marks["reason"])
    for mark in MARKS:
        if mark in marks and mark not in criteria:
            wanted = f"no such mark; an entry of this kind has {', '.join(criteria)}"
            refuse(f"{where}.{mark}", wanted, _mark(marks, mark))
    for mark in set(criteria) - {"effects"}:
        _on_the_scale(_mark(marks, mark), f"{where}.{mark}", top)
    for horizon, effect in marks.get("effects", {}).items():
        place = f"{where}.effects.{horizon}"
        if horizon not in HORIZONS:
            refuse(place, f"one of the horizons {', '.join(HORIZONS)}", horizon)
        _on_the_scale(effect["magnitude"], f"{place}.magnitude", top)
        _on_the_scale(effect["likelihood"], f"{place}.likelihood", top)


def _mark(marks: Marks, mark: str) -> object:
    by_name: Mapping[str, object] = {**marks}
    return by_name.get(mark)


def _on_the_scale(mark: object, where: str, top: int) -> None:
    if isinstance(mark, int | float) and not 1 <= mark <= top:
        refuse(where, f"a mark from 1 to {top}", mark)


def _lines(lines: Sequence[IroLine], codes: Collection[str]) -> None:
    """Check that lines lead from last round's register to this one, each once.

    An entry that ends goes on nowhere. Both sides are of different rounds, so that no line can lead
    in a circle.
    """
    seen: list[tuple[str, str | None]] = []
    for at, row in enumerate(lines):
        where = f"{WHERE}.lines[{at}]"
        pair = (row["before"], row["after"])
        if not row["before"]:
            refuse(f"{where}.before", "the code of an entry of last round's register", "")
        if row["after"] is not None and row["after"] not in codes:
            refuse(f"{where}.after", "the code of an entry of this register, or null", row["after"])
        if pair in seen:
            refuse(where, "a line that stands there once", f"{pair[0]} → {pair[1]}")
        if row["after"] is None and not _is_said(row.get("reason", {})):
            refuse(f"{where}.reason", "a reason why it ends", row.get("reason"))
        seen.append(pair)
    ended = {before for before, after in seen if after is None}
    for at, row in enumerate(lines):
        if row["after"] is not None and row["before"] in ended:
            wanted = "an entry of last round that either ends or goes on"
            refuse(f"{WHERE}.lines[{at}].before", wanted, row["before"])


def _scales(scales: Sequence[IroMeaning], top: int) -> None:
    """Check that a criterion has one meaning, of as many numbers as the scale, bands ascending."""
    seen: list[tuple[str, str]] = []
    for at, row in enumerate(scales):
        where = f"{WHERE}.scales[{at}]"
        place = (row["criterion"], row.get("horizon", ""))
        if place in seen:
            refuse(where, "one meaning a criterion and horizon", " ".join(place))
        seen.append(place)
        words, limits = row.get("words", []), row.get("limits", [])
        if words and len(words) != top:
            refuse(f"{where}.words", f"a text for each number from 1 to {top}", len(words))
        if limits and (row["criterion"] != "magnitude" or len(limits) != top - 1):
            refuse(f"{where}.limits", f"{top - 1} limits of the magnitude", len(limits))
        if any(one >= other for one, other in pairwise(limits)):
            refuse(f"{where}.limits", "limits that ascend", limits)
        if bool(limits) != bool(row.get("currency")):
            refuse(f"{where}.currency", "a currency where there are limits", row.get("currency"))


def _links(links: Sequence[IroLink], rows: Sequence[IroHead]) -> None:
    """Check that a link joins an impact to a risk or opportunity, each pair once."""
    kinds = {row["code"]: row["kind"] for row in rows}
    seen: list[tuple[str, str]] = []
    for at, link in enumerate(links):
        where = f"{WHERE}.links[{at}]"
        if kinds.get(link["impact"]) not in IMPACTS:
            refuse(f"{where}.impact", "the code of an impact of this register", link["impact"])
        if kinds.get(link["effect"], IMPACTS[0]) in IMPACTS:
            wanted = "the code of a risk or opportunity of this register"
            refuse(f"{where}.effect", wanted, link["effect"])
        if (link["impact"], link["effect"]) in seen:
            refuse(where, "a link that stands there once", f"{link['impact']} – {link['effect']}")
        seen.append((link["impact"], link["effect"]))


def _is_said(text: Mapping[str, str]) -> bool:
    return any(part.strip() for part in text.values())
