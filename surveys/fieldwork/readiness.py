"""What a survey lacks before it may be published, and where it is put right."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from surveys.kinds import kinds_of
from surveys.languages import LANGUAGE_NAMES, Text, in_language, missing_languages
from surveys.models import Survey
from surveys.questionnaire.prompts import faults_of, words_of


class Lack(NamedTuple):
    """What respondents would miss. `key` is which field, question or topic of the place."""

    sentence: str
    place: str
    key: str = ""


def what_is_missing(survey: Survey) -> list[str]:
    """Return one sentence for each thing respondents would miss."""
    return [lack.sentence for lack in lacks_of(survey)]


def lacks_of(survey: Survey) -> list[Lack]:
    """Return the same with where it is put right."""
    return [*_missing_facts(survey), *_missing_texts(survey), *_missing_questions(survey)]


def _missing_facts(survey: Survey) -> Iterator[Lack]:
    if survey.keep_until < survey.closes_at.date():
        sentence = _("Answers cannot be erased before the survey closes. Choose a later date.")
        yield Lack(sentence, "survey", "keep_until")
    if not survey.audiences.exists():
        yield Lack(_("Nobody is asked. Add a group."), "groups")
    if not survey.questions.exists():
        yield Lack(_("Nothing is asked. Add questions."), "topics")


def _missing_texts(survey: Survey) -> Iterator[Lack]:
    for what, text, place, key in _texts(survey):
        for code in missing_languages(text, survey.codes):
            values = {"what": what, "language": LANGUAGE_NAMES[code]}
            sentence = _("%(what)s has no text in %(language)s.") % values
            yield Lack(sentence, place, f"{key}:{code}" if place == "survey" else key)


def _texts(survey: Survey) -> Iterator[tuple[str, Text, str, str]]:
    """Yield every text but those of the questions: its name, it, and where it is written."""
    yield _("The organisation's name"), survey.organisation.name, "organisation", ""
    yield _("The contact for questions"), survey.organisation.contact, "organisation", ""
    yield _("The survey's title"), survey.title, "survey", "title"
    yield _("The opening question"), survey.headline, "survey", "headline"
    yield _("The reason for asking"), survey.lead, "survey", "lead"
    for audience in survey.audiences.all():
        code = {"code": audience.code}
        yield _("The group %(code)s") % code, audience.name, "groups", ""
        yield _("“You are” of the group %(code)s") % code, audience.you_are, "groups", ""
    for question in survey.questions.all():
        title = {"title": in_language(question.title)}
        yield _("The item “%(title)s”") % title, question.title, "topics", question.item


def _missing_questions(survey: Survey) -> Iterator[Lack]:
    for prompt in survey.prompts.all():
        for _where, fault in faults_of(words_of(prompt), survey.codes, survey.points):
            values = {"code": prompt.code, "fault": fault}
            yield Lack(_("The question %(code)s: %(fault)s") % values, "prompt", prompt.code)
    topics = _topics(survey)
    for kind in kinds_of(survey):
        if sentence := kind.lack(topics):
            yield Lack(sentence, "survey", kind.code)
    for audience in survey.audiences.filter(questions=None):
        sentence = _("The group %(code)s is not asked anything.") % {"code": audience.code}
        yield Lack(sentence, "groups")


def _topics(survey: Survey) -> int:
    return survey.questions.order_by().values("item").distinct().count()
