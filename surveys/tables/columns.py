"""What the columns of a table mean, as far as their headings tell.

A meaning is the code of a prompt and an item, “importance:energy”, so that it can be remembered
for other surveys of the organisation; or one of the words of `ROLES`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from surveys.models import Question, Survey
from surveys.questionnaire.wording import plain

ROW, FINISHED, AUDIENCE, COMMENT = "row", "finished", "audience", "comment"
ROLES = (ROW, FINISHED, AUDIENCE, COMMENT)

PRESETS: dict[str, dict[str, str]] = {
    "问卷星": {"序号": ROW},
    "LimeSurvey": {
        "id": ROW, "response id": ROW, "答复id": ROW, "回复id": ROW,
        "submitdate": FINISHED, "date submitted": FINISHED, "提交日期": FINISHED,
    },
    "": {
        "group": AUDIENCE, "audience": AUDIENCE, "stakeholder group": AUDIENCE,
        "群体": AUDIENCE, "利益相关方": AUDIENCE, "您的身份": AUDIENCE, "comment": COMMENT,
        "您的身份是": AUDIENCE, "意见和建议": COMMENT, "您的意见和建议": COMMENT,
    },
}  # fmt: skip
MARKS = {
    "问卷星": {"提交答卷时间", "所用时间", "来自ip", "来源详情"},
    "LimeSurvey": {"submitdate", "lastpage", "startlanguage", "date submitted", "last page",
                   "start language"},
}  # fmt: skip
"""Headings that only this program writes."""

_NUMBERED = re.compile(r"^\s*q?\d+(\[\w+\])?\s*[、..:：)]\s*", re.IGNORECASE)
_SPLIT = re.compile(r"\s*(?:—+|--+|[:：_|])\s*")
_IN_BRACKETS = re.compile(r"[\[\((【]([^\[\]\(\)()【】]+)[\]\))】]\s*$")


def program_of(header: Sequence[str]) -> str:
    """Return which program wrote the table, or ""."""
    headings = {plain(heading) for heading in header}
    found = max(MARKS, key=lambda program: len(MARKS[program] & headings))
    return found if len(MARKS[found] & headings) >= 2 else ""


def meaning_of(question: Question) -> str:
    return f"{question.prompt.code}:{question.item or question.pk}"


def questions_by_meaning(survey: Survey) -> dict[str, Question]:
    questions = survey.questions.select_related("prompt").order_by("prompt__position", "position")
    return {meaning_of(question): question for question in questions}


def guess_meanings(
    survey: Survey, header: Sequence[str], remembered: Mapping[str, str]
) -> dict[int, str]:
    """Return column → meaning; each meaning once, the first column that fits wins."""
    questions = questions_by_meaning(survey)
    possible = {*questions, *ROLES}
    preset = PRESETS[""] | PRESETS.get(program_of(header), {})
    found: dict[int, str] = {}
    taken: set[str] = set()
    for at, heading in enumerate(header):
        said = remembered.get(plain(heading)) or _role(heading, preset)
        meaning = said if said in possible else _topic(heading, questions, taken)
        if meaning and meaning not in taken:
            found[at] = meaning
            taken.add(meaning)
    return found


def _role(heading: str, preset: Mapping[str, str]) -> str | None:
    names = (plain(heading), plain(_NUMBERED.sub("", heading)).rstrip("?:"))
    return next((preset[name] for name in names if name in preset), None)


def _topic(heading: str, questions: Mapping[str, Question], taken: set[str]) -> str | None:
    """Return the meaning whose topic the heading names; among several prompts, the named one."""
    parts = {plain(part) for part in _parts(heading)}
    fits = [
        meaning
        for meaning, question in questions.items()
        if meaning not in taken and parts & _names(question)
    ]
    words = plain(heading)
    asked = [m for m in fits if any(text in words for text in _prompt_words(questions[m]))]
    return next(iter(asked or fits), None)


def _parts(heading: str) -> list[str]:
    whole = _NUMBERED.sub("", heading)
    inside = _IN_BRACKETS.search(whole)
    pieces = [*_SPLIT.split(whole), whole]
    return [piece for piece in (*pieces, inside[1] if inside else "") if piece.strip()]


def _names(question: Question) -> set[str]:
    return {plain(text) for text in (question.item, *question.title.values()) if text}


def _prompt_words(question: Question) -> set[str]:
    texts: dict[str, Any] = question.prompt.text
    return {plain(text).rstrip("?") for text in (question.prompt.code, *texts.values()) if text}
