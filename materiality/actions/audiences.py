"""Let questionnaires that are drafts ask the groups of the round as they are now."""

from materiality.actions.questionnaire import meaning_of
from materiality.models import Assessment, Dimension, StakeholderGroup
from surveys.models import Audience, Prompt, Survey
from surveys.questionnaire.prompts import asked_prompts


def follow_groups(assessment: Assessment) -> None:
    """Add, rename, reorder and remove audiences of drafts, and what each is asked."""
    for survey in assessment.surveys.filter(published_at=None):
        _follow(assessment, survey)


def _follow(assessment: Assessment, survey: Survey) -> None:
    prompts = {prompt: meaning_of(assessment, prompt)[0] for prompt in survey.prompts.all()}
    survey.audiences.filter(stakeholder_group=None).delete()
    prompts_of = asked_prompts(survey)
    for group in _groups_of(assessment, survey, list(prompts.values())):
        if group.audience is None:
            group.audience = _new_audience(survey, group)
            group.save(update_fields=["audience"])
            prompts_of[group.audience.pk] = {
                prompt.pk
                for prompt, dimension in prompts.items()
                if group.weights.filter(dimension=dimension).exists()
            }
        else:
            _name(group.audience, group)
        _ask(group, group.audience, prompts, prompts_of.get(group.audience.pk, set()))


def _groups_of(
    assessment: Assessment, survey: Survey, dimensions: list[Dimension]
) -> list[StakeholderGroup]:
    """Return the groups that this survey asks: those no other one asks already."""
    rows = assessment.groups.filter(weights__dimension__in=dimensions).distinct()
    groups = rows.select_related("audience").order_by("position", "pk")
    return [row for row in groups if row.audience is None or row.audience.survey_id == survey.pk]


def _new_audience(survey: Survey, group: StakeholderGroup) -> Audience:
    audience: Audience = Audience.objects.create(
        survey=survey,
        code=group.code,
        name=group.name,
        you_are=group.name,
        position=group.position,
        open_link=survey.audiences.filter(open_link=True).exists(),
    )
    return audience


def _name(audience: Audience, group: StakeholderGroup) -> None:
    """Name an audience as its group, and “You are …” too where it was the name."""
    if (audience.name, audience.position) == (group.name, group.position):
        return
    if audience.you_are == audience.name:
        audience.you_are = group.name
    audience.name, audience.position = group.name, group.position
    audience.save(update_fields=["name", "you_are", "position"])


def _ask(
    group: StakeholderGroup,
    audience: Audience,
    prompts: dict[Prompt, Dimension],
    chosen: set[int],
) -> None:
    """Ask an audience the prompts it is asked, about the topics chosen for its group."""
    wanted, present = set(), set(audience.questions.values_list("pk", flat=True))
    for prompt in prompts:
        for question in prompt.questions.select_related("topic_question__topic"):
            topic = question.topic_question.topic
            if prompt.pk in chosen and group.is_asked_about(topic):
                wanted.add(question.pk)
    audience.questions.remove(*(present - wanted))
    audience.questions.add(*(wanted - present))
