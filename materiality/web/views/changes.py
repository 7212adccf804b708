"""What became of last year's topics, and how the report will say it."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality.bundle import ChangeRow, Results
from materiality.bundle import changes as table
from materiality.models import Assessment
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, show
from materiality.web.finding import results_or_none
from materiality.web.forms import ChangesForm
from surveys.models.organisations import MAY_EDIT


@assessment_page(write=MAY_EDIT)
def changes(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    if assessment.previous is None:
        return show(request, assessment, "no_changes")
    form = ChangesForm(request.POST or None, assessment=assessment)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.act(by=request.user, use=request.POST.get("use", ""))
    ):
        messages.success(request, _("Saved."))
        return redirect("materiality:changes", pk=assessment.pk)
    results = results_or_none(assessment)
    return show(
        request,
        assessment,
        "changes",
        status=form.status,
        form=form,
        results=results,
        printed=_printed(results, form),
    )


def _printed(results: Results | None, form: ChangesForm) -> list[tuple[str, str, str]]:
    """Return the rows of the table exactly as they are exported."""
    rows: Sequence[ChangeRow] = results.changes if results else _before_scoring(form)
    return [row.columns(language()) for row in rows]


def _before_scoring(form: ChangesForm) -> list[ChangeRow]:
    said = {
        "topics": [{"code": code} for code in form.after],
        "previous": {"topics": [{"code": code} for code in form.before]},
        "successions": [vars(change) for change in form.recorded],
    }
    return [
        ChangeRow(
            row["kind"],
            tuple(form.before[code] for code in row["before"]),
            tuple(form.after[code] for code in row["after"]),
            row["reason"],
        )
        for row in table.rows(said)
    ]
