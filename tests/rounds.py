"""Rounds for tests, made as the product makes them: asked, answered, sealed by the real actions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.utils import timezone

from materiality import actions
from materiality.actions.tokens import note_use
from materiality.models import Assessment, Scope, StakeholderGroup
from surveys.actions.answer import submit
from surveys.actions.invite import invite
from surveys.actions.publish import publish
from surveys.actions.seal import seal
from surveys.models import Membership, Organisation, Role, Survey
from surveys.people.person import Person
from tests.builders import both, consent_of, make_organisation
from tests.keeping import made_alike

TOPICS = ("privacy", "energy", "safety", "ethics")
GROUPS = ("employees", "customers", "regulators")
CATEGORIES = ("governance", "environment", "social", "governance")
Ratings = Mapping[str, Sequence[Sequence[int | str | None]]]

STEADY: Ratings = {
    "employees": [[5, 2, 4, 3]] * 3 + [[4, 3, 4, 4]] * 3,
    "customers": [[4, 3, 3, 3]] * 6,
    "regulators": [[5, 3, 5, 4]] * 5,
    "panel": [[5, 2, 4, 2]] * 3 + [[4, 3, 4, "cannot_judge"]] * 3,
}


def make_user(name: str, organisation: Organisation | None = None, role: str = Role.OWNER) -> User:
    user = User.objects.create_user(username=name, email=f"{name}@example.com", first_name=name)
    if organisation is not None:
        Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def token_of(user: User, scopes: Sequence[str] = tuple(Scope)) -> str:
    """Return a token of the API, used already: its next use within the hour writes nothing."""
    token, secret = actions.make_token(by=user, name="Test", days=30, scopes=scopes)
    note_use(token=token)
    return secret


def make_round(
    *,
    year: str = "2020",
    organisation: Organisation | None = None,
    previous: Assessment | None = None,
    topics: Sequence[str] = TOPICS,
    **settings: Any,
) -> Assessment:
    """Return a round with topics, three stakeholder groups and a panel; nothing asked yet."""
    how = {"year": year, "organisation": organisation, "previous": previous, "topics": topics}
    return made_alike("a round", _make_round, how=how | settings)


def _make_round(
    *,
    year: str,
    organisation: Organisation | None,
    previous: Assessment | None,
    topics: Sequence[str],
    **settings: Any,
) -> Assessment:
    organisation = organisation or Organisation.objects.first() or make_organisation()
    settings = {"four_eyes": False} | settings
    assessment = actions.start_round(
        organisation=organisation, year=year, by=None, previous=previous, **settings
    )
    if previous is not None:
        actions.carry_over(assessment=assessment)
        return assessment
    actions.add_topics(
        assessment=assessment,
        topics=[
            {
                "code": code,
                "name": both(f"议题{code}", code.title()),
                "definition": both(f"{code}的含义", f"What {code} means"),
                "category": CATEGORIES[at % 4],
            }
            for at, code in enumerate(topics)
        ],
    )
    groups = [
        {
            "code": code,
            "name": both(f"群体{code}", code.title()),
            "expectations": [both("合规", "Compliance")],
            "channels": [both("会议", "Meetings")],
        }
        for code in GROUPS
    ]
    panel = [{"code": "panel", "name": both("专家组", "Panel")}]
    kind = StakeholderGroup.Kind.PANEL
    actions.add_groups(assessment=assessment, groups=groups, dimension="stakeholder")
    actions.add_groups(assessment=assessment, groups=panel, dimension="impact", kind=kind)
    return assessment


MODES = {"stakeholder": "anonymous", "impact": "named"}


def ask(
    assessment: Assessment, *, open_links: bool = False, modes: Mapping[str, str] = MODES
) -> list[Survey]:
    """Publish the surveys of both dimensions, open now."""
    surveys = []
    for dimension in ("stakeholder", "impact"):
        plan = replace(plan_for(dimension, assessment), mode=modes[dimension])
        survey = actions.ask(
            assessment=assessment, dimension=dimension, plan=plan, by=None, open_links=open_links
        )
        publish(survey)
        surveys.append(survey)
    return surveys


def plan_for(dimension: str, assessment: Assessment) -> actions.SurveyPlan:
    now = timezone.now()
    return actions.SurveyPlan(
        slug=f"{dimension}-{assessment.pk}",
        title=both("利益相关方调查", "Stakeholder survey"),
        headline=both("哪些议题重要？", "Which topics matter?"),
        lead=both("请告诉我们。", "Tell us."),
        after=both("4 月：公布结果", "April: Results appear"),
        opens_at=now - timedelta(days=7),
        closes_at=now + timedelta(days=7),
        keep_until=date(2099, 12, 31),
        mode=MODES[dimension],
    )


def answer(survey: Survey, ratings: Ratings) -> None:
    """Let people answer, one row of ratings each, in the order of the topics."""
    ordered = survey.questions.order_by("position", "prompt__position", "pk")
    questions = list(ordered.values_list("pk", flat=True))
    for audience in survey.audiences.filter(code__in=ratings):
        rows = ratings[audience.code]
        links = invite(audience, [Person() for _row in rows])
        for row, (_invitation, token) in zip(rows, links, strict=True):
            given = {str(question): rating for question, rating in zip(questions, row, strict=True)}
            submit(token, submission=uuid4(), ratings=given, consent=consent_of(survey))


def close_and_seal(survey: Survey) -> None:
    survey.closes_at = timezone.now() - timedelta(seconds=1)
    survey.save(update_fields=["closes_at"])
    seal(survey)


def sealed_round(ratings: Ratings = STEADY, **fields: Any) -> Assessment:
    """Return a round whose people have answered and whose surveys are sealed."""
    return made_alike("a sealed round", _answered_and_sealed, how={"ratings": ratings} | fields)


def _answered_and_sealed(
    *, ratings: Ratings, modes: Mapping[str, str] = MODES, **fields: Any
) -> Assessment:
    assessment = make_round(**fields)
    for survey in ask(assessment, modes=modes):
        answer(survey, ratings)
        close_and_seal(survey)
    return assessment
