"""Play the published case: two rounds answered through the real pages, sealed, decided, locked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from materiality import actions, catalogue
from materiality.actions import HeadingLine
from materiality.actions.successions import SuccessionLine
from materiality.catalogue.wording import FINANCIAL_HEADLINE, HEADLINE, IMPACT_HEADLINE
from materiality.demo import context, register, sources
from materiality.demo.case import Case, CaseTopic, Text, case
from materiality.demo.people import FINANCE, PANELS, YOU_ARE, answering, rater, respondents
from materiality.locking import snapshots
from materiality.models import Assessment, StakeholderGroup, TopicQuestion
from materiality.selectors.contentindex import IndexLine, suggested_lines
from surveys.models import Invitation, Membership, Mode, Organisation, Role, Survey
from surveys.people.links import personal_path
from surveys.people.person import Person
from surveys.people.tokens import token_of
from surveys.visit import bots

CHINA = ZoneInfo("Asia/Shanghai")
FAR = datetime(2099, 1, 1, tzinfo=CHINA)
MANAGER = "csr@example.org"
REVIEWER = "wang@example.org"
REPORT_DAY = date(2021, 4, 15)
FIRST_PAGE = 12
DOUBLE_YEAR = 2022
DOUBLE_NAME = Text("双重重要性（模拟）", "Double materiality (simulated)")
DOUBLE_CUTS: dict[str, Any] = {
    "cut_high": 3.8,
    "cut_low": 3.0,
    "axis_cut_x": 3.0,  # as the lowest tier has it: one boundary of what is material
    "axis_cut_y": 3.0,
}
CRITERIA = {
    "impact": ["scale", "scope", "irremediability", "likelihood"],
    "financial": ["magnitude.medium", "likelihood.medium"],
}
CUTS: dict[str, Any] = {"cut_high": 4.05, "cut_low": 3.4}
Say = Callable[[str], None]
Rate = Callable[..., bots.Rating]

DECIDED = {
    "employee-rights": (
        2,
        {
            "zh-hans": "综合得分略高于分界；年报按第二层级披露，与 2019 年一致（演示用决定）。",
            "en": "Just above the cut; kept at the second tier as in 2019 (made up for the demo).",
        },
    )
}


@dataclass(frozen=True)
class Calendar:
    opens: datetime
    closes: datetime
    locked: datetime


def _days(year: int) -> Calendar:
    return Calendar(
        datetime(year + 1, 1, 11, 9, tzinfo=CHINA),
        datetime(year + 1, 2, 28, 18, tzinfo=CHINA),
        datetime(year + 1, 3, 12, 10, tzinfo=CHINA),
    )


def is_there() -> bool:
    return Assessment.objects.exists()


@transaction.atomic
def play(say: Say) -> None:
    """Make the organisation, its manager, two locked rounds and one that is open."""
    manager = _person(MANAGER, "李敏")
    organisation = _organisation(manager)
    reviewer = _person(REVIEWER, "王磊")
    Membership.objects.create(organisation=organisation, user=reviewer, role=Role.REVIEWER)
    before = _locked_round(organisation, 2019, None, manager, say)
    last = _locked_round(organisation, 2020, before, manager, say)
    _index(last, manager)
    _double_round(organisation, manager, say)
    _open_round(organisation, last, manager, say)


def _person(email: str, name: str) -> User:
    user = User.objects.create_user(username=email, email=email, first_name=name)
    user.set_unusable_password()
    user.save()
    return user


def _organisation(manager: User) -> Organisation:
    organisation = Organisation.objects.create(
        name=case(2020).company.by_language(),
        contact={
            "zh-hans": "社会责任办公室 csr@example.org",
            "en": "CSR office, csr@example.org",
        },
    )
    Membership.objects.create(organisation=organisation, user=manager, role=Role.OWNER)
    return organisation


def _locked_round(
    organisation: Organisation, year: int, previous: Assessment | None, manager: User, say: Say
) -> Assessment:
    facts, days = case(year), _days(year)
    assessment = actions.start_round(
        organisation=organisation,
        year=str(year),
        by=manager,
        previous=previous,
        simulated=True,
        seed=year,
        **CUTS,
    )
    _fill(assessment, facts, previous, manager)
    for survey in _surveys(assessment, year, days.opens, FAR, manager):
        answered = _answer(survey, assessment, facts, year, manager)
        say(f"{year}: {answered} people answered “{survey.slug}” through its pages")
        _seal(survey, assessment, manager, days)
    _decide(assessment, manager, days)
    _lock(assessment, manager, days)
    say(f"{year}: sealed, scored, decided, approved, locked")
    return assessment


def _fill(assessment: Assessment, facts: Case, previous: Assessment | None, manager: User) -> None:
    if previous is None:
        actions.add_topics(
            assessment=assessment, topics=[_topic(row) for row in facts.topics], by=manager
        )
        _add_groups(assessment, facts, manager)
        return
    changed = {change.before for change in facts.changes if change.before}
    actions.carry_over(assessment=assessment, without=changed, by=manager)
    known = set(assessment.topics.values_list("code", flat=True))
    new = [_topic(row) for row in facts.topics if row.code not in known]
    actions.add_topics(assessment=assessment, topics=new, by=manager)
    _order(assessment, facts)
    _explain_changes(assessment, facts, manager)


def _topic(row: CaseTopic) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name.by_language(),
        "definition": row.definition.by_language(),
        "example": row.example.by_language(),
        "category": row.category,
        "references": [list(reference) for reference in row.references],
    }


def _order(assessment: Assessment, facts: Case) -> None:
    place = {row.code: at for at, row in enumerate(facts.topics)}
    for topic in assessment.topics.all():
        topic.position = place[topic.code]
        topic.save(update_fields=["position"])


def _explain_changes(assessment: Assessment, facts: Case, manager: User) -> None:
    lines = [
        SuccessionLine(row.kind, row.before or None, row.after or None, row.reason.by_language())
        for row in facts.changes
    ]
    continuations = [
        SuccessionLine("continued", row.before.code, row.after.code, {})
        for row in assessment.successions.select_related("before", "after")
        if row.before and row.after
    ]
    actions.succeed(assessment=assessment, changes=lines + continuations, by=manager)


def _add_groups(
    assessment: Assessment, facts: Case, manager: User, *, together: bool = True
) -> None:
    groups = [
        {
            "code": group.code,
            "name": group.name.by_language(),
            "expectations": [text.by_language() for text in group.expectations],
            "channels": [text.by_language() for text in group.channels],
        }
        for group in facts.groups
    ]
    panels = [{"code": code, "name": name.by_language()} for code, name in PANELS]
    kind = StakeholderGroup.Kind.PANEL
    actions.add_groups(assessment=assessment, groups=groups, dimension="stakeholder", by=manager)
    actions.add_groups(
        assessment=assessment,
        groups=panels,
        dimension="impact",
        kind=kind,
        together=together,
        by=manager,
    )


def _double_round(organisation: Organisation, manager: User, say: Say) -> Assessment:
    """Play a round of double materiality: invented from end to end, for the case had none.

    The panel judges the impact by four criteria, and another one the financial effect alone, by
    magnitude and likelihood.
    """
    facts, days = case(2020), _days(DOUBLE_YEAR)
    assessment = actions.start_round(
        organisation=organisation,
        year=str(DOUBLE_YEAR),
        by=manager,
        preset="double",
        simulated=True,
        seed=DOUBLE_YEAR,
        name=DOUBLE_NAME.by_language(),
        **DOUBLE_CUTS,
    )
    actions.set_criteria(assessment=assessment, criteria=CRITERIA, by=manager)
    topics = [_topic(row) for row in facts.topics]
    actions.add_topics(assessment=assessment, topics=topics, by=manager)
    _add_groups(assessment, facts, manager, together=False)
    code, name = FINANCE
    actions.add_groups(
        assessment=assessment,
        groups=[{"code": code, "name": name.by_language()}],
        dimension="financial",
        by=manager,
    )
    dimensions = ("stakeholder", "impact", "financial")
    for survey in _surveys(assessment, DOUBLE_YEAR, days.opens, FAR, manager, dimensions):
        answered = _answer(survey, assessment, facts, DOUBLE_YEAR, manager)
        say(f"{DOUBLE_YEAR}: {answered} people answered “{survey.slug}” through its pages")
        _seal(survey, assessment, manager, days)
    reviewer = User.objects.get(email=REVIEWER)
    experts = [manager, reviewer]
    context.describe(assessment, DOUBLE_YEAR, manager)
    steps = context.draw_chain(assessment, manager)
    entries = register.fill(assessment, facts, steps, experts, manager)
    say(f"{DOUBLE_YEAR}: {entries} impacts, risks and opportunities scored in the register")
    # The manager codes last: whoever made the last change cannot approve the round.
    count = sources.record(assessment, [reviewer, manager], manager)
    say(f"{DOUBLE_YEAR}: {count} sources recorded and coded by two people")
    _lock(assessment, manager, days)
    say(f"{DOUBLE_YEAR}: double materiality, sealed, scored, approved, locked")
    return assessment


def _surveys(
    assessment: Assessment,
    year: int,
    opens: datetime,
    closes: datetime,
    manager: User,
    dimensions: Sequence[str] = ("stakeholder", "impact"),
) -> list[Survey]:
    """Publish the anonymous survey of the six groups and the named ones of the panels."""
    plans = {
        "stakeholder": (f"stakeholders-{year}", Mode.ANONYMOUS, HEADLINE, True),
        "impact": (f"impact-{year}", Mode.NAMED, IMPACT_HEADLINE, False),
        "financial": (f"financial-{year}", Mode.NAMED, FINANCIAL_HEADLINE, False),
    }
    surveys = []
    for dimension in dimensions:
        slug, mode, headline, open_links = plans[dimension]
        plan = actions.SurveyPlan(
            slug=slug,
            title=_title(year, dimension).by_language(),
            headline=headline,
            lead=LEADS[dimension].by_language(),
            after=AFTER.by_language(),
            opens_at=opens,
            closes_at=closes,
            keep_until=date(max(closes.year, year + 1) + 2, 12, 31),
            mode=mode,
        )
        groups = assessment.groups.filter(weights__dimension__code=dimension)
        survey = actions.ask(
            assessment=assessment,
            dimension=dimension,
            plan=plan,
            by=manager,
            targets={group.code: answering(year, group.code) for group in groups},
            you_are={group.code: YOU_ARE[group.code].by_language() for group in groups},
            open_links=open_links,
        )
        actions.open_survey(assessment=assessment, survey=survey, by=manager)
        surveys.append(survey)
    return surveys


def _title(year: int, dimension: str) -> Text:
    if dimension == "financial":
        return Text(
            f"{year} 年双重重要性评估 · 财务影响", f"Double materiality {year} · Financial effect"
        )
    if dimension == "impact":
        return Text(f"{year} 年社会责任报告 · 影响评估", f"CSR report {year} · Impact assessment")
    return Text(
        f"{year} 年社会责任报告 · 利益相关方调查", f"CSR report {year} · Stakeholder survey"
    )


LEADS = {
    "stakeholder": Text(
        "焦点科技每年听取各方意见，决定报告重点回应哪些议题。请告诉我们您的看法。",
        "Every year Focus Technology asks the people it affects which topics its report should "
        "address first. Tell us what you think.",
    ),
    "impact": Text(
        "请从专业角度评价公司在各议题上对社会、经济和环境的影响。",
        "Please judge how much the company affects society, the economy and the environment.",
    ),
}
LEADS["financial"] = Text(
    "请从财务角度评价各议题对公司的影响大小和可能性（演示数据，为模拟）。",
    "Please judge how large and how likely the effect of each topic on the company’s finances is "
    "(a demonstration, simulated).",
)
AFTER = Text(
    "3 月：汇总评分，排列议题\n4 月：在年度报告中公布结果和我们的回应",
    "March: Ratings are combined and topics ranked\n"
    "April: Results and our response appear in the annual report",
)


def _answer(survey: Survey, assessment: Assessment, facts: Case, year: int, manager: User) -> int:
    """Invite everybody; those who answer do so page by page, as a browser would."""
    questions = TopicQuestion.objects.filter(question__survey=survey).select_related("topic")
    topic_of = {row.question_id: (facts.topic(row.topic.code), row.criterion) for row in questions}
    visitor = Client(SERVER_NAME="127.0.0.1")
    links = _invite(survey, assessment, year, manager)
    answered = 0
    for audience in survey.audiences.all():
        willing = respondents(year, audience.code)[: answering(year, audience.code)]
        for person in willing:
            rate = rater(person, facts)
            bots.respond(
                visitor,
                links[person.email],
                _rating(rate, topic_of),
                language=person.language,
                comment=person.comment,
            )
        answered += len(willing)
    return answered


def _invite(survey: Survey, assessment: Assessment, year: int, manager: User) -> dict[str, str]:
    """Put everybody on the list; return the link of each mail address."""
    people = [
        (audience, Person(person.name, person.email, person.language))
        for audience in survey.audiences.all()
        for person in respondents(year, audience.code)
    ]
    actions.invite_people(assessment=assessment, survey=survey, people=people, by=manager)
    invited = Invitation.objects.filter(audience__survey=survey)
    return {each.email: personal_path(token_of(each) or "") for each in invited}


def _rating(
    rate: Rate, topic_of: Mapping[int, tuple[CaseTopic, str]]
) -> Callable[[bots.PageItem], bots.Rating]:
    return lambda item: rate(*topic_of[item.question])


def _seal(survey: Survey, assessment: Assessment, manager: User, days: Calendar) -> None:
    """Close on the day of the case: the rounds lie in the past, the people answer today."""
    actions.end_survey(assessment=assessment, survey=survey, by=manager)
    survey.closes_at = days.closes
    survey.save(update_fields=["closes_at"])


def _decide(assessment: Assessment, manager: User, days: Calendar) -> None:
    results = snapshots.results_for(assessment)
    choices = {topic.code: (topic.suggested_tier, "") for topic in results.topics} | DECIDED
    actions.decide(assessment=assessment, decisions=choices, by=manager)
    for topic in assessment.topics.all():
        topic.decision.decided_at = days.locked
        topic.decision.save(update_fields=["decided_at"])


def _lock(assessment: Assessment, manager: User, days: Calendar) -> None:
    """A second person approves what the first decided; then the first locks it."""
    reviewer = User.objects.get(email=REVIEWER)
    comment = "已核对各层级与理由（演示用）。 / Tiers and reasons checked (made up for the demo)."
    actions.approve(assessment=assessment, by=reviewer, comment=comment, at=days.locked)
    snapshots.lock(assessment=assessment, by=manager, at=days.locked)


def _index(assessment: Assessment, manager: User) -> None:
    """Write the content index: a heading a topic, and the codes that were in force by then."""
    topics = assessment.topics.short_list()
    headings = [
        HeadingLine(title=topic.name, page=str(FIRST_PAGE + 2 * at))
        for at, topic in enumerate(topics)
    ]
    actions.set_headings(assessment=assessment, headings=headings, by=manager)
    actions.set_publication(assessment=assessment, day=REPORT_DAY, by=manager)
    lines = [line for line in suggested_lines(assessment) if _in_force(line)]
    actions.set_index(assessment=assessment, lines=lines, by=manager)


def _in_force(line: IndexLine) -> bool:
    entry = catalogue.find(*line.key)
    return entry.is_in_force(REPORT_DAY) and not entry.is_withdrawn(REPORT_DAY)


def _open_round(
    organisation: Organisation, previous: Assessment, manager: User, say: Say
) -> Assessment:
    """Start the next round from the last and let some people answer: this one is yours to try."""
    assessment = actions.start_round(
        organisation=organisation,
        year="2021",
        by=manager,
        previous=previous,
        simulated=True,
        seed=2021,
    )
    actions.carry_over(assessment=assessment, by=manager)
    now = timezone.now()
    opens, closes = now - timedelta(days=14), now + timedelta(days=60)
    for survey in _surveys(assessment, 2021, opens, closes, manager):
        answered = _answer(survey, assessment, case(2020), 2021, manager)
        say(f"2021: {answered} people have answered “{survey.slug}”, which is open")
    return assessment
