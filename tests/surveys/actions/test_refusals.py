"""What the verbs of a survey refuse: nothing changes, and the sentence says why."""

import json
import smtplib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core import mail as django_mail
from django.core.mail import EmailMessage
from django.utils import timezone, translation

from surveys.actions import answer, feedback, lists, mail
from surveys.actions.answer_tables import check, say, take_table
from surveys.actions.exclude import decide_open_answers
from surveys.actions.extend import extend
from surveys.actions.feedback import send_feedback
from surveys.actions.import_answers import import_answers, take_back
from surveys.actions.invite import correct_address
from surveys.actions.publish import close
from surveys.actions.revise import revise, revise_audience
from surveys.actions.seal import seal
from surveys.errors import Conflict, RuleBroken, SurveyClosed
from surveys.models import (
    AnswerTable,
    Audience,
    FeedbackRequest,
    Intake,
    Invitation,
    MailText,
    Message,
    PeopleList,
    ReminderPlan,
    StagedAnswer,
    Survey,
)
from surveys.tables.plan import TableOptions
from surveys.tables.upload import Table
from tests.builders import both, consent_of, invitation_of, make_link, make_survey, ratings_for
from tests.surveys.conftest import on_disk

pytestmark = pytest.mark.django_db
TABLE = b"Group,t1,t2\ncustomers,5,2\ncustomers,3,4\n"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def survey(db):
    return make_survey(topics=2)


@pytest.fixture
def sealed(survey):
    close(survey)
    seal(survey)
    return survey


@pytest.fixture
def editor(db):
    return User.objects.create_user("editor")


@pytest.fixture
def table(survey, tmp_path):
    """A table that was read and can be imported."""
    with on_disk(TABLE, tmp_path) as file:
        made = take_table(survey, file, "answers.csv", None)
    assert say(made, TableOptions()).questions == []
    check(made)
    return made


# ---- a further group ----


def group(**changes):
    return {
        "code": "media",
        "name": both("媒体", "Media"),
        "you_are": both("媒体", "Press"),
    } | changes


def test_a_further_group_must_be_asked_something(survey):
    with pytest.raises(RuleBroken, match="at least one topic"):
        extend(survey, questions=[], **group())

    assert survey.audiences.count() == 1


def test_a_draft_and_a_sealed_survey_get_no_further_group(survey, db):
    draft = make_survey(topics=2, publish_it=False)
    with pytest.raises(Conflict):
        extend(draft, questions=draft.questions.all(), **group())
    close(survey)
    with pytest.raises(Conflict):
        extend(survey, questions=survey.questions.all(), **group())
    seal(survey)
    with pytest.raises(Conflict):
        extend(survey, questions=survey.questions.all(), **group())

    assert not Audience.objects.filter(code="media").exists()


def test_a_group_has_its_code_alone(survey):
    with pytest.raises(Conflict, match="customers"):
        extend(survey, questions=survey.questions.all(), **group(code="customers"))

    made = extend(survey, questions=survey.questions.all(), **group())
    assert made.questions.count() == 2


# ---- what a sealed survey stands for ----


def test_dates_and_groups_of_a_sealed_survey_stand(sealed):
    with pytest.raises(Conflict):
        revise(sealed, {"closes_at": sealed.closes_at + timedelta(days=1)})
    with pytest.raises(Conflict):
        revise_audience(sealed.audiences.get(), {"target": 77})

    assert sealed.audiences.get().target != 77
    assert revise(sealed, {"closes_at": sealed.closes_at}) == {}


def test_a_group_of_a_published_survey_is_asked_what_it_is_asked(survey):
    audience = survey.audiences.get()

    with pytest.raises(RuleBroken, match="new survey"):
        revise_audience(audience, {}, prompts=[])

    assert audience.questions.count() == 2


def test_nobody_is_corrected_once_answers_are_sealed(survey):
    person = invitation_of(make_link(survey, name="Ann", email="ann@example.com"))
    close(survey)
    seal(survey)
    person = Invitation.objects.select_related("audience__survey").get(pk=person.pk)

    with pytest.raises(SurveyClosed):
        correct_address(person, "Ann", "other@example.com", "")

    assert Invitation.objects.get(pk=person.pk).email == person.email


def test_where_no_answers_wait_nothing_is_decided(sealed, editor):
    with pytest.raises(RuleBroken):
        decide_open_answers(sealed, True, "  ", editor)
    with pytest.raises(Conflict):
        decide_open_answers(sealed, True, "Known people.", editor)

    assert not sealed.exclusions.exists()


# ---- answers ----


def test_a_seal_that_was_quicker_keeps_the_answer(survey, monkeypatch):
    """Whoever declines in the moment of the seal is told that it closed: the answer counts."""
    token = make_link(survey)
    answer.start(token, consent_of(survey))
    read = answer._visit

    def and_then_it_is_sealed(token):
        visit = read(token)
        Intake.objects.filter(invitation=visit.invitation).delete()
        return visit

    monkeypatch.setattr(answer, "_visit", and_then_it_is_sealed)
    with pytest.raises(SurveyClosed):
        answer.decline(token)

    assert invitation_of(token).state != Invitation.State.DECLINED


def test_an_answer_that_many_pages_save_at_once_is_refused_in_the_end(survey, monkeypatch):
    token = make_link(survey)
    answer.start(token, consent_of(survey))
    tries = []
    monkeypatch.setattr(answer, "store", lambda draft: bool(tries.append(draft)))

    with pytest.raises(Conflict):
        answer.save(token, {str(survey.questions.first().pk): 5})

    assert len(tries) == answer.MOST_TABS


def test_a_remark_on_a_topic_nobody_asked_about_is_refused_with_all_that_is_sent():
    survey = make_survey(topics=2, topic_comments=True)
    token = make_link(survey)
    asked = str(survey.questions.first().pk)

    def sent(**remarks):
        return answer.submit(
            token,
            submission=uuid4(),
            ratings=ratings_for(survey),
            consent=consent_of(survey),
            remarks=remarks,
        )

    with pytest.raises(RuleBroken):
        sent(**{"999999": "Elsewhere"})
    assert not Intake.objects.exists()

    sent(**{asked: "It matters here."})
    assert Intake.objects.get().contents.remarks == {asked: "It matters here."}


# ---- feedback ----


def test_a_survey_without_a_result_writes_to_nobody(sealed):
    ask = FeedbackRequest.objects.create(survey=sealed, email="ann@example.com", language="en")

    send_feedback.call(sealed.pk)

    assert FeedbackRequest.objects.filter(pk=ask.pk).exists()
    assert not django_mail.outbox


def test_an_address_whose_server_refuses_is_forgotten_and_the_next_is_written_to(
    sealed, monkeypatch, caplog
):
    for email in ("ann@example.com", "bo@example.com"):
        FeedbackRequest.objects.create(survey=sealed, email=email, language="en")
    Survey.objects.filter(pk=sealed.pk).update(feedback_path="/f/1/")
    send = EmailMessage.send

    def refuse_ann(message, *options):
        if message.to == ["ann@example.com"]:
            raise smtplib.SMTPRecipientsRefused({})
        return send(message, *options)

    monkeypatch.setattr(EmailMessage, "send", refuse_ann)
    monkeypatch.setattr(feedback, "may_write_to", lambda *_person: True)

    assert feedback.deliver_feedback(Survey.objects.get(pk=sealed.pk)) == 1

    assert [message.to for message in django_mail.outbox] == [["bo@example.com"]]
    assert not FeedbackRequest.objects.exists()
    assert "SMTPRecipientsRefused" in caplog.text
    assert "ann@" not in caplog.text


# ---- tables ----


def test_a_table_is_told_nothing_it_cannot_hold(table):
    for said in (
        TableOptions(columns={"9": "importance:t1"}),
        TableOptions(columns={"1": "importance:unknown"}),
        TableOptions(ratings={"importance": {"5": 7}}),
    ):
        with pytest.raises(RuleBroken):
            say(table, said)

    stored = AnswerTable.objects.get(pk=table.pk)
    assert stored.options == json.loads(json.dumps(TableOptions().as_json()))
    assert stored.state == AnswerTable.State.CHECKED


def test_what_is_imported_is_read_no_other_way_and_taken_back_once(table):
    assert import_answers(table) == 2
    with pytest.raises(Conflict):
        say(table, TableOptions())

    assert take_back(table) == 2
    with pytest.raises(Conflict):
        take_back(table)


def test_rows_that_another_worker_moved_meanwhile_are_not_moved_again(table):
    row = table.staged.first()
    Invitation.objects.create(
        audience_id=row.audience_id, source=Invitation.Source.IMPORTED, token_hash=row.key
    )

    with pytest.raises(Conflict):
        import_answers(table)

    assert not Intake.objects.filter(survey=table.survey).exists()
    assert StagedAnswer.objects.filter(table=table).count() == 2


# ---- lists of people ----


def list_of(survey, editor, **changes):
    rows = [["p@example.com", "P"]]
    made = lists.hand_in(survey, Table(["email", "name"], rows), editor)
    lists.map_columns(made, {"email": 0, "name": 1}, survey.audiences.get())
    return made


def test_a_list_is_added_once_and_can_be_emptied_until_then(survey, editor):
    emptied = list_of(survey, editor)
    lists.empty(emptied)
    assert PeopleList.objects.get(pk=emptied.pk).rows == []

    begun = list_of(survey, editor)
    lists.begin(begun)
    lists.empty(begun)
    with pytest.raises(RuleBroken):
        lists.begin(begun)

    assert len(PeopleList.objects.get(pk=begun.pk).rows) == 1


def test_a_list_whose_group_is_gone_ends_with_nobody_added(survey, editor, monkeypatch):
    made = list_of(survey, editor)
    lists.begin(made)

    def gone(*_list):
        raise RuleBroken("The group is gone.")

    monkeypatch.setattr(lists, "check_people", gone)
    lists.add(made.pk)

    made.refresh_from_db()
    assert (made.state, made.rows, made.added) == (PeopleList.State.ADDED, [], 0)


def test_an_earlier_survey_that_nobody_is_left_of_gives_no_list(survey, editor):
    with pytest.raises(RuleBroken):
        lists.take_over(make_survey(topics=2), survey, editor)

    assert not PeopleList.objects.exists()


# ---- mail ----

BODY = both("您好 {link}", "Hello {link}")


def test_only_the_mails_there_are_have_a_text(survey):
    with pytest.raises(RuleBroken):
        mail.write_text(survey, "birthday", both("主题", "Subject"), BODY)

    assert not MailText.objects.exists()


def test_a_reminder_is_planned_for_a_time_that_comes_and_of_a_kind_there_is(survey):
    soon = timezone.now() + timedelta(days=1)
    with pytest.raises(RuleBroken):
        mail.plan(survey, "birthday", soon, 5)
    for at in (timezone.now() - timedelta(days=1), survey.closes_at + timedelta(days=1)):
        with pytest.raises(RuleBroken):
            mail.plan(survey, Message.Kind.REMINDER_1, at, 5)

    assert not ReminderPlan.objects.exists()


def test_a_plan_that_another_worker_carried_out_is_left_to_it(survey, monkeypatch):
    plan = ReminderPlan.objects.create(
        survey=survey, kind=Message.Kind.REMINDER_1, most=5,
        at=timezone.now() - timedelta(minutes=1),
    )  # fmt: skip
    ReminderPlan.objects.update(done_at=timezone.now())

    assert mail._carry_out(plan) is False
    assert not ReminderPlan.objects.get(pk=plan.pk).held
