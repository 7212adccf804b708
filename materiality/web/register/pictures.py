"""The register in pictures: a heat map for each kind, and the value chain."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from materiality.inputs.register import Register, ScoredIro
from materiality.models import Assessment
from materiality.report.figure.register import pen
from materiality.report.figure.register.chain import ChainStep, chain, three_stages, with_entries
from materiality.report.figure.register.heat import Map, heat_maps
from materiality.report.figure.register.marks import Entry, Setting
from materiality.report.words import say
from materiality.selectors.register import still_to_score
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, member, show
from surveys.languages import in_language

PHONE, SCREEN = 82.0, 200.0  # millimetres of the drawing, whatever it is shown at


@dataclass(frozen=True)
class ShownMap:
    """A heat map and the entries that its numbers stand for."""

    map: Map
    drawn: SafeString


@assessment_page()
def pictures(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show both pictures; who has entries to score sees no value and no verdict before."""
    register = Register(assessment)
    waiting = still_to_score(assessment, member(request))
    entries = [_as_entry(row) for row in register.entries]
    if waiting:
        entries = [_untold(entry) for entry in entries]
    return show(
        request,
        assessment,
        "register_pictures",
        maps=[] if waiting else _maps(register, entries),
        chains=_chains(_steps(register, entries)),
        waiting=waiting,
        entries=entries,
    )


def _maps(register: Register, entries: Sequence[Entry]) -> list[ShownMap]:
    assessment = register.assessment
    thresholds = {kind: row.value for kind, row in register.thresholds.items()}
    setting = Setting(float(assessment.points), assessment.likelihood_rule, thresholds)
    maps = heat_maps(entries, setting, language())
    return [
        ShownMap(one, SafeString(pen.on_page(one.drawing, name=f"heat-{one.kind}")))
        for one in maps  # the pen escapes every text
    ]


def _steps(register: Register, entries: Sequence[Entry]) -> list[ChainStep]:
    """Return the named stages of the round with their entries, then what lies in none of them."""
    named = list(register.assessment.chain_steps.all())
    if not named:
        return three_stages(entries)
    lying: dict[Hashable, list[Entry]] = {}
    for row, entry in zip(register.entries, entries, strict=True):
        lying.setdefault(row.iro.step_id, []).append(entry)
    steps = [
        ChainStep(
            side=step.side,
            name=str(step),
            places=(step.places,) if step.places else (),
            relation=in_language(step.relation),
        )
        for step in named
    ]
    return with_entries([(row.pk, step) for row, step in zip(named, steps, strict=True)], lying)


def _chains(steps: Sequence[ChainStep]) -> dict[str, SafeString]:
    """Return the value chain for a screen and for a phone."""
    title = say(language(), "chain_short")
    wide = chain(steps, language(), title=title, wide=SCREEN)
    upright = chain(steps, language(), title=title, wide=PHONE, is_upright=True)
    return {
        "screen": SafeString(pen.on_page(wide, name="chain")),
        "phone": SafeString(pen.on_page(upright, name="chain-phone")),
    }


def _as_entry(row: ScoredIro) -> Entry:
    iro, scored, place = row.iro, row.scored, row.place
    return Entry(
        code=iro.code,
        title=str(iro),
        kind=iro.kind,
        stage=iro.stage,
        place=iro.place,
        value=scored.value,
        gravity=place.gravity if place else None,
        likelihood=place.likelihood if place else None,
        is_material=scored.is_material,
        is_disputed=scored.is_disputed and not scored.is_settled,
        address=reverse("materiality:iro", args=[iro.assessment_id, iro.code]),
    )


def _untold(entry: Entry) -> Entry:
    return replace(
        entry, value=None, gravity=None, likelihood=None, is_material=None, is_disputed=False
    )
