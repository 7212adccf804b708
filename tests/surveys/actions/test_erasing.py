"""Names and addresses go when their time is over, or when a person asks."""

import json
import logging
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from surveys import answers
from surveys.actions import answer
from surveys.actions.erase import erase_expired, erase_person
from surveys.actions.lists import forget_old_lists, hand_in
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.fieldwork.progress import progress
from surveys.models import Intake, Invitation, Message, Mode, PeopleList, Survey
from surveys.people.records import person_data
from surveys.tables.upload import Table
from tests.builders import both, consent_of, make_link, make_organisation, make_survey

pytestmark = pytest.mark.django_db
ANN = {"name": "Ann Other", "email": "ann@example.com", "language": "en", "subgroup": "North"}


@pytest.fixture(params=[Mode.ANONYMOUS, Mode.NAMED])
def answered(request):
    survey = make_survey(topics=2, mode=request.param)
    respond(survey, make_link(survey, **ANN), [4, 5], "From Ann")
    respond(survey, make_link(survey, name="Bob", email="bob@example.com"), [1, 2], "From Bob")
    return survey


def respond(survey, token, ratings, comment):
    keys = survey.questions.order_by("pk").values_list("pk", flat=True)
    answer.submit(token, submission=uuid4(), ratings=dict(zip(keys, ratings, strict=True)),
                  comment=comment, consent=consent_of(survey))  # fmt: skip


def sealed(survey):
    close(survey)
    seal(survey)
    return survey


def expire(survey):
    Survey.objects.filter(pk=survey.pk).update(keep_until=date(2020, 1, 1))


def everything() -> str:
    """Return all that the database holds, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return str(rows)


def test_after_the_date_no_contact_is_left_and_the_answers_still_count(answered, caplog):
    sealed(answered)
    assert "ann@example.com" in everything()  # control
    expire(answered)
    with caplog.at_level(logging.INFO, "surveys.erase"):
        assert erase_expired() == {answered: 2}

    for trace in ("ann@example.com", "Ann Other", "North", "bob@example.com"):
        assert trace not in everything()
    assert sorted(answers.sealed_answers(answered).ratings.tolist()) == [[1, 2], [4, 5]]
    assert "contacts of 2 people" in caplog.text
    assert "ann" not in caplog.text.lower()
    assert erase_expired() == {}
    assert progress(answered)[0].response_rate == 1.0


def test_an_erased_link_opens_nothing(answered, visitor):
    token = make_link(answered, email="cy@example.com")
    sealed(answered)
    assert visitor.get(f"/r/{token}/").status_code == 200  # control
    expire(answered)
    erase_expired()

    assert visitor.get(f"/r/{token}/").status_code == 404


def test_before_the_date_and_on_it_nothing_is_erased(answered):
    sealed(answered)

    assert erase_expired(answered.keep_until) == {}
    assert Invitation.objects.count() == 2
    assert erase_expired(answered.keep_until + timedelta(days=1)) == {answered: 2}


def test_answers_that_were_never_sealed_lose_their_names_and_not_their_count(answered):
    close(answered)
    expire(answered)
    Message.objects.create(survey=answered, invitation=Invitation.objects.first(),
                           kind="invitation", not_before=timezone.now())  # fmt: skip

    assert erase_expired() == {answered: 2}
    assert "ann@example.com" not in everything()
    assert Intake.objects.count() == 2
    assert not Message.objects.exists()
    assert seal(Survey.objects.get(pk=answered.pk)).respondents == 2


def test_the_command_tells_how_many(answered, capsys):
    expire(sealed(answered))
    call_command("erase_expired")

    assert capsys.readouterr().out == "2 people erased\n"


def test_a_person_is_told_what_is_kept_about_them_alone(answered):
    [kept] = person_data(answered.organisation, " Ann@Example.com ")
    text = json.dumps(kept, ensure_ascii=False)

    assert (kept["name"], kept["subgroup"], kept["audience"]["en"]) == (
        "Ann Other", "North", "Customers"
    )  # fmt: skip
    assert "Bob" not in text
    assert ("From Ann" in text) is (answered.mode == Mode.NAMED)


@pytest.mark.parametrize("after", [False, True])
def test_answers_are_told_in_named_surveys_only(answered, after):
    if after:
        sealed(answered)
    [kept] = person_data(answered.organisation, "ann@example.com")

    ratings = [given["rating"] for given in kept.get("answers", [])]
    assert ratings == ([4, 5] if answered.mode == Mode.NAMED else [])


@pytest.mark.parametrize("after", [False, True])
def test_what_is_told_of_a_person_does_not_tell_that_they_answered_anonymously(answered, after):
    reminded = Invitation.objects.get(email="ann@example.com")
    for kind in ("invitation", "reminder_1"):
        Message.objects.create(survey=answered, invitation=reminded, kind=kind, state="sent",
                               not_before=timezone.now())  # fmt: skip
    if after:
        sealed(answered)
    [kept] = person_data(answered.organisation, "ann@example.com")

    is_named = answered.mode == Mode.NAMED  # control: there it is told
    assert ("state" in kept) is is_named
    assert any(mail["kind"] == "reminder_1" for mail in kept["mails"]) is is_named


def test_another_organisation_and_an_empty_address_find_nobody(answered):
    make_link(answered)  # somebody without an address
    other = make_organisation(name=both("另一家", "Another"))

    assert person_data(other, "ann@example.com") == []
    assert person_data(answered.organisation, "") == []
    assert erase_person(answered.organisation, " ") == 0
    assert erase_person(other, "ann@example.com") == 0
    assert Invitation.objects.count() == 3


def test_a_person_who_asks_is_gone_with_what_was_not_sealed(answered):
    assert erase_person(answered.organisation, "ann@example.com") == 1

    for trace in ("ann@example.com", "Ann Other", "From Ann"):
        assert trace not in everything()
    assert "bob@example.com" in everything()
    assert seal_of(answered).respondents == 1


def seal_of(survey):
    close(survey)
    return seal(survey)


def test_a_person_who_asks_after_the_seal_leaves_an_answer_that_is_nobodys(answered):
    sealed(answered)
    erase_person(answered.organisation, "ann@example.com")

    assert person_data(answered.organisation, "ann@example.com") == []
    assert len(answers.sealed_answers(answered).ratings) == 2


def test_a_list_that_waits_holds_nobody_who_asked_to_be_erased_and_nobody_for_long():
    survey = make_survey(topics=2)
    rows = [["Ann", "Ann@example.com"], ["Bo", "bo@example.com"]]
    hand_in(survey, Table(["name", "email"], rows), User.objects.create_user("editor"))
    make_link(survey, **ANN)

    erase_person(survey.organisation, "ann@example.com")
    assert PeopleList.objects.get().rows == [["", ""], ["Bo", "bo@example.com"]]

    assert forget_old_lists() == 0
    PeopleList.objects.update(at=timezone.now() - timedelta(hours=25))
    erase_expired()
    assert PeopleList.objects.get().rows == []
