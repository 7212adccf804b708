"""The context of a round: describe it, describe the value chain, take last round's over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from materiality.actions.log import hold_open, record
from materiality.catalogue.frameworks import frameworks
from materiality.errors import BadContext, NotASuccession
from materiality.models import Assessment, ChainStep, RoundContext, Stage, Verb
from surveys.errors import Conflict
from surveys.languages import LANGUAGE_NAMES, Text, missing_languages

if TYPE_CHECKING:
    from django.contrib.auth.models import User

TEXTS = ("entity", "scope", "due_diligence", "horizons_reason", "approver")
DAYS = ("period_start", "period_end", "approved_on", "last_revision", "next_revision")
FIELDS = (
    *TEXTS,
    *DAYS,
    "as_annual_report",
    "standards",
    "approach",
    "short_years",
    "medium_years",
)
LASTS = (*TEXTS, "as_annual_report", "standards", "approach", "short_years", "medium_years")
"""What a new round begins with as last round had it: all but days."""
LONGEST = {"approver": 200, "horizons_reason": 600}
USUAL_LENGTH = 1500
"""The most characters of a text, in each language."""
MOST_STEPS = 60
LONGEST_NAME, LONGEST_RELATION, LONGEST_PLACES = 80, 200, 300
PREFIX = "VC-"


@dataclass(frozen=True)
class StepRow:
    """A stage of the value chain as a form or a call tells it.

    :param code: of the stage that it changes; "" for a new one.
    """

    side: str
    name: Text
    places: str = ""
    relation: Text = field(default_factory=dict)
    code: str = ""


@transaction.atomic
def set_context(
    *,
    assessment: Assessment,
    by: "User | None",
    expected_version: int | None = None,
    **fields: Any,
) -> None:
    """Describe the context of a round; fields that are not named stay.

    :param expected_version: of the context as the editor saw it, 0 where there was none.
    :param fields: of FIELDS. :raises BadContext: a sentence for each field that cannot be.
    :raises Conflict: somebody saved it since. :raises RoundLocked: the round is locked.
    """
    current = hold_open(assessment)
    row = _held(current, expected_version)
    old = log_values(row)
    _set_fields(row, fields)
    new = log_values(row)
    changed = [name for name in new if new[name] != old[name]]
    if not changed:
        return
    _check(row)
    _save(row)
    before = {name: old[name] for name in changed}
    after = {name: new[name] for name in changed}
    record(current, Verb.SET_CONTEXT, by=by, before=before, after=after)


def _held(assessment: Assessment, expected_version: int | None) -> RoundContext:
    """Return the context as it is now, for this transaction, in which the round is held.

    :raises Conflict: it is not as the editor saw it.
    """
    row = RoundContext.objects.filter(assessment=assessment).first()
    row = row or RoundContext(assessment=assessment, version=0)
    row.assessment = assessment
    if expected_version is not None and expected_version != row.version:
        raise Conflict(
            _(
                "Somebody else saved the context while you were editing. Look at it, then save "
                "again."
            )
        )
    return row


def _save(row: RoundContext) -> None:
    row.version += 1
    row.save()


def _set_fields(row: RoundContext, fields: Mapping[str, Any]) -> None:
    """Set fields; a text keeps only the languages that something is said in."""
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"a context has no field {sorted(unknown)[0]!r}")
    for name, value in fields.items():
        if name in TEXTS:
            setattr(row, name, _spoken(value))
        elif name == "standards":
            row.standards = _in_order(value)
        else:
            setattr(row, name, value)


def _spoken(text: Text) -> dict[str, str]:
    return {code: part.strip() for code, part in text.items() if part.strip()}


def _in_order(keys: Iterable[str]) -> list[str]:
    """Return standards in the order of the catalogue, each once, unknown ones last."""
    chosen = dict.fromkeys(keys)
    known = [key for key in frameworks() if key in chosen]
    return [*known, *(key for key in chosen if key not in known)]


def log_values(row: RoundContext) -> dict[str, Any]:
    """Return what the log says of a context."""
    values = {name: getattr(row, name) for name in FIELDS}
    return values | {name: day.isoformat() for name, day in values.items() if isinstance(day, date)}


def _check(row: RoundContext) -> None:
    """Refuse a context that contradicts itself, with a sentence for each field."""
    faults = {**_unusable(row), **_days(row), **_horizons(row), **_standards(row), **_lengths(row)}
    if faults:
        raise BadContext(faults)


def _unusable(row: RoundContext) -> dict[str, str]:
    try:
        row.clean_fields(exclude=["assessment"])
    except ValidationError as error:
        return {name: " ".join(sentences) for name, sentences in error.message_dict.items()}
    return {}


def _days(row: RoundContext) -> dict[str, str]:
    faults = {}
    if (row.period_start is None) != (row.period_end is None):
        lacking = "period_end" if row.period_end is None else "period_start"
        faults[lacking] = _("A period has a first and a last day: enter both.")
    elif row.period_start and row.period_end and row.period_end <= row.period_start:
        faults["period_end"] = _("The period ends before it begins. Correct one of the days.")
    if row.last_revision and row.next_revision and row.next_revision <= row.last_revision:
        faults["next_revision"] = _("The next revision must be after the last one.")
    if row.approved_on and not row.approver:
        faults["approver"] = _("Say who approved it on that day.")
    return faults


def _horizons(row: RoundContext) -> dict[str, str]:
    short, medium = row.short_years, row.medium_years
    if short is None and medium is None:
        return {}
    if short is None or medium is None:
        lacking = "short_years" if short is None else "medium_years"
        return {lacking: _("Say until when both short and medium term last.")}
    if medium <= short:
        return {"medium_years": _("Medium term must end after short term.")}
    if row.has_usual_horizons:
        return {}
    if missing := missing_languages(row.horizons_reason, tuple(row.assessment.languages)):
        sentence = _(
            "These horizons differ from those of ESRS (1 and 5 years): give the reason in "
            "%(languages)s."
        )
        return {"horizons_reason": sentence % {"languages": _names(missing)}}
    return {}


def _standards(row: RoundContext) -> dict[str, str]:
    if unknown := [key for key in row.standards if key not in frameworks()]:
        sentence = _("“%(key)s” is no standard of the list. Choose among: %(known)s.")
        values = {"key": unknown[0], "known": _(", ").join(frameworks())}
        return {"standards": sentence % values}
    return {}


def _lengths(row: RoundContext) -> dict[str, str]:
    faults = {}
    for name in TEXTS:
        most = LONGEST.get(name, USUAL_LENGTH)
        for text in getattr(row, name).values():
            if len(text) > most:
                faults[name] = _too_long(text, most)
    return faults


def _too_long(text: str, most: int) -> str:
    sentence = _("“%(what)s…” has %(found)d characters; at most %(most)d.")
    return sentence % {"what": text[:20], "most": most, "found": len(text)}


def _names(languages: Iterable[str]) -> str:
    return _(", ").join(LANGUAGE_NAMES[code] for code in languages)


def merged_context(assessment: Assessment, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields in which a text keeps the languages that nothing is said in."""
    row = RoundContext.objects.filter(assessment=assessment).first() or RoundContext()
    texts = {name: {**getattr(row, name), **fields[name]} for name in fields if name in TEXTS}
    return {**fields, **texts}


@transaction.atomic
def set_chain(
    *,
    assessment: Assessment,
    steps: Sequence[StepRow],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Describe the value chain: all its stages at once, in this order.

    A stage that is not named any more is removed.

    :raises BadContext: a stage has no name, its code is unknown or named twice, or entries of the
        register lie in one that is removed or moved to another side.
    :raises Conflict, RoundLocked: as `set_context`.
    """
    current = hold_open(assessment)
    context = _held(current, expected_version)
    there = {row.code: row for row in current.chain_steps.prefetch_related("iros")}
    _check_steps(current, steps, there)
    before = [_as_told(row) for row in there.values()]
    codes = {step.code for step in steps}
    for row in there.values():
        if row.code not in codes:
            row.delete()
    free = _next_number(current, there)
    for position, step in enumerate(steps):
        row = there.get(step.code) or ChainStep(assessment=current)
        if not row.code:
            row.code, free = f"{PREFIX}{free:02d}", free + 1
        row.side, row.position = step.side, position
        row.name, row.relation = _spoken(step.name), _spoken(step.relation)
        row.places = step.places.strip()
        row.save()
    after = [_as_told(row) for row in current.chain_steps.all()]
    if after != before:
        _save(context)
        record(current, Verb.SET_CHAIN, by=by, before=before, after=after)


def _as_told(row: ChainStep) -> dict[str, Any]:
    """Return what the log says of a stage."""
    return {
        "code": row.code,
        "side": row.side,
        "name": row.name,
        "places": row.places,
        "relation": row.relation,
    }


def _next_number(assessment: Assessment, there: Mapping[str, ChainStep]) -> int:
    """Return the next number that no stage of last round's has, nor any this round had before:
    the log names those that were taken out by their codes."""
    last = ChainStep.objects.filter(assessment=assessment.previous_id)
    codes = [*there, *last.values_list("code", flat=True)]
    for event in assessment.events.filter(verb=Verb.SET_CHAIN):
        codes += [row["code"] for row in event.after]
    for event in assessment.events.filter(verb=Verb.CARRY_CONTEXT):
        codes += event.after
    numbers = [int(code[len(PREFIX) :]) for code in codes if code[len(PREFIX) :].isdigit()]
    return max(numbers, default=0) + 1


def _check_steps(
    assessment: Assessment, steps: Sequence[StepRow], there: Mapping[str, ChainStep]
) -> None:
    faults = {}
    if len(steps) > MOST_STEPS:
        sentence = _("A value chain has at most %(most)d stages; found %(found)d.")
        faults[""] = sentence % {"most": MOST_STEPS, "found": len(steps)}
    codes = [step.code for step in steps if step.code]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        faults[""] = _("Named twice: %(codes)s.") % {"codes": _(", ").join(twice)}
    for at, step in enumerate(steps):
        if fault := _fault(assessment, step, there):
            faults[str(at)] = fault
    gone = [row for code, row in there.items() if code not in codes]
    if used := [iro.code for row in gone for iro in row.iros.all()]:
        sentence = _("Entries of the register lie in a stage that is taken out: %(codes)s.")
        faults[""] = sentence % {"codes": _(", ").join(used)}
    if faults:
        raise BadContext(faults)


def _fault(assessment: Assessment, step: StepRow, there: Mapping[str, ChainStep]) -> str:
    """Return what is wrong with a stage, or ""."""
    if step.code and step.code not in there:
        return _("There is no stage %(code)s.") % {"code": step.code}
    if step.side not in Stage.values:
        known = _(", ").join(Stage.values)
        return _("“%(found)s” is none of: %(known)s.") % {"found": step.side, "known": known}
    if missing := missing_languages(step.name, tuple(assessment.languages)):
        return _("Name the stage in: %(languages)s.") % {"languages": _names(missing)}
    lengths = {LONGEST_NAME: step.name, LONGEST_RELATION: step.relation}
    lengths[LONGEST_PLACES] = {"": step.places}
    for most, text in lengths.items():
        if long := [part for part in text.values() if len(part) > most]:
            return _too_long(long[0], most)
    if step.code and step.side != there[step.code].side and (used := there[step.code].iros.all()):
        sentence = _(
            "Entries of the register lie in this stage: %(codes)s. Move them before it goes to "
            "another side of the value chain."
        )
        return sentence % {"codes": _(", ").join(iro.code for iro in used)}
    return ""


@transaction.atomic
def carry_context(*, assessment: Assessment, by: "User | None") -> bool:
    """Begin with last round's context and value chain; return whether anything was taken over.

    Days stay behind, because they are of last round. What this round says already stays.

    :raises NotASuccession: this round succeeds no other. :raises RoundLocked: it is locked.
    """
    current = hold_open(assessment)
    if current.previous is None:
        raise NotASuccession(_("This round succeeds no other, so nothing can be carried over."))
    row = _held(current, None)
    old = RoundContext.objects.filter(assessment=current.previous).first()
    taken = []
    if old and not row.version:
        for name in LASTS:
            setattr(row, name, _in_languages(current, getattr(old, name)))
        taken.append("context")
    if not current.chain_steps.exists():
        steps = [_copied(current, step) for step in current.previous.chain_steps.all()]
        ChainStep.objects.bulk_create(steps)
        taken += [step.code for step in steps]
    if taken:
        _save(row)
        record(current, Verb.CARRY_CONTEXT, by=by, subject=current.previous.year, after=taken)
    return bool(taken)


def _copied(assessment: Assessment, old: ChainStep) -> ChainStep:
    return ChainStep(
        assessment=assessment,
        code=old.code,
        side=old.side,
        name=_in_languages(assessment, old.name),
        places=old.places,
        relation=_in_languages(assessment, old.relation),
        position=old.position,
    )


def _in_languages(assessment: Assessment, value: Any) -> Any:
    """Return a text in the languages of this round, or as it was where it has none of them."""
    if not isinstance(value, dict):
        return value
    texts = {code: value[code] for code in assessment.languages if code in value}
    return texts or value
