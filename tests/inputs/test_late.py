"""Late answers of a named survey against early ones, from the seal to the sentence."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from materiality.inputs import inputs_of
from materiality.locking.snapshots import results_for
from materiality.method import evaluate
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.sentences import method_note
from surveys.models import Intake, Invitation, Message, Mode, SealedAnswers
from surveys.responses.blocks import unpack
from surveys.responses.intake import _late as collected_late
from surveys.responses.intake import collect
from surveys.responses.signs import Sign
from tests.rounds import MODES, answer, ask, close_and_seal, make_round

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=9)
LOW, HIGH = [1, 2, 3, 2], [5, 2, 3, 3]
RATINGS = {
    "employees": [[4, 3, 3, 3]] * 6,
    "customers": [[3, 3, 4, 3]] * 6,
    "regulators": [[3, 4, 3, 3]] * 6,
    "panel": [LOW, [2, 3, 3, 2]] * 4 + [HIGH, [4, 3, 3, 2]] * 4,
}


def made(*, late, mode=Mode.NAMED, reminded=True):
    """Return a round whose panel answered, the last `late` of them after a reminder to them.

    :param reminded: False: one other person was reminded, who answered before it.
    """
    assessment = make_round()
    for survey in ask(assessment, modes={"stakeholder": Mode.ANONYMOUS, "impact": mode}):
        answer(survey, RATINGS)
        if survey.mode == mode and survey.slug.startswith("impact"):
            now = timezone.now()
            people = Invitation.objects.filter(audience__survey=survey).order_by("pk")
            first = people.count() - late
            for person in people[first:] if reminded else people[first - 1 : first]:
                Message.objects.create(
                    survey=survey, invitation=person, kind=Message.Kind.REMINDER_1,
                    state=Message.State.SENT, not_before=now, sent_at=now - timedelta(days=2),
                )  # fmt: skip
            early = people[:first].values("pk")
            day = int((now - timedelta(days=5)).timestamp())
            Intake.objects.filter(invitation__in=early).update(begun=day)
        close_and_seal(survey)
    return Assessment.objects.get(pk=assessment.pk)


def bits(assessment):
    survey = assessment.surveys.get(slug__startswith="impact")
    sealed = SealedAnswers.objects.get(survey=survey)
    flags = unpack(bytes(sealed.block), sealed.digest)["flags"]
    return int(((flags & np.uint16(Sign.LATE)) > 0).sum())


def said(assessment, language):
    chapters = method_note.chapters(Edition(results_for(assessment), language))
    return "\n".join(line for _head, lines in chapters for line in lines)


def test_what_differs_late_from_early_is_named_in_the_note():
    assessment = made(late=8)
    [row, *others] = results_for(assessment).late["impact"]

    assert (row["topic"], row["verdict"]) == ("privacy", "moved")
    assert row["early"] < 2 < 4 < row["late"]
    assert row["low"] > 0
    assert {one["verdict"] for one in others} <= {"within_noise", "cannot_tell"}
    english, chinese = (said(assessment, language) for language in ("en", "zh-hans"))
    assert "8 of the 16 answers were begun after the first reminder" in english
    assert "more than chance lies between them on: privacy" in english.lower()
    assert "晚答者最接近从未作答的人" in chinese


def test_a_reminder_to_others_makes_nobody_late():
    """As where a group is asked only after the first reminder to those asked before."""
    assert bits(made(late=8, reminded=False)) == 0
    assert bits(made(late=8)) == 8  # the control


def test_who_was_reminded_is_asked_once_however_many_answered(django_assert_num_queries):
    assessment = make_round()
    [_stakeholder, survey] = ask(assessment, modes=dict.fromkeys(MODES, Mode.NAMED))
    answer(survey, {"panel": RATINGS["panel"] * 3})
    collected = collect(survey, Intake.objects.filter(invitation__audience__survey=survey))
    Message.objects.bulk_create(
        Message(
            survey=survey, invitation_id=person, kind=kind, state=Message.State.SENT,
            not_before=LONG_AGO, sent_at=LONG_AGO,
        )
        for person in collected.columns["invitations"][:20].tolist()
        for kind in (Message.Kind.REMINDER_1, Message.Kind.REMINDER_2)
    )  # fmt: skip

    with django_assert_num_queries(1):
        late = collected_late(survey, collected)

    assert late.tolist() == [True] * 20 + [False] * 28


def variants_of(assessment):
    return {row["code"] for row in inputs_of(assessment).get("variants", [])}


def test_a_unit_that_answered_late_to_the_last_person_is_not_left_out():
    """Else what its silence changes would be told as what late answers change."""
    assessment = made(late=16)

    assert bits(assessment) == 16
    assert "without_late" not in variants_of(assessment)
    assert "without_late" in variants_of(made(late=8))  # the control


def test_without_a_reminder_nothing_is_late_and_nothing_is_said():
    assessment = made(late=8, reminded=False)

    assert bits(assessment) == 0
    assert "late" not in results_for(assessment).document["results"]
    assert "reminder" not in said(assessment, "en")


def test_an_anonymous_survey_keeps_no_sign_of_when_an_answer_came():
    assert bits(made(late=8)) == 8  # the control
    assert bits(made(late=8, mode=Mode.ANONYMOUS)) == 0


def test_fewer_than_the_minimum_on_one_side_are_not_compared():
    assessment = made(late=4)

    assert "late" not in results_for(assessment).document["results"]
    assert "too few stand on one side" in said(assessment, "en")


def test_the_same_answers_early_and_late_differ_by_no_more_than_chance():
    inputs = inputs_of(made(late=8))
    [variant] = [row for row in inputs["variants"] if row["code"] == "without_late"]
    whole = np.array(inputs["counts"]["impact"]["panel"])
    variant["counts"]["impact"]["panel"] = (whole // 2).tolist()

    rows = evaluate(inputs)["late"]["impact"]

    assert {row["verdict"] for row in rows} <= {"within_noise", "cannot_tell"}
