"""The context of a round as its bundle holds it: a query, and one more where there is any."""

from typing import Any, cast

from materiality.catalogue.frameworks import frameworks
from materiality.document.schema import ChainStep, Context, Framework, HorizonYears
from materiality.models import Assessment, RoundContext

TEXTS = ("entity", "scope", "due_diligence", "approver")
DAYS = ("approved_on", "last_revision", "next_revision")


def context_of(assessment: Assessment) -> Context:
    """Return the context of a round, without what nobody has said; {} where nobody said a thing."""
    row = RoundContext.objects.filter(assessment=assessment).first()
    if row is None:  # a value chain has it too: it counts the changes of both
        return {}
    context = _said(row)
    if chain := chain_of(assessment):
        context["chain"] = chain
    return cast(Context, context)


def chain_of(assessment: Assessment) -> list[ChainStep]:
    """Return the value chain of a round, stage by stage."""
    return [_step(step) for step in assessment.chain_steps.all()]


def _said(row: RoundContext) -> dict[str, Any]:
    context: dict[str, Any] = {name: getattr(row, name) for name in TEXTS if getattr(row, name)}
    context |= {name: getattr(row, name).isoformat() for name in DAYS if getattr(row, name)}
    if row.as_annual_report is not None:
        context["as_annual_report"] = row.as_annual_report
    if row.period_start and row.period_end:
        context["period"] = {
            "start": row.period_start.isoformat(),
            "end": row.period_end.isoformat(),
        }
    if row.standards:
        context["standards"] = [_standard(key) for key in row.standards]
    if row.approach:
        context["approach"] = row.approach
    if row.short_years and row.medium_years:
        context["horizons"] = _horizons(row.short_years, row.medium_years, row)
    return context


def _standard(key: str) -> Framework:
    framework = frameworks().get(key)
    if framework is None:
        # An edition that a later catalogue no longer lists was chosen all the same.
        code, _colon, edition = key.partition(":")
        return {"code": code, "edition": edition, "title": {"zh-hans": key, "en": key}}
    return {"code": framework.code, "edition": framework.edition, "title": dict(framework.title)}


def _horizons(short: int, medium: int, row: RoundContext) -> HorizonYears:
    years: HorizonYears = {"short": short, "medium": medium}
    if not row.has_usual_horizons:
        years["reason"] = row.horizons_reason
    return years


def _step(row: Any) -> ChainStep:
    step: ChainStep = {"code": row.code, "side": row.side, "name": row.name}
    if row.places:
        step["places"] = row.places
    if row.relation:
        step["relation"] = row.relation
    return step
