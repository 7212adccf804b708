"""Those who answered hear what came of it: by their own link, by the open one, by one mail."""

import gzip
import re
from io import StringIO
from uuid import uuid4

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from materiality.locking import snapshots
from materiality.models import Assessment, Event, Feedback
from surveys.actions.answer import submit
from surveys.actions.erase import erase_expired, erase_person
from surveys.actions.feedback import deliver_feedback
from surveys.actions.invite import invite
from surveys.models import FeedbackRequest, Role, Survey
from surveys.models.feedback import LEASE
from surveys.people.person import Person
from tests.builders import consent_of, make_survey
from tests.keeping import made_once
from tests.rounds import STEADY, answer, ask, close_and_seal, make_round, make_user
from tests.web.conftest import signed_in
from tests.web.report.exporting import at, text

pytestmark = pytest.mark.django_db
STEPS = {"next_steps:zh-hans": "四月：修订政策", "next_steps:en": "April: we revise the policy"}
EVERYBODY = "What all who answered rated highest"
YOURS = "What your group rated highest"


@pytest.fixture(autouse=True)
def nobody_came_before():
    cache.clear()


@pytest.fixture
def surveys(db, folder) -> list[Survey]:
    """The open surveys of a round that enough people have answered."""
    assessment = made_once("a round answered and open", answered_and_open)
    return list(assessment.surveys.order_by("pk"))


def answered_and_open() -> Assessment:
    assessment = make_round()
    for role in Role:
        make_user(str(role), assessment.organisation, role)
    for survey in ask(assessment, open_links=True):
        answer(survey, STEADY)
    return assessment


@pytest.fixture
def link(surveys) -> str:
    """The personal link of a customer who has submitted."""
    survey = surveys[0]
    [(_invitation, token)] = invite(survey.audiences.get(code="customers"), [Person()])
    questions = survey.questions.values_list("pk", flat=True)
    ratings = {str(pk): 4 for pk in questions}
    submit(token, submission=uuid4(), ratings=ratings, consent=consent_of(survey))
    return f"/r/{token}/"


def reader() -> Client:
    return Client(headers={"accept-language": "en"})


def lock(surveys) -> Assessment:
    for survey in surveys:
        close_and_seal(survey)
    assessment = surveys[0].assessments.get()
    snapshots.lock(assessment=assessment, by=None)
    return Assessment.objects.get(pk=assessment.pk)


def tell(assessment, **more):
    return signed_in("owner").post(at(assessment, "tell"), STEPS | more)


def test_a_personal_link_leads_to_the_result_once_it_is_told(surveys, link):
    locked = lock(surveys)
    assert "This survey has closed" in text(reader().get(link, follow=True))

    tell(locked, report="https://example.com/report")

    page = text(reader().get(link, follow=True))
    assert "24 people from 4 groups answered" in page
    assert YOURS in page
    assert "Customers" in page
    assert EVERYBODY in page
    assert "April: we revise the policy" in page
    assert 'href="https://example.com/report"' in page
    assert "<svg" in page


def test_it_is_told_in_the_language_of_the_reader(surveys, link):
    tell(lock(surveys))

    page = text(Client(headers={"accept-language": "zh-CN"}).get(link, follow=True))

    assert "四月：修订政策" in page
    assert "we revise" not in page
    assert '<html lang="zh-Hans">' in page


def test_an_open_link_leads_there_with_its_group_or_with_none(surveys):
    survey = surveys[0]
    tell(lock(surveys))

    of_group = text(reader().get(f"/s/{survey.slug}/employees/", follow=True))
    of_all = text(reader().get(f"/s/{survey.slug}/", follow=True))

    assert YOURS in of_group
    assert YOURS not in of_all
    assert EVERYBODY in of_all


@pytest.mark.parametrize("group", ["nobody", "", "<script>", "专家", "x" * 500])
def test_a_group_that_nobody_knows_is_nobodys(surveys, group):
    tell(lock(surveys))
    path = reverse("materiality:feedback", args=[Feedback.objects.get().token])

    answered = reader().get(path, {"group": group})

    assert answered.status_code == 200
    assert YOURS not in text(answered)
    assert "<script" not in text(answered)


def test_a_group_too_small_to_be_shown_speaks_with_those_it_is_pooled_with(db, folder):
    few = {**STEADY, "regulators": [[1, 5, 1, 1]] * 2}
    assessment = make_round()
    make_user("owner", assessment.organisation)
    asked = ask(assessment, open_links=True)
    for survey in asked:
        answer(survey, few)
    tell(lock(asked))

    page = text(reader().get(f"/s/{asked[0].slug}/regulators/", follow=True))

    heading = re.search(rf"{YOURS} \(([^<]*)\)", page)
    assert heading is None or heading[1] != "Regulators"


def test_the_page_is_light_without_script_and_not_for_search_engines(surveys, link):
    tell(lock(surveys))

    answered = reader().get(link, follow=True, headers={"accept-encoding": "gzip"})

    page = gzip.decompress(answered.content)
    assert len(page) <= 30_000
    assert b"<script" not in page
    assert answered.headers["X-Robots-Tag"] == "noindex"
    assert "default-src 'none'" in answered.headers["Content-Security-Policy"]
    assert answered.headers["Referrer-Policy"] == "no-referrer"


def test_nothing_is_told_before_the_lock(surveys):
    for survey in surveys:
        close_and_seal(survey)

    assert tell(surveys[0].assessments.get()).status_code == 409
    assert not Feedback.objects.exists()


def test_withdrawn_links_say_again_that_the_survey_has_closed_and_both_are_logged(surveys, link):
    locked = lock(surveys)
    tell(locked)
    address = reverse("materiality:feedback", args=[Feedback.objects.get().token])

    signed_in("owner").post(at(locked, "tell"), {"withdraw": ""})

    assert "This survey has closed" in text(reader().get(link, follow=True))
    assert reader().get(address).status_code == 404
    verbs = list(Event.objects.order_by("number").values_list("verb", flat=True))
    assert verbs[-2:] == ["give_feedback", "withdraw_feedback"]


def test_words_are_corrected_and_the_address_stays(surveys):
    locked = lock(surveys)
    tell(locked)
    token = Feedback.objects.get().token
    tell(locked, **{"next_steps:en": "May: later"})

    assert Feedback.objects.get().token == token
    assert Feedback.objects.get().next_steps["en"] == "May: later"


@pytest.mark.parametrize("role", ["editor", "reviewer", "viewer"])
def test_only_an_owner_tells(surveys, role):
    assert signed_in(role).post(at(lock(surveys), "tell"), STEPS).status_code == 403


def test_a_missing_language_is_asked_for_and_nothing_is_lost(surveys):
    refused = tell(lock(surveys), **{"next_steps:zh-hans": ""})

    assert "April: we revise the policy" in text(refused)
    assert 'id="feedback_next_steps:zh-hans_error"' in text(refused)
    assert not Feedback.objects.exists()


def test_who_answers_a_closed_survey_is_not_led_away_from_what_was_refused(surveys, link):
    tell(lock(surveys))

    assert reader().post(f"{link}1/", {}).status_code == 409


def test_whoever_asked_gets_one_mail_and_the_address_is_forgotten(surveys, link, settings):
    settings.MAIL_IS_LIVE = True
    noted = reader().post(f"{link}done/", {"email": " Wang@Example.com "})
    reader().post(f"{link}done/", {"email": "wang@example.com"})
    locked = lock(surveys)
    assert "Noted." in text(noted)
    assert [str(row.email) for row in FeedbackRequest.objects.all()] == ["wang@example.com"]

    tell(locked)
    deliver_feedback(Survey.objects.get(pk=surveys[0].pk))
    deliver_feedback(Survey.objects.get(pk=surveys[0].pk))

    [sent] = mail.outbox
    path = reverse("materiality:feedback", args=[Feedback.objects.get().token])
    assert sent.to == ["wang@example.com"]
    assert f"{path}?lang=en" in sent.body
    assert not FeedbackRequest.objects.exists()


def test_what_a_killed_worker_left_is_sent_after_its_lease(surveys, link, settings):
    settings.MAIL_IS_LIVE = True
    reader().post(f"{link}done/", {"email": "wang@example.com"})
    tell(lock(surveys))
    FeedbackRequest.objects.update(taken_at=timezone.now())

    call_command("send_due_mail", stdout=StringIO())
    assert mail.outbox == []  # the control: somebody is at it

    FeedbackRequest.objects.update(taken_at=timezone.now() - LEASE)
    call_command("send_due_mail", stdout=StringIO())
    assert [sent.to for sent in mail.outbox] == [["wang@example.com"]]
    assert not FeedbackRequest.objects.exists()


def test_what_waited_for_mail_to_be_switched_on_is_sent_with_what_is_due(surveys, link, settings):
    settings.MAIL_IS_LIVE = False
    reader().post(f"{link}done/", {"email": "wang@example.com"})
    tell(lock(surveys))
    call_command("send_due_mail", stdout=StringIO())
    assert mail.outbox == []

    settings.MAIL_IS_LIVE = True
    call_command("send_due_mail", stdout=StringIO())

    assert [sent.to for sent in mail.outbox] == [["wang@example.com"]]


def test_no_mail_goes_out_before_mail_is_switched_on_and_none_is_lost(surveys, link, settings):
    settings.MAIL_IS_LIVE = False
    reader().post(f"{link}done/", {"email": "wang@example.com"})
    tell(lock(surveys))

    assert deliver_feedback(Survey.objects.get(pk=surveys[0].pk)) == 0
    assert FeedbackRequest.objects.waiting().count() == 1


@pytest.mark.parametrize(
    "email", ["", "wang", "a@b", "x" * 250 + "@example.com", "a@b.cn\nBcc: c@d.cn"]
)
def test_what_is_no_address_is_pointed_out_and_kept_on_the_page(link, email):
    refused = reader().post(f"{link}done/", {"email": email})

    assert refused.status_code == 400
    assert "This is no e-mail address" in text(refused)
    assert not FeedbackRequest.objects.exists()


def test_a_network_cannot_enter_addresses_without_end(link):
    answers = [reader().post(f"{link}done/", {"email": f"a{at}@example.com"}) for at in range(31)]

    assert answers[-1].status_code == 429
    assert FeedbackRequest.objects.count() == 30


@pytest.mark.parametrize(("offered", "status"), [(True, 200), (False, 400)])
def test_a_survey_that_offers_no_feedback_asks_for_no_address(db, offered, status):
    survey = make_survey(topics=3, feedback=offered)
    [(_invitation, token)] = invite(survey.audiences.first(), [Person()])
    ratings = {str(pk): 4 for pk in survey.questions.values_list("pk", flat=True)}
    submit(token, submission=uuid4(), ratings=ratings, consent=consent_of(survey))

    page = text(reader().get(f"/r/{token}/done/"))
    answered = reader().post(f"/r/{token}/done/", {"email": "wang@example.com"})

    assert ('name="email"' in page) is offered
    assert answered.status_code == status


def test_addresses_are_erased_when_the_time_is_over_or_the_person_asks(surveys, link):
    reader().post(f"{link}done/", {"email": "wang@example.com"})
    reader().post(f"{link}done/", {"email": "li@example.com"})

    erase_person(surveys[0].organisation, "Wang@example.com")
    assert [row.email for row in FeedbackRequest.objects.all()] == ["li@example.com"]

    Survey.objects.update(keep_until="2020-01-01")
    erase_expired()
    assert not FeedbackRequest.objects.exists()
