"""Rows for tests, made as the product makes them: builders call the real actions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from surveys.actions.invite import invite
from surveys.actions.publish import publish
from surveys.models import (
    Audience,
    Intake,
    Invitation,
    Organisation,
    Prompt,
    Question,
    Survey,
    token_hash,
)
from surveys.people.person import Person
from tests.keeping import made_alike

_numbers = count(1)

IMPORTANCE_LABELS = {
    "zh-hans": ["不重要", "不太重要", "一般", "重要", "非常重要"],
    "en": ["Not at all", "Slightly", "Fairly", "Very", "Extremely"],
}


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh-hans": zh, "en": en}


def make_organisation(**fields: Any) -> Organisation:
    defaults = {
        "name": both("示例科技", "Example Tech"),
        "contact": both("社会责任办公室 csr@example.com", "CSR office, csr@example.com"),
    }
    return Organisation.objects.create(**defaults | fields)


def make_survey(
    *,
    audiences: Sequence[str] = ("customers",),
    topics: int = 14,
    prompts: Sequence[str] = ("importance",),
    publish_it: bool = True,
    **fields: Any,
) -> Survey:
    """Return an open survey that asks every audience about every topic."""
    how = {"audiences": audiences, "topics": topics, "prompts": prompts, "publish_it": publish_it}
    return made_alike("a survey", _make_survey, how=how | fields)


def _make_survey(
    *,
    audiences: Sequence[str],
    topics: int,
    prompts: Sequence[str],
    publish_it: bool,
    **fields: Any,
) -> Survey:
    survey = Survey.objects.create(**_survey_fields() | fields)
    asked = [make_audience(survey, code) for code in audiences]
    for code in prompts:
        add_questions(make_prompt(survey, code), asked, topics)
    if publish_it:
        publish(survey)
    return survey


def _survey_fields() -> dict[str, Any]:
    now = timezone.now()
    return {
        "organisation": Organisation.objects.first() or make_organisation(),
        "slug": f"survey-{next(_numbers)}",
        "title": both("2020 年度社会责任报告 · 利益相关方调查", "2020 report · Stakeholder survey"),
        "headline": both("哪些议题对您最重要？", "Which topics matter most to you?"),
        "lead": both(
            "示例科技每年听取各方意见，决定报告重点回应哪些议题。请告诉我们您的看法。",
            "Every year Example Tech asks the people it affects which topics its report should "
            "address first. Tell us what you think.",
        ),
        "after": both(
            "3 月：汇总各方评分，确定议题层级\n4 月：随年度报告公布结果和回应措施",
            "March: Ratings are combined and topics ranked\n"
            "April: Results and our response appear in the annual report",
        ),
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=30),
        "keep_until": date(2099, 12, 31),
    }


def make_audience(survey: Survey, code: str = "customers", **fields: Any) -> Audience:
    defaults = {"name": both("客户", "Customers"), "you_are": both("客户", "A customer")}
    return Audience.objects.create(survey=survey, code=code, **defaults | fields)


def make_prompt(survey: Survey, code: str = "importance", **fields: Any) -> Prompt:
    defaults = {
        "text": both("这些议题对您有多重要？", "How important are these topics to you?"),
        "hint": both(
            "按您自己的看法选择即可，没有对错。",
            "There are no right answers. Choose what you think.",
        ),
        "labels": IMPORTANCE_LABELS,
        "cannot_judge": both("不了解，无法评价", "I don’t know enough to say"),
    }
    return Prompt.objects.create(survey=survey, code=code, **defaults | fields)


def add_questions(prompt: Prompt, audiences: Sequence[Audience], topics: int) -> list[Question]:
    questions = Question.objects.bulk_create(
        Question(
            survey=prompt.survey,
            prompt=prompt,
            item=f"t{number}",
            title=both(f"议题 {number}", f"Topic {number}"),
            help=both(f"议题 {number} 的含义", f"What topic {number} means"),
            block="ESG"[number % 3],
            position=number,
        )
        for number in range(1, topics + 1)
    )
    heard = Question.audiences.through
    heard.objects.bulk_create(
        heard(question=question, audience=audience)
        for question in questions
        for audience in audiences
    )
    return questions


def make_link(survey: Survey, audience: str = "customers", **person: Any) -> str:
    """Return the token of a new personal link."""
    [(_made, token)] = invite(survey.audiences.get(code=audience), [Person(**person)])
    return token


def make_links(survey: Survey, number: int, audience: str = "customers") -> list[str]:
    people = [Person() for _person in range(number)]
    return [token for _made, token in invite(survey.audiences.get(code=audience), people)]


def invitation_of(token: str) -> Invitation:
    return Invitation.objects.get(token_hash=token_hash(token))


def consent_of(survey: Survey, language: str = "en") -> str:
    from surveys.questionnaire.consent import consent_hash

    return consent_hash(survey.consent, language)


def ratings_for(survey: Survey, rating: int | str = 4) -> Mapping[str, int | str]:
    return {str(pk): rating for pk in survey.questions.values_list("pk", flat=True)}


def rewrite(intakes: QuerySet[Intake], **changes: Any) -> None:
    """Change what lies encrypted in these drafts."""
    for intake in intakes.select_related("survey"):
        intake.fill(replace(intake.contents, **changes))
        intake.save(update_fields=["ciphertext", "answered"])
