"""What a lock would make final while somebody still wanted to do it, each with its page."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.inputs import progress
from materiality.models import Assessment
from materiality.results import Results
from materiality.web import apart
from materiality.web.fields import languages_of
from surveys.languages import in_language
from surveys.models import Comment


@dataclass(frozen=True)
class Remaining:
    """One thing left to do; `blocks` tells that the round cannot be locked with it.

    :ivar also: label and address of a second page, where it can be done in either place.
    """

    text: str
    label: str
    url: str
    blocks: bool = False
    also: tuple[str, str] | None = None


def remaining(assessment: Assessment, results: Results) -> list[Remaining]:
    """Return what is left to do before the lock, what blocks it first."""
    return [
        *_open_questions(assessment, results),
        *_missing_reasons(assessment, results),
        *_missing_translations(assessment, results),
        *_said_both_ways(assessment, results),
        *_apart_from_register(assessment, results),
        *_not_from_register(assessment, results),
        *_unread_comments(assessment),
        *_missed_targets(assessment),
    ]


def _open_questions(assessment: Assessment, results: Results) -> Iterator[Remaining]:
    count = len(results.open_questions)
    if not count:
        return
    text = ngettext(
        "%(count)d entry of the change table needs a reason.",
        "%(count)d entries of the change table need a reason.",
        count,
    )
    url = reverse("materiality:changes", args=[assessment.pk])
    yield Remaining(text % {"count": count}, _("Write reasons"), url, blocks=True)


def _missing_reasons(assessment: Assessment, results: Results) -> Iterator[Remaining]:
    """A suggestion may have moved away from a decision that needed no reason when it was made."""
    names = [
        in_language(topic.name)
        for topic in results.topics
        if topic.overridden and not topic.reason.strip()
    ]
    if names:
        text = _("Decided differently from the suggestion, without a reason: %(names)s.")
        url = reverse("materiality:results", args=[assessment.pk])
        values = {"names": _(", ").join(names)}
        yield Remaining(text % values, _("Write reasons"), f"{url}#tb")


def _missing_translations(assessment: Assessment, results: Results) -> Iterator[Remaining]:
    """A reason in one language is printed in the other's files too, marked as foreign."""
    url = reverse("materiality:results", args=[assessment.pk])
    for code, tongue in languages_of(assessment):
        names = [
            in_language(topic.name)
            for topic in results.topics
            if topic.reasons and not topic.reason_in(code)
        ]
        if names:
            text = _("The reason is not written in %(language)s: %(names)s.")
            values = {"language": tongue, "names": _(", ").join(names)}
            yield Remaining(text % values, _("Write reasons"), f"{url}#tb")


def _said_both_ways(assessment: Assessment, results: Results) -> Iterator[Remaining]:
    """Tiers and double materiality have boundaries of their own; files print both verdicts."""
    double = results.views.get("double")
    if double is None or not assessment.is_double or assessment.tier_names:
        return
    names = []
    for topic in results.topics:
        material = double.topics[topic.code]["material"]
        by_tier = topic.suggested_tier != max(results.tiers)  # the lowest is “not material”
        if topic.suggested_tier and material is not None and material != by_tier:
            names.append(in_language(topic.name))
    if names:
        text = _("The tier says material and double materiality does not, or reversed: %(names)s.")
        url = reverse("materiality:method", args=[assessment.pk])
        values = {"names": _(", ").join(names)}
        yield Remaining(text % values, _("Set one boundary"), url)


def _apart_from_register(assessment: Assessment, results: Results) -> Iterator[Remaining]:
    """Tiers are cut at the method’s values, entries judged by the register’s thresholds."""
    tiers = reverse("materiality:method", args=[assessment.pk])
    thresholds = reverse("materiality:register_verdicts", args=[assessment.pk])
    for text in apart.sentences(results):
        yield Remaining(
            text, _("Boundaries of the tiers"), tiers, also=(_("Thresholds"), thresholds)
        )


def _not_from_register(assessment: Assessment, results: Results) -> Iterator[Remaining]:
    """Name the entries of which no value follows, and the topics that have no place for it."""
    register = results.register
    if register is None or not register.is_fed:
        return
    url = reverse("materiality:register_experts", args=[assessment.pk])
    unscored = [row.code for row in register.entries if row.value is None]
    if unscored:
        text = _("From the scores of these entries of the register no value follows: %(codes)s.")
        codes = {"codes": _(", ").join(unscored)}
        yield Remaining(text % codes, _("Experts who score"), url)
    unplaced = [in_language(topic.name) for topic in results.topics if topic.tier is None]
    if unplaced:
        text = _("Without a scored entry in the register, so in no tier: %(names)s.")
        url = reverse("materiality:register", args=[assessment.pk])
        yield Remaining(text % {"names": _(", ").join(unplaced)}, _("Open the register"), url)


def _unread_comments(assessment: Assessment) -> Iterator[Remaining]:
    for survey in assessment.surveys.order_by("pk"):
        count = Comment.objects.filter(survey=survey).unread().count()
        if not (survey.is_sealed and count):
            continue
        text = ngettext(
            "%(count)d comment of “%(survey)s” is unread; after the lock it can never be shown.",
            "%(count)d comments of “%(survey)s” are unread; after the lock they can never be "
            "shown.",
            count,
        )
        url = reverse("materiality:comments", args=[assessment.pk, survey.pk])
        yield Remaining(text % {"count": count, "survey": survey}, _("Read them"), url)


def _missed_targets(assessment: Assessment) -> Iterator[Remaining]:
    missed = [row for row in progress(assessment) if row.answered < row.target]
    if not missed:
        return
    text = _("Fewer answers than aimed for: %(groups)s.")
    groups = [
        _("%(group)s %(answered)s of %(target)s")
        % {"group": row.group, "answered": row.shown, "target": row.target}
        for row in missed
    ]
    survey = missed[0].group.audience.survey_id  # type: ignore[union-attr]
    url = reverse("materiality:survey_progress", args=[assessment.pk, survey])
    yield Remaining(text % {"groups": _(", ").join(groups)}, _("See responses"), url)
