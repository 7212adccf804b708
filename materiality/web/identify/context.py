"""Identify: the context of a round, and its value chain."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality import actions
from materiality.catalogue.clauses import Profile
from materiality.models import Assessment, ChainStep, RoundContext
from materiality.models.context import CHAIN
from materiality.report.words import say
from materiality.selectors.context import Missing, missing_of
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, may, member, show
from materiality.web.identify.context_forms import ChainForm, ContextForm, saved_steps
from surveys.languages import LANGUAGE_NAMES
from surveys.models.organisations import MAY_EDIT


@dataclass(frozen=True)
class MissingLine:
    """A sentence on what is missing, and the clauses that ask for it."""

    sentence: str
    clauses: tuple[tuple[Profile, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Side:
    """One side of the value chain with its stages and how many entries lie in each."""

    name: str
    steps: list[ChainStep]


@assessment_page(write=MAY_EDIT)
def context(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show what the round is about; a POST changes it."""
    form = ContextForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:context", pk=assessment.pk)
    return _page(request, assessment, form=form)


@assessment_page(write=MAY_EDIT)
def carry(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Begin with last round's context and value chain."""
    if request.method != "POST":
        return _page(request, assessment, form=ContextForm(assessment=assessment))
    if actions.carry_context(assessment=assessment, by=member(request)):
        messages.success(request, _("Last round’s context is taken over. Look through it."))
    else:
        messages.info(request, _("Nothing was left to take over."))
    return redirect("materiality:context", pk=assessment.pk)


@assessment_page(write=MAY_EDIT)
def value_chain(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Edit every stage of the value chain at once."""
    form = ChainForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, saved_steps(assessment.chain_steps.count()))
        return redirect("materiality:value_chain", pk=assessment.pk)
    if not may(assessment).edit:
        form.disable()
    return show(request, assessment, "value_chain", status=form.status, form=form)


def _missing(one: Missing) -> str:
    """Say what is missing: of a text that is there in one language, the other language alone."""
    if not one.languages:
        return say(language(), f"lack_{one.code}")
    names = {
        "entity": _("Who reports, and what the company does"),
        "scope": _("Scope of consolidation"),
        "due_diligence": _("Due diligence"),
        "approver": _("Which body approves"),
    }
    languages = _(", ").join(LANGUAGE_NAMES[code] for code in one.languages)
    values = {"text": names[one.code], "languages": languages}
    return _("%(text)s: %(languages)s is missing.") % values


def _page(request: HttpRequest, assessment: Assessment, *, form: ContextForm) -> HttpResponse:
    if not may(assessment).edit:
        form.disable()
    last = RoundContext.objects.filter(assessment=assessment.previous_id).first()
    steps = list(assessment.chain_steps.prefetch_related("iros"))
    facts: dict[str, Any] = {
        "form": form,
        "missing": [MissingLine(_missing(one), one.clauses) for one in missing_of(assessment)],
        "sides": [
            Side(str(side.label), [step for step in steps if step.side == side]) for side in CHAIN
        ],
        "has_chain": bool(steps),
        "may_carry": bool(last) and not form["version"].value(),
    }
    return show(request, assessment, "context", status=form.status, **facts)
