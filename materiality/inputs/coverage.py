"""How many ratings each topic will get, before a questionnaire is published."""

from collections import defaultdict
from dataclasses import dataclass

from surveys.languages import Text
from surveys.models import Invitation, Survey
from surveys.questionnaire.questionnaires import draft_questionnaire


@dataclass(frozen=True)
class Coverage:
    """What a topic gets if everybody invited answers.

    :param ratings: on each question about it. :param is_open: an open link may bring more.
    :param enough: whether so many give it a score.
    """

    title: Text
    ratings: int
    is_open: bool
    enough: bool


def coverage(survey: Survey) -> list[Coverage]:
    """Return what each topic of a draft will get from the people invited, in their order."""
    invitations = Invitation.objects.on_list_of(survey)
    titles: dict[str, Text] = {}
    ratings: dict[str, float] = defaultdict(float)
    open_to_all: set[str] = set()
    for audience in survey.audiences.all():
        questions = draft_questionnaire(audience)
        invited = invitations.filter(audience=audience).count()
        for item in questions.items:
            titles[item.key] = item.title
            ratings[item.key] += invited * questions.topics / len(questions.items)
            if audience.open_link:
                open_to_all.add(item.key)
    return [
        Coverage(
            title,
            int(ratings[key] + 1e-9),
            key in open_to_all,
            key in open_to_all or ratings[key] + 1e-9 >= survey.smallest_shown,
        )
        for key, title in titles.items()
    ]
