"""Report: look at the page as it will be printed, then take the files."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import content_disposition_header

from materiality.actions import ask_for_package
from materiality.catalogue.clauses import profiles
from materiality.errors import NoResultsYet, ScoresFirst
from materiality.locking.snapshots import results_to_print
from materiality.models import Assessment, Feedback, Package, PublishedFigure
from materiality.report import tables
from materiality.report.edition import Edition, Look
from materiality.report.figure import svg
from materiality.report.figure.layout import compose, describe
from materiality.report.figure.layout.sizes import MANY_TOPICS
from materiality.report.files import make, order, package
from materiality.report.sentences import note, problems
from materiality.report.sentences.quotes import quoted
from materiality.results import Results
from materiality.selectors.looks import look_of
from materiality.selectors.register import still_to_score
from materiality.tasks import make_package
from materiality.templatetags.workspace import language
from materiality.web.access import assessment_page, confirmed_reading, member, note_download, show
from materiality.web.fields import languages_of
from materiality.web.report.export_forms import ExportForm
from surveys.models import Role
from surveys.models.organisations import MAY_DECIDE, MAY_EDIT
from surveys.people.links import absolute

KEEP = 60 * 60
PATIENCE = timedelta(seconds=3)  # then whoever waits makes the files, for there is no worker
EVERYBODY = tuple(Role)
# The frame grows with its content: the page inside tells its height to the page around it.
FRAME = """\
<iframe id="materiality-{code}" src="{url}" title="{title}" width="100%" height="900"
  loading="lazy" sandbox="allow-scripts" style="border:0"></iframe>
<script>
addEventListener("message", function (event) {{
  var frame = document.getElementById("materiality-{code}");
  if (event.source === frame.contentWindow && event.data.materialityHeight) {{
    frame.height = event.data.materialityHeight;
  }}
}});
</script>
"""


@assessment_page(write=EVERYBODY)
def export(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Show the page; a post shows it with other options, or has its files made."""
    form = _form(request, assessment)
    page = reverse("materiality:export", args=[assessment.pk])
    waiting = still_to_score(assessment, member(request))
    if request.method == "POST":
        if waiting:
            raise ScoresFirst
        if "prepare" in request.POST:
            _ask(assessment, form)
        elif "wait" in request.POST:
            _hurry(_package(results_to_print(assessment), form))
        return redirect(f"{page}?{form.query()}#package")
    try:
        results = results_to_print(assessment)
    except NoResultsYet:
        return show(request, assessment, "export", results=None)
    published = PublishedFigure.objects.filter(snapshot__assessment=assessment).first()
    return show(
        request,
        assessment,
        "export",
        **_context(form, results),
        waiting=waiting,
        published=published,
        snippets=_snippets(results, published) if published else [],
        profiles=profiles(),
        told_them=Feedback.objects.filter(snapshot__assessment=assessment).exists(),
        may_publish=_role(assessment) in MAY_DECIDE,
    )


def _context(form: ExportForm, results: Results) -> dict[str, Any]:
    return {
        "results": results,
        "form": form,
        "sheet": _sheet(results, form),
        "missing": _missing(results),
        "query": form.query(),
        "package": _package(results, form),
        "zip_name": package.zip_name(Edition(results, language())),
        "numbered": _is_numbered(results, form),
    }


def _missing(results: Results) -> list[tuple[str, str]]:
    """Return what the files of either language lack, each with the page where it is entered."""
    spoken = language()
    changes = [(line, "changes") for line in problems.open_questions(Edition(results, spoken))]
    names = [
        (line, "topics")
        for code in results.languages
        for line in problems.missing_translations(Edition(results, spoken), of=code)
    ]
    return [*changes, *names]


def _snippets(results: Results, published: PublishedFigure) -> list[tuple[str, str, str]]:
    """Return what another site copies into its page, per language."""
    return [
        (
            code,
            spoken,
            FRAME.format(
                code=code,
                title=escape(Edition(results, code).wording("matrix_title")),
                url=absolute(reverse("materiality:published", args=[published.token, code])),
            ),
        )
        for code, spoken in languages_of(results)
    ]


def _form(request: HttpRequest, assessment: Any) -> ExportForm:
    sent = request.POST if request.method == "POST" else request.GET
    return ExportForm(sent, look=look_of(assessment), evidence=_role(assessment) in MAY_EDIT)


def _role(assessment: Any) -> str:
    return str(assessment.role)


def _sheet(results: Results, form: ExportForm) -> dict[str, object]:
    """Return what the previewed page says, in the language chosen for it."""
    data, chosen = form.selection(), form.order()
    code, worded = data["language"], order.with_titles(results, chosen)
    edition = Edition(worded, code, Look(quotes=form.quotes))
    changes = [tables.changes(edition)] if tables.prints_changes(worded) else []
    return {
        "language": code,
        "size": data["size"],
        "draft": edition.say("draft"),
        "title": edition.wording("section_title"),
        "describe": describe(edition),
        "stamp": note.stamp(edition),
        "quoted": quoted(edition),
        "tables": [*changes, tables.engagement(edition)],  # of these, engagement may have no row
        "empty": edition.say("engagement_none") + edition.say("stop").rstrip(),
    }


# -- the figure ----------------------------------------------------------------------------------


@assessment_page()
def figure(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Return the printed matrix with the options of the query."""
    form = _form(request, assessment)
    drawn, _labels = _figure(results_to_print(assessment), form)
    return HttpResponse(drawn, content_type="image/svg+xml")


def _figure(results: Results, form: ExportForm) -> tuple[str, str]:
    """Return the figure of these choices, and how its points are labelled."""
    chosen, code = form.order(), form.selection()["language"]
    key = f"figure:{code}:{order.key(results, {**chosen, 'parts': []})}"
    drawn: tuple[str, str] | None = cache.get(key)
    if drawn is None:
        worded = order.with_titles(results, chosen)
        edition = Edition(worded, code, order.look(chosen, code))
        matrix = compose(edition)
        drawn = svg.printed(edition, matrix), matrix.labels
        cache.set(key, drawn, timeout=KEEP)
    return drawn


def _is_numbered(results: Results, form: ExportForm) -> bool:
    """Tell whether names were asked for and did not fit; of very many topics nobody expects it."""
    data = form.selection()
    if data["labels"] != "names" or data["size"] == "column" or len(results.topics) > MANY_TOPICS:
        return False
    return _figure(results, form)[1] == "numbers"


# -- the files -----------------------------------------------------------------------------------


def _ask(assessment: Assessment, form: ExportForm) -> None:
    """Note that the files are wanted, and call a worker; one that comes late does nothing."""
    chosen = form.order()
    key = order.key(results_to_print(assessment), chosen)
    wanted = ask_for_package(assessment=assessment, key=key, order=chosen, again=True)
    if not wanted.is_ready:
        make_package.enqueue(wanted.pk)


def _package(results: Results, form: ExportForm) -> Package | None:
    """Return the files of these choices, if they were asked for; without what they hold."""
    packages = Package.objects.filter(key=order.key(results, form.order()))
    return packages.defer("content").first()


def _hurry(package: Package | None) -> None:
    """Make the files now where no worker runs, as in the demo: whoever waits for them is here."""
    if package and not settings.WORKER and timezone.now() - package.asked_at > PATIENCE:
        make.make(package.pk)


@assessment_page()
def package_state(request: HttpRequest, assessment: Assessment) -> JsonResponse:
    """Tell how far the files of these choices are."""
    package = _package(results_to_print(assessment), _form(request, assessment))
    return JsonResponse({"state": package.state if package else "none"})


@assessment_page()
@confirmed_reading
def files(request: HttpRequest, assessment: Assessment, key: str) -> HttpResponse:
    """Return files that were made, as one ZIP."""
    made = Package.objects.filter(assessment=assessment, key=key, content__isnull=False).first()
    if made is None or not _may_take(assessment, made):
        raise Http404
    if still_to_score(assessment, member(request)):
        raise ScoresFirst
    name = package.zip_name(Edition(results_to_print(assessment), language()))
    note_download(request, assessment, name)
    return HttpResponse(
        bytes(made.content or b""),
        content_type="application/zip",
        headers={"Content-Disposition": str(content_disposition_header(True, name))},
    )


def _may_take(assessment: Assessment, package: Package) -> bool:
    return order.BUNDLE not in package.order["parts"] or _role(assessment) in MAY_EDIT
