"""Open a running survey to a further group or panel, which then counts as the others do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from materiality.actions.groups import known_topics, new_group, rated_with, usual_kind
from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.errors import BadGroup
from materiality.models import Assessment, Dimension, StakeholderGroup, TopicQuestion, Verb, Weight
from surveys.actions.extend import extend
from surveys.languages import LANGUAGE_NAMES, Text, missing_languages
from surveys.models import Question, Survey

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def open_to_group(
    *,
    assessment: Assessment,
    survey: Survey,
    dimension: str,
    name: Text,
    weight: float | None,
    by: "User | None",
    code: str = "",
    chosen_topics: Sequence[str] = (),
    target: int = 0,
    open_link: bool = False,
    expected_version: int | None = None,
) -> StakeholderGroup:
    """Add a group to the round and to a published survey of it, whose other questions stand.

    :param dimension: what its people rate, and with it what is rated together.
    :param weight: how much it counts beside the others; there is no usual value, because the
        others were weighed without it. :param chosen_topics: none for all.
    :raises BadGroup: no name or weight, or the survey does not ask about the dimension.
    :raises Conflict: the survey is a draft, over or sealed.
    """
    current = expect(assessment, expected_version)
    if weight is None or weight <= 0:
        raise BadGroup(_("Say how much the new group counts: a weight above 0."))
    if lacking := missing_languages(name, survey.codes):
        sentence = _("Write the name of the group in every language of the survey: %(languages)s.")
        names = _(", ").join(LANGUAGE_NAMES[code] for code in lacking)
        raise BadGroup(sentence % {"languages": names})
    rated = _asked_about(current, survey, dimension)
    fields: dict[str, Any] = {"name": name, "code": code, "kind": usual_kind(dimension)}
    fields["chosen_topics"] = known_topics(current, chosen_topics) if chosen_topics else []
    group = new_group(current, fields)
    for one in rated:
        Weight.objects.create(group=group, dimension=one, value=weight)
    group.audience = extend(
        survey,
        questions=_questions(survey, rated, group),
        code=group.code,
        name=group.name,
        you_are=group.name,
        position=group.position,
        target=target,
        open_link=open_link,
    )
    group.save(update_fields=["audience"])
    since = group.audience.asked_from
    assert since is not None
    after = {
        "group": group.code,
        "name": group.name,
        "dimension": dimension,
        "weight": weight,
        "topics": group.chosen_topics,
        "asked_from": since.isoformat(timespec="seconds"),
    }
    record(current, Verb.OPEN_TO_GROUP, by=by, subject=survey.slug, after=after)
    return group


def _asked_about(assessment: Assessment, survey: Survey, dimension: str) -> list[Dimension]:
    """Return the dimensions that the group's people rate in this survey."""
    dimensions = TopicQuestion.objects.filter(question__survey=survey).values("dimension")
    in_survey = set(assessment.dimensions.filter(pk__in=dimensions).values_list("pk", flat=True))
    rated = [row for row in rated_with(assessment, dimension) if row.pk in in_survey]
    if not rated or rated[0].code != dimension:
        raise BadGroup(_("This survey does not ask what the new group is to rate."))
    return rated


def _questions(
    survey: Survey, rated: Sequence[Dimension], group: StakeholderGroup
) -> list[Question]:
    rows = TopicQuestion.objects.filter(question__survey=survey, dimension__in=rated)
    links = rows.select_related("topic", "question")
    return [row.question for row in links if group.is_asked_about(row.topic)]
