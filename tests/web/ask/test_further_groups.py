"""A running survey is opened to a further group: asked, invited, counted, told in the report."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail as outbox
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import override

from materiality import actions
from materiality.errors import BadGroup
from materiality.locking.snapshots import results_for
from materiality.locking.verification import faults_of
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.sentences import method_note, method_steps
from surveys.actions import mail
from surveys.actions.answer import submit
from surveys.actions.invite import invite
from surveys.models import Audience, Intake, Role, Survey
from surveys.people.person import Person
from surveys.questionnaire.questionnaires import questionnaire
from surveys.visit.visits import find
from tests.builders import consent_of
from tests.rounds import STEADY, answer, ask, close_and_seal, make_round, make_user
from tests.web.ask.asking import last_event, page, tab
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text

pytestmark = pytest.mark.django_db
ADDED = {
    "en": "Added after the questionnaire was published: Schools (asked from",
    "zh-hans": "问卷发布后增加的群体：学校（",
}
SCHOOLS = {
    "name:zh-hans": "学校",
    "name:en": "Schools",
    "dimension": "stakeholder",
    "weight": "2",
    "target": "12",
    "chosen_topics": ["privacy", "safety"],
}


@pytest.fixture
def running(db) -> tuple[Assessment, Survey, Survey]:
    made = make_round()
    make_user("editor", made.organisation, Role.EDITOR)
    return (made, *ask(made))


def send(survey: Survey, **fields):
    assessment = survey.assessments.get()
    return signed_in("editor").post(
        tab(survey, "further-group/") + "?lang=en",
        {"version": assessment.version, **SCHOOLS, **fields},
    )


def test_the_groups_tab_leads_to_a_further_group_while_the_survey_runs(running):
    _made, survey, _panel = running
    client = signed_in("editor")

    assert "further-group/" in page(client, survey)
    assert "Weights of the groups asked so far:" in page(client, survey, "further-group/")
    close_and_seal(survey)
    assert "further-group/" not in page(client, survey)  # the control


def test_a_further_group_is_asked_its_topics_and_counts_with_its_weight(running):
    made, survey, _panel = running

    assert send(survey).status_code == 302

    group = made.groups.get(code="schools")
    asked = group.audience.questions.values_list("topic_question__topic__code", flat=True)
    assert sorted(asked) == ["privacy", "safety"]
    assert [(row.dimension.code, row.value) for row in group.weights.all()] == [("stakeholder", 2)]
    assert (group.audience.target, group.audience.is_later) == (12, True)
    assert not survey.audiences.get(code="customers").is_later  # the control
    event = last_event(made)
    assert (event.verb, event.subject) == ("open_to_group", survey.slug)
    assert event.after["asked_from"] == group.audience.asked_from.isoformat(timespec="seconds")
    shown = page(signed_in("editor"), survey)
    assert shown.count("Added on") == 1


@pytest.mark.parametrize("weight", ["", "0", "-1"])
def test_without_a_weight_nothing_is_opened_and_what_was_typed_stays(running, weight):
    made, survey, _panel = running

    answered = send(survey, weight=weight)

    assert answered.status_code in (200, 409)
    assert 'value="Schools"' in text(answered)
    assert 'role="alert"' in text(answered)
    assert not made.groups.filter(code="schools").exists()
    assert send(survey, weight="1").status_code == 302  # the control


def test_its_people_are_invited_by_mail_and_answer_what_they_are_asked(
    running, settings, monkeypatch
):
    made, survey, _panel = running
    settings.MAIL_IS_LIVE = True
    monkeypatch.setattr(mail, "DELAY", timedelta(0))
    send(survey)
    audience = survey.audiences.get(code="schools")
    people = [(audience, Person(email="head@school.example.com"))]
    actions.invite_people(assessment=made, survey=survey, people=people, by=None)
    client = signed_in("editor")
    client.post(tab(survey, "mail/"), {"act": "send", "kind": "invitation", "count": "1"})
    mail.deliver_all()

    [sent] = outbox.outbox
    token = re.search(r"/r/([^/\s]+)/", sent.body)[1]
    visit = find(token)
    assert len(visit.form.items) == 2
    ratings = dict.fromkeys(visit.form.questions, 5)
    submit(token, submission=uuid4(), ratings=ratings, consent=consent_of(survey))
    assert Intake.objects.get(invitation__audience=audience).submitted
    assert "Schools" in page(client, survey, "progress/")


def answered_and_sealed(made, survey, panel, pupils: int):
    answer(survey, {code: rows for code, rows in STEADY.items() if code != "panel"})
    answer(panel, STEADY)
    audience = survey.audiences.get(code="schools")
    for _invitation, token in invite(audience, [Person() for _pupil in range(pupils)]):
        ratings = dict.fromkeys(questionnaire(audience).questions, 5)
        submit(token, submission=uuid4(), ratings=ratings, consent=consent_of(survey))
    for one in (survey, panel):
        close_and_seal(Survey.objects.get(pk=one.pk))
    return results_for(made)


def test_the_seal_counts_it_and_method_and_dossier_say_when_it_was_added(running):
    made, survey, panel = running
    send(survey)

    results = answered_and_sealed(made, survey, panel, pupils=6)

    assert not list(faults_of(Assessment.objects.get(pk=made.pk)))
    codes = {code for unit in results.inputs["units"]["stakeholder"] for code in unit["groups"]}
    assert "schools" in codes
    [later] = results.inputs["surveys"][0]["later"]
    assert later["group"] == "schools"
    assert "later" not in results.inputs["surveys"][1]  # the control
    for language, said in ADDED.items():
        edition = Edition(results, language)
        assert said in "\n".join(method_note.fieldwork(edition))
        assert said in "\n".join(step.text for step in method_steps.steps(edition))
    shown = text(signed_in("editor").get(f"/a/{made.pk}/topics/privacy/dossier/?lang=en"))
    assert ADDED["en"] in shown


def test_a_small_later_group_is_pooled_as_any_other(running):
    made, survey, panel = running
    send(survey)

    results = answered_and_sealed(made, survey, panel, pupils=2)

    [unit] = [row for row in results.inputs["units"]["stakeholder"] if "schools" in row["groups"]]
    assert len(unit["groups"]) > 1


def test_a_group_that_nobody_would_ask_is_refused_and_the_page_leads_to_the_survey(running):
    made, survey, _panel = running
    version = Assessment.objects.get(pk=made.pk).version
    own = {"act": "own", "version": version, "name:zh-hans": "学校", "name:en": "Schools"}

    refused = signed_in("editor").post(
        f"/a/{made.pk}/groups/?lang=en", {**own, "dimension": "stakeholder"}
    )

    assert refused.status_code == 409
    assert "Open the running survey to the group instead" in text(refused)
    assert f"/a/{made.pk}/ask/{survey.pk}/further-group/" in text(refused)
    assert not made.groups.filter(code="schools").exists()


def test_a_name_lacks_no_language_of_the_survey(running):
    made, survey, _panel = running
    group = {"dimension": "stakeholder", "weight": 1, "by": None}

    with override("en"), pytest.raises(BadGroup, match="every language of the survey: 中文"):
        actions.open_to_group(assessment=made, survey=survey, name={"en": "Schools"}, **group)
    Survey.objects.filter(pk=survey.pk).update(languages=["en"])
    english = Survey.objects.get(pk=survey.pk)
    actions.open_to_group(assessment=made, survey=english, name={"en": "Schools"}, **group)


def test_a_draft_a_sealed_and_a_finished_survey_are_not_opened(running):
    made, survey, _panel = running
    Survey.objects.filter(pk=survey.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    over = send(survey)
    assert over.status_code == 409
    assert "Move the closing date first" in text(over)
    close_and_seal(Survey.objects.get(pk=survey.pk))

    assert send(survey).status_code == 409
    assert not made.groups.filter(code="schools").exists()


def test_the_database_keeps_what_a_later_group_is_asked(running):
    _made, survey, _panel = running
    send(survey)
    audience = survey.audiences.get(code="schools")
    other = survey.questions.exclude(pk__in=audience.questions.all()).first()

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        audience.questions.add(other)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        audience.questions.clear()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Audience.objects.filter(pk=audience.pk).update(asked_from=None)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Audience.objects.filter(pk=audience.pk).update(code="others")
    Audience.objects.filter(pk=audience.pk).update(target=30)  # the control


def test_no_audience_comes_after_the_seal(running):
    _made, survey, _panel = running
    close_and_seal(survey)

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Audience.objects.create(survey=survey, code="late", name={}, you_are={})
