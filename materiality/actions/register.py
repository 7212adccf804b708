"""The register: add an impact, risk or opportunity, describe it, close it, take in a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.actions.log import hold_open, record
from materiality.actions.register_links import (
    Links,
    carry_links,
    linked,
    refuse_turned,
    set_links,
)
from materiality.actions.register_scales import carry_iro_scales
from materiality.actions.successions import chain
from materiality.errors import (
    BadIro,
    BothLanguagesNeeded,
    IroIsClosed,
    LastEntryFeeds,
    UnknownTopic,
)
from materiality.method.feeding import FED
from materiality.models import IMPACTS, Assessment, ChainStep, Iro, IroKind, IroLine, Verb
from materiality.models.register import IroQuerySet
from surveys.errors import Conflict
from surveys.languages import LANGUAGE_NAMES, Text, missing_languages

if TYPE_CHECKING:
    from django.contrib.auth.models import User

TEXTS = ("title", "description", "affected", "dependency", "mitigation")
PLAIN = (
    "kind",
    "is_actual",
    "stage",
    "place",
    "horizon",
    "human_rights",
    "involvement",
    "is_net",
    "evidence",
)
FIELDS = (*TEXTS, *PLAIN, "evidence_file", "step")
LONGEST = {"title": 120, "description": 1500, "affected": 400, "dependency": 400} | {
    "mitigation": 800,
    "place": 200,
    "evidence": 300,
}
"""The most characters of a text, in each language."""
PREFIX = "IRO-"


@dataclass(frozen=True)
class IroRow:
    """One entry as a table or a form tells it.

    :param code: of the entry it changes; "" for a new one.
    :param topic: the code of its topic; None: as it is. :param before: codes of last round's.
    :param links: codes of this round's entries that it is linked to, by kind.
    """

    code: str
    topic: str | None
    fields: Mapping[str, Any]
    before: Sequence[str] | None = None
    links: Links | None = None


@dataclass
class Taken:
    """What taking in rows did, by code."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


@transaction.atomic
def add_iro(
    *,
    assessment: Assessment,
    topic: str,
    by: "User | None",
    before: Sequence[str] = (),
    links: Links | None = None,
    **fields: Any,
) -> Iro:
    """Add an entry to the register; its code is the next that no round before used.

    :param topic: code of a topic of the short list. :param before: codes of the entries of last
        round's register that it comes from. :param links: codes of entries of this round that it
        is linked to, by `LinkKind`. :param fields: of FIELDS.
    :raises BadIro: a sentence a field that contradicts another or lacks.
    :raises UnknownTopic: no such topic is asked about. :raises RoundLocked: the round is locked.
    """
    current = hold_open(assessment)
    row = _add(current, topic, fields)
    if before:
        set_origins(current, row, before)
    after = log_values(row)
    if links:
        set_links(current, row, links)
        after["links"] = linked(row)
    record(current, Verb.ADD_IRO, by=by, subject=row.code, after=after)
    return row


def _add(
    assessment: Assessment, topic: str, fields: Mapping[str, Any], code: str | None = None
) -> Iro:
    row = Iro(assessment=assessment, code=code or next_code(assessment))
    _set_topic(row, topic)
    set_fields(row, fields)
    check(row)
    row.save()
    return row


def _set_topic(row: Iro, topic: str) -> None:
    choice = row.assessment.topics.short_list().filter(code=topic).first()
    if choice is None:
        raise UnknownTopic(
            _("“%(topic)s” is no topic of the short list of this round.") % {"topic": topic}
        )
    row.topic = choice


def set_fields(row: Iro, fields: Mapping[str, Any]) -> None:
    """Set fields of an entry; a text keeps only the languages that something is said in.

    Where the stage changes and nothing is said of the named one, one on another side falls away.
    """
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"an entry of the register has no field {sorted(unknown)[0]!r}")
    for name, value in fields.items():
        if name in TEXTS:
            spoken = {code: text.strip() for code, text in value.items() if text.strip()}
            setattr(row, name, spoken)
        else:
            setattr(row, name, value.strip() if isinstance(value, str) else value)
    moves = "stage" in fields and "step" not in fields
    if moves and row.step and row.step.side != row.stage:
        row.step = None


@transaction.atomic
def describe_iro(
    *,
    iro: Iro,
    by: "User | None",
    topic: str | None = None,
    before: Sequence[str] | None = None,
    links: Links | None = None,
    expected_version: int | None = None,
    **fields: Any,
) -> bool:
    """Change an entry; return whether anything of it changed.

    :param topic: another topic; None: it stays. :param before: codes of last round's entries that
        it comes from; None: as it was. :param links: as for `add_iro`.
    :param expected_version: of the entry, as the editor saw it.
    :raises Conflict: somebody saved it since. :raises IroIsClosed: reopen it first.
    :raises BadIro, UnknownTopic, RoundLocked: as for `add_iro`.
    """
    current = hold_open(iro.assessment)
    row = hold_iro(current, iro, expected_version)
    if row.is_closed:
        raise IroIsClosed
    is_changed = describe_held(current, row, topic, fields, before, links, by=by)
    iro.refresh_from_db()
    return is_changed


def describe_held(
    assessment: Assessment,
    row: Iro,
    topic: str | None,
    fields: Mapping[str, Any],
    before: Sequence[str] | None = None,
    links: Links | None = None,
    *,
    by: "User | None",
) -> bool:
    """Change an open entry of a held round, as it is now, and log it; as for `describe_iro`."""
    old, new = _change(assessment, row, topic, fields, before, links)
    if new:
        record(assessment, Verb.DESCRIBE_IRO, by=by, subject=row.code, before=old, after=new)
    return bool(new)


def hold_iro(assessment: Assessment, iro: Iro, expected_version: int | None) -> Iro:
    """Return the entry as it is now, for this transaction, in which the round is held.

    :raises Conflict: it is not as the editor saw it.
    """
    row: Iro = assessment.iros.select_related("topic", "step").get(pk=iro.pk)
    row.assessment = assessment
    if expected_version is not None and expected_version != row.version:
        raise Conflict(
            _("Somebody else saved this entry while you were editing. Look at it, then save again.")
        )
    return row


def _change(
    assessment: Assessment,
    row: Iro,
    topic: str | None,
    fields: Mapping[str, Any],
    before: Sequence[str] | None,
    links: Links | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Change a held entry; return what changed of it, as it was and as it is."""
    old = log_values(row)
    if topic is not None and topic != row.topic.code:
        _set_topic(row, topic)
    set_fields(row, fields)
    if before is not None:
        set_origins(assessment, row, before)
    new = log_values(row)
    if links is not None:
        old["links"] = linked(row)
        set_links(assessment, row, links)
        new["links"] = linked(row)
    changed = [name for name in new if new[name] != old[name]]
    if changed:
        check(row)
        if "kind" in changed:
            refuse_turned(row)
        if not row.shows_mitigation and {"mitigation", "evidence", "evidence_file"} & {*changed}:
            _refuse_losing_evidence(row)
        row.version += 1
        row.save()
    return {name: old[name] for name in changed}, {name: new[name] for name in changed}


def _refuse_losing_evidence(row: Iro) -> None:
    if row.scores.filter(is_net=True).exists():
        sentence = _(
            "Experts have scored it after mitigation. What is done and the document that shows "
            "that it works stand as long as these scores do."
        )
        raise BadIro({"evidence": sentence})


def of_entry(row: Iro, refusal: BadIro) -> BadIro:
    """Return a refusal that names the entry, for where several are changed at once."""
    sentence = _("%(entry)s: %(why)s")
    faults = {
        name: sentence % {"entry": f"{row.code} {row}", "why": why}
        for name, why in refusal.faults.items()
    }
    return BadIro(faults)


def log_values(row: Iro) -> dict[str, Any]:
    """Return what the log says of an entry."""
    values = {name: getattr(row, name) for name in (*PLAIN, *TEXTS)}
    file = row.evidence_file.name if row.evidence_file else ""
    step = row.step.code if row.step else ""
    about = {"topic": row.topic.code, **values, "step": step}
    return {**about, "evidence_file": file, "before": origins(row)}


def origins(row: Iro) -> list[str]:
    """Return the codes of last round's entries that it comes from."""
    if row.pk is None:
        return []
    return sorted(row.predecessors.values_list("before__code", flat=True))


def check(row: Iro) -> None:
    """Refuse an entry that contradicts itself, with a sentence for each field.

    :raises BadIro: says all that is wrong at once.
    """
    faults = {**_unknown_choices(row), **_contradictions(row), **_lacks(row), **_too_long(row)}
    if faults:
        raise BadIro(faults)


def _unknown_choices(row: Iro) -> dict[str, str]:
    try:
        row.clean_fields(exclude=["evidence_file", "topic", "assessment", "closed_by", "step"])
    except ValidationError as error:
        return {name: " ".join(sentences) for name, sentences in error.message_dict.items()}
    return {}


def _contradictions(row: Iro) -> dict[str, str]:
    faults = {}
    if row.kind not in IMPACTS:
        if row.is_actual:
            faults["is_actual"] = _(
                "Only an impact can be actual: a risk or opportunity has not happened yet."
            )
        if row.involvement:
            faults["involvement"] = _("Only impacts are caused, contributed to or linked.")
    if row.human_rights and row.kind != IroKind.NEGATIVE:
        faults["human_rights"] = _("Only a negative impact can harm human rights.")
    if row.is_net and not row.mitigation:
        faults["mitigation"] = _(
            "An entry can be assessed after mitigation only if it says what is done."
        )
    if row.is_net and not (row.evidence or row.evidence_file):
        faults["evidence"] = _(
            "Net is refused without evidence: name the document that shows that mitigation works, "
            "or assess the entry before mitigation."
        )
    if row.evidence_file and row.evidence_file.assessment_id != row.assessment_id:
        faults["evidence_file"] = _("This file belongs to another round.")
    if row.step and row.step.assessment_id != row.assessment_id:
        faults["step"] = _("This stage belongs to the value chain of another round.")
    elif row.step and row.step.side != row.stage:
        faults["step"] = _(
            "“%(step)s” is a stage under “%(side)s”, and the entry is not. Change one of them."
        ) % {
            "step": row.step,
            "side": row.step.get_side_display(),
        }
    return faults


def _lacks(row: Iro) -> dict[str, str]:
    languages = row.assessment.languages
    if missing := missing_languages(row.title, tuple(languages)):
        names = _(", ").join(LANGUAGE_NAMES[code] for code in missing)
        return {"title": _("Write the title in: %(languages)s.") % {"languages": names}}
    return {}


def _too_long(row: Iro) -> dict[str, str]:
    faults = {}
    for name, most in LONGEST.items():
        value = getattr(row, name)
        for text in value.values() if name in TEXTS else [value]:
            if len(text) > most:
                values = {"what": text[:20], "most": most, "found": len(text)}
                faults[name] = _("“%(what)s…” has %(found)d characters; at most %(most)d.") % values
    return faults


def next_code(assessment: Assessment) -> str:
    """Return the next code that neither this round nor one it succeeds has used."""
    return next(_next_codes(assessment))


def _next_codes(assessment: Assessment) -> Iterator[str]:
    """Yield the codes that are free, one after the other; the round is held."""
    rounds = list(chain(assessment))
    codes = Iro.objects.filter(assessment__in=rounds).values_list("code", flat=True)
    numbers = [int(code.removeprefix(PREFIX)) for code in codes if code[len(PREFIX) :].isdigit()]
    for number in count(max(numbers, default=0) + 1):
        yield f"{PREFIX}{number:03d}"


def set_origins(assessment: Assessment, row: Iro, codes: Sequence[str]) -> None:
    """Say which entries of last round's register this one comes from; the round is held.

    Codes are looked up in last round's register alone, so no line can lead back to its beginning.
    A line that is there already stays, whatever became of last round's entry since.

    :raises BadIro: last round's register has no such entry, or it was closed.
    """
    there = dict(row.predecessors.values_list("before__code", "before"))
    new = [code for code in codes if code not in there]
    known = {one.code: one for one in before_of(assessment).filter(code__in=new)}
    if unknown := [code for code in new if code not in known]:
        raise BadIro({"before": _not_of_last_round(assessment, unknown)})
    wanted = {one.pk for one in known.values()}
    ended = IroLine.objects.filter(before__in=wanted, after=None)
    if closed := list(ended.values_list("before__code", flat=True)):
        sentence = _("Last round’s %(codes)s was closed. Take that back first.")
        raise BadIro({"before": sentence % {"codes": _(", ").join(closed)}})
    remaining = [there[code] for code in codes if code in there]
    row.predecessors.exclude(before__in=remaining).delete()
    IroLine.objects.bulk_create(
        IroLine(assessment=assessment, before_id=key, after=row) for key in sorted(wanted)
    )


def before_of(assessment: Assessment) -> IroQuerySet:
    """Return last round's register: its open entries."""
    rows: IroQuerySet = Iro.objects.filter(assessment=assessment.previous_id).open()
    return rows if assessment.previous_id else rows.none()


def _not_of_last_round(assessment: Assessment, codes: Sequence[str]) -> str:
    names = {"codes": _(", ").join(codes)}
    if assessment.iros.filter(code__in=codes).exists():
        return (
            _(
                "%(codes)s is an entry of this round: an entry comes from last round’s register "
                "only, so that no line leads in a circle."
            )
            % names
        )
    return _("Last round’s register has no open entry %(codes)s.") % names


@transaction.atomic
def close_iro(
    *, iro: Iro, reason: Text, by: "User | None", expected_version: int | None = None
) -> None:
    """Close an entry: it no longer applies. It stays in the register, with the reason.

    :param reason: in the languages of the round.
    :raises BothLanguagesNeeded: one is missing. :raises Conflict: somebody saved it since.
    :raises LastEntryFeeds: the register feeds the axes, and no entry would stay open.
    """
    current = hold_open(iro.assessment)
    row = hold_iro(current, iro, expected_version)
    if row.is_closed:
        raise IroIsClosed
    close_held(current, row, reason, by=by)
    refuse_nothing_to_feed(current)
    iro.refresh_from_db()


def close_held(assessment: Assessment, row: Iro, reason: Text, *, by: "User | None") -> None:
    """Close an open entry of a held round, as it is now; as for `close_iro`."""
    row.closing_reason = _reason(assessment, reason)
    row.closed_at, row.closed_by, row.version = timezone.now(), by, row.version + 1
    row.save()
    text = " / ".join(row.closing_reason.values())
    record(assessment, Verb.CLOSE_IRO, by=by, subject=row.code, reason=text)


def refuse_nothing_to_feed(assessment: Assessment) -> None:
    """Refuse that the last open entry goes of a round whose axes the register feeds.

    :raises LastEntryFeeds: no entry is open any more.
    """
    if assessment.register_feeds in FED and not assessment.iros.open().exists():
        raise LastEntryFeeds


def _reason(assessment: Assessment, reason: Text) -> dict[str, str]:
    if missing_languages(reason, tuple(assessment.languages)):
        raise BothLanguagesNeeded(assessment.languages)
    return {code: reason[code].strip() for code in assessment.languages}


@transaction.atomic
def reopen_iro(*, iro: Iro, by: "User | None", expected_version: int | None = None) -> None:
    """Open a closed entry again; the log keeps why it was closed."""
    current = hold_open(iro.assessment)
    row = hold_iro(current, iro, expected_version)
    if not row.is_closed:
        return
    before = row.closing_reason
    row.closed_at = row.closed_by = None
    row.closing_reason, row.version = {}, row.version + 1
    row.save()
    record(current, Verb.REOPEN_IRO, by=by, subject=row.code, before=before)
    iro.refresh_from_db()


@transaction.atomic
def take_in_iros(*, assessment: Assessment, rows: Iterable[IroRow], by: "User | None") -> Taken:
    """Add the entries of a table that are new, and change those it names: all rows, or none.

    A text keeps the languages that a row says nothing in.

    :raises BadIro: a row contradicts itself; nothing of the table is taken.
    """
    current = hold_open(assessment)
    taken, old, new, free = Taken(), {}, {}, _next_codes(current)
    known = {row.code: row for row in current.iros.select_related("topic", "step", "evidence_file")}
    for one in rows:
        if one.code:
            row = known[one.code]
            row.assessment = current
            if row.is_closed:
                raise IroIsClosed
            changed = merged(row, one.fields)
            try:
                before, after = _change(current, row, one.topic, changed, one.before, one.links)
            except BadIro as refusal:
                raise of_entry(row, refusal) from refusal
            if after:
                taken.changed.append(row.code)
                old[row.code], new[row.code] = before, after
            continue
        row = _add(current, one.topic or "", one.fields, next(free))
        if one.before:
            set_origins(current, row, one.before)
        taken.added.append(row.code)
        new[row.code] = log_values(row)
        if one.links:
            set_links(current, row, one.links)
            new[row.code]["links"] = linked(row)
    if new:
        record(current, Verb.IMPORT_IROS, by=by, before=old or None, after=new)
    return taken


def merged(row: Iro, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields in which a text keeps the languages that nothing is said in."""
    texts = {name: {**getattr(row, name), **fields[name]} for name in fields if name in TEXTS}
    return {**fields, **texts}


@transaction.atomic
def carry_iros(*, assessment: Assessment, by: "User | None") -> list[str]:
    """Take over the open entries of last round's register that nothing is said of yet.

    Each keeps its code and goes under the topic that its topic goes on in, the first where it was
    split. Entries whose topic does not go on stay where they are, for people to decide.

    :returns: the codes taken over.
    """
    current = hold_open(assessment)
    waiting = before_of(current).filter(successors=None)
    topics = topics_after(current)
    taken: list[Iro] = []
    steps = {row.code: row for row in current.chain_steps.all()}
    codes = set(current.iros.values_list("code", flat=True))
    for old in waiting.select_related("topic", "step", "evidence_file"):
        if old.topic_id not in topics:
            continue
        row = _copied(current, old, topics[old.topic_id])
        row.step = _step_after(old, steps)
        if row.code in codes:
            row.code = next_code(current)
        row.save()
        codes.add(row.code)
        IroLine.objects.create(assessment=current, before=old, after=row)
        taken.append(row)
    names = [row.code for row in taken]
    if taken:
        carry_links(current, taken)
        record(current, Verb.CARRY_IROS, by=by, after=names)
        carry_iro_scales(assessment=current, by=by)
    return names


def topics_after(assessment: Assessment) -> dict[int, int]:
    """Return the key of this round's topic by that of last round's that goes on in it."""
    lines = assessment.successions.filter(
        before__isnull=False, after__isnull=False, after__screened_out=""
    )
    pairs = lines.order_by("-position", "-pk").values_list("before", "after")
    return dict(pairs)


def _copied(assessment: Assessment, old: Iro, topic: int) -> Iro:
    """Return the entry as this round begins with it; a file of last round's stays there by name."""
    values = {name: getattr(old, name) for name in (*TEXTS, *PLAIN)}
    if old.evidence_file and not old.evidence:
        values["evidence"] = old.evidence_file.name
    for name in TEXTS:
        spoken = values[name]
        wording = {code: spoken[code] for code in assessment.languages if code in spoken}
        values[name] = wording or spoken
    return Iro(assessment=assessment, topic_id=topic, code=old.code, **values)


def _step_after(old: Iro, steps: Mapping[str, ChainStep]) -> ChainStep | None:
    """Return this round's stage that goes on from the one it lay in, if it is on the same side."""
    step = steps.get(old.step.code) if old.step else None
    return step if step and step.side == old.stage else None


@transaction.atomic
def end_iros(
    *, assessment: Assessment, codes: Sequence[str], reason: Text, by: "User | None"
) -> None:
    """Say of entries of last round's register that they do not go on, and why.

    :raises BadIro: none is named, one is not of last round's register, or it goes on in this one.
    :raises BothLanguagesNeeded: the reason lacks a language.
    """
    current = hold_open(assessment)
    if not codes:
        raise BadIro({"": _("Choose the entries that do not go on.")})
    codes = list(dict.fromkeys(codes))
    known = {one.code: one for one in before_of(current).filter(code__in=codes)}
    if unknown := [code for code in codes if code not in known]:
        raise BadIro({"": _not_of_last_round(current, unknown)})
    text = _reason(current, reason)
    going_on = IroLine.objects.filter(before__in=list(known.values()))
    if there := list(going_on.values_list("before__code", flat=True).distinct()):
        sentence = _("Something is said already of %(codes)s.")
        raise BadIro({"": sentence % {"codes": _(", ").join(sorted(there))}})
    IroLine.objects.bulk_create(
        IroLine(assessment=current, before=known[code], after=None, reason=text) for code in codes
    )
    record(current, Verb.END_IROS, by=by, after=codes, reason=" / ".join(text.values()))


@transaction.atomic
def resume_iros(*, assessment: Assessment, codes: Sequence[str], by: "User | None") -> None:
    """Take back that entries of last round's register do not go on."""
    current = hold_open(assessment)
    lines = current.iro_lines.filter(after=None, before__code__in=codes)
    before = {line.before.code: line.reason for line in lines.select_related("before")}
    if before:
        lines.delete()
        record(current, Verb.RESUME_IROS, by=by, before=before)
