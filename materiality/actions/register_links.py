"""Links of the register: which risk or opportunity an impact gives rise to, or depends on."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import F, Q
from django.utils.translation import gettext as _

from materiality.errors import BadIro
from materiality.models import Assessment, Iro, IroLink, LinkKind

Links = Mapping[str, Sequence[str]]


def linked(row: Iro) -> dict[str, list[str]]:
    """Return the codes of the entries at the other end as they are now, by kind of link."""
    linked_codes: dict[str, list[str]] = {kind: [] for kind in LinkKind.values}
    links = IroLink.objects.filter(Q(impact=row.pk) | Q(effect=row.pk))
    for kind, *codes in links.values_list("kind", "impact__code", "effect__code"):
        linked_codes[kind] += [code for code in codes if code != row.code]
    return {kind: sorted(codes) for kind, codes in linked_codes.items()}


def set_links(assessment: Assessment, row: Iro, links: Links) -> None:
    """Say which entries this one is linked to; the round is held, and the row is saved.

    A link reads the same from both ends, so the version of the other end counts it too.

    :param links: codes by `LinkKind`; a kind that is not named stays as it is, but for the codes
        that are named under the other one now.
    :raises BadIro: a code is of no entry, of the entry itself, of its own side, or named twice.
    """
    there = {code: kind for kind, codes in linked(row).items() for code in codes}
    unnamed = {code: kind for code, kind in there.items() if kind not in links}
    wanted = {**unnamed, **_by_code(links)}
    known = {one.code: one for one in assessment.iros.filter(code__in=wanted)}
    if faults := _faults(row, links, known):
        raise BadIro(faults)
    changed = {code for code in {*there, *wanted} if there.get(code) != wanted.get(code)}
    if not changed:
        return
    gone = Q(impact__code__in=changed, effect=row) | Q(effect__code__in=changed, impact=row)
    assessment.iro_links.filter(gone).delete()
    IroLink.objects.bulk_create(
        _link(assessment, row, known[code], wanted[code])
        for code in sorted(changed)
        if code in wanted
    )
    assessment.iros.filter(code__in=changed).update(version=F("version") + 1)


def _by_code(links: Links) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for kind, codes in links.items():
        for code in codes:
            if kinds.setdefault(code, kind) != kind:
                raise BadIro({field_of(kind): named_under_both(code)})
    return kinds


def named_under_both(code: str) -> str:
    return _("%(code)s is named under both kinds of link. Choose one.") % {"code": code}


def field_of(kind: str) -> str:
    """Return what the field of a kind of link is called in forms, tables and refusals."""
    return f"links_{kind}"


def _faults(row: Iro, links: Links, known: Mapping[str, Iro]) -> dict[str, str]:
    faults = {}
    for kind, codes in links.items():
        if sentence := fault_of_links(row, codes, known):
            faults[field_of(kind)] = sentence
    return faults


def fault_of_links(row: Iro, codes: Iterable[str], known: Mapping[str, Iro]) -> str:
    """Say why an entry cannot be linked to others; "" if it can.

    :param known: the entries of the round, by code.
    """
    unknown = [code for code in codes if code not in known]
    if unknown:
        values = {"codes": _(", ").join(unknown)}
        return _("This round’s register has no entry %(codes)s.") % values
    alike = [code for code in codes if known[code].is_impact == row.is_impact]
    if not alike:
        return ""
    values = {"codes": _(", ").join(alike)}
    if row.is_impact:
        return (
            _("%(codes)s: an impact is linked to risks and opportunities, not to impacts.") % values
        )
    return _("%(codes)s: a risk or opportunity is linked to impacts alone.") % values


def _link(assessment: Assessment, row: Iro, other: Iro, kind: str) -> IroLink:
    impact, effect = (row, other) if row.is_impact else (other, row)
    return IroLink(assessment=assessment, impact=impact, effect=effect, kind=kind)


def refuse_turned(row: Iro) -> None:
    """Refuse that an impact becomes a risk, or the reverse, while it is linked to others.

    :raises BadIro: it would be linked to entries of its own side.
    """
    turned = row.cause_links if row.is_impact else row.effect_links
    other = "impact__code" if row.is_impact else "effect__code"
    alike = sorted(turned.values_list(other, flat=True))
    if alike:
        raise BadIro({"kind": still_linked(alike)})


def still_linked(codes: Iterable[str]) -> str:
    sentence = _("It is linked to %(codes)s. Take the links away before it changes sides.")
    return sentence % {"codes": _(", ").join(codes)}


def carry_links(assessment: Assessment, taken: Sequence[Iro]) -> None:
    """Link the entries that were just taken over as last round's were; the round is held.

    An entry that was there before counts its new links in its version, as for `set_links`.
    """
    keys = {row.pk for row in taken}
    after: dict[int, list[Iro]] = {}
    lines = assessment.iro_lines.filter(after__isnull=False).select_related("after")
    for line in lines:
        if line.after:
            after.setdefault(line.before_id, []).append(line.after)
    old = IroLink.objects.filter(impact__in=after, effect__in=after)
    new = [
        IroLink(assessment=assessment, impact=impact, effect=effect, kind=link.kind)
        for link in old
        for impact in after[link.impact_id]
        for effect in after[link.effect_id]
        if {impact.pk, effect.pk} & keys and impact.is_impact and not effect.is_impact
    ]
    IroLink.objects.bulk_create(new, ignore_conflicts=True)
    ends = {key for link in new for key in (link.impact_id, link.effect_id)}
    assessment.iros.filter(pk__in=ends - keys).update(version=F("version") + 1)
