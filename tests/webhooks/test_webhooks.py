"""Other programs are told what happened: once, signed, tried again; never who, or what."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from standardwebhooks import Webhook as Checker
from standardwebhooks import WebhookVerificationError

from materiality import actions
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models import Access, Delivery, News, Snapshot, Webhook
from materiality.webhooks.news import announce
from materiality.webhooks.sending import PAUSES, send_due
from surveys.models import Role
from tests.markup import page_of
from tests.rounds import answer, ask, close_and_seal, make_round, make_user
from tests.web.conftest import signed_in
from tests.webhooks.receiver import Receiver


@pytest.fixture
def round_(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    made = make_round()
    for role in Role:
        make_user(str(role), made.organisation, role)
    return made


def owner(round_):
    return round_.organisation.memberships.get(role=Role.OWNER).user


def hook(round_, receiver, kinds=tuple(News.values)):
    made = actions.add_webhook(
        organisation=round_.organisation, url=receiver.url, kinds=kinds, by=owner(round_)
    )
    actions.turn_webhook(webhook=made, on=True, by=owner(round_))
    return made


def told(receiver):
    return [json.loads(body) for _path, _headers, body in receiver.told]


def one_each(count):
    return {"customers": [[5, 3, 4, 4]] * count}


def test_answers_are_told_in_steps_of_five_and_then_the_seal(round_):
    receiver = Receiver()
    hook(round_, receiver)
    survey, _named = ask(round_)
    for count, least in ((4, []), (3, [5]), (2, [5]), (1, [5, 10])):
        answer(survey, one_each(count))
        call_command("send_webhooks")
        steps = [each["data"]["at_least"] for each in told(receiver)]
        assert steps == least

    close_and_seal(survey)
    announce()
    send_due()

    last = told(receiver)[-1]
    assert last["type"] == "survey.sealed"
    assert last["data"] == {"round": round_.pk, "survey": survey.pk}


def test_each_thing_is_told_once_however_often_it_is_looked_for(round_):
    receiver = Receiver()
    hook(round_, receiver)
    answer(ask(round_)[0], one_each(7))

    for _time in range(3):
        announce()
        send_due()

    assert len(receiver.told) == 1


def test_an_approval_and_the_lock_are_told_with_the_digest(assessment_to_lock):
    round_, receiver = assessment_to_lock
    digest = results_for(round_).digest
    reviewer = round_.organisation.memberships.get(role=Role.REVIEWER).user
    actions.approve(assessment=round_, verdict="approved", digest=digest, comment="", by=reviewer)
    snapshots.lock(assessment=round_, by=owner(round_))

    announce()
    send_due()

    kinds = {each["type"]: each["data"] for each in told(receiver)}
    assert kinds["round.approved"]["digest"] == digest
    assert kinds["round.locked"]["digest"] == Snapshot.objects.get().digest


@pytest.fixture
def assessment_to_lock(db, settings, tmp_path):
    from tests.web.conftest import round_to_decide

    settings.MEDIA_ROOT = tmp_path
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    made = round_to_decide()
    receiver = Receiver()
    hook(made, receiver)
    return made, receiver


def test_what_was_before_it_was_turned_on_is_not_told(round_):
    receiver = Receiver()
    survey = ask(round_)[0]
    answer(survey, one_each(7))
    hook(round_, receiver)
    announce()
    send_due()
    assert receiver.told == []

    answer(survey, one_each(4))
    announce()
    send_due()

    assert [each["data"]["at_least"] for each in told(receiver)] == [10]


def test_it_is_off_until_somebody_turns_it_on_and_when_it_is_off_again(round_):
    receiver = Receiver()
    made = actions.add_webhook(
        organisation=round_.organisation, url=receiver.url, kinds=News.values, by=owner(round_)
    )
    answer(ask(round_)[0], one_each(7))
    announce()
    send_due()
    assert receiver.told == []
    assert not made.is_on

    actions.turn_webhook(webhook=made, on=True, by=owner(round_))
    answer(round_.surveys.first(), one_each(5))
    announce()
    made.refresh_from_db()
    actions.turn_webhook(webhook=made, on=False, by=owner(round_))
    assert Delivery.objects.filter(state=Delivery.State.WAITING).exists()
    send_due()
    assert receiver.told == []

    Webhook.objects.update(is_on=True)
    send_due()
    assert len(receiver.told) == 1  # the control


def test_while_an_organisation_is_suspended_nothing_is_told_and_nothing_lost(round_):
    receiver = Receiver()
    hook(round_, receiver)
    answer(ask(round_)[0], one_each(7))
    announce()
    actions.suspend_organisation(organisation=round_.organisation, by=None)

    send_due()
    assert receiver.told == []

    actions.resume_organisation(organisation=round_.organisation, by=None)
    send_due()
    assert len(receiver.told) == 1


def test_the_receiver_can_check_who_sent_it(round_):
    receiver = Receiver()
    made = hook(round_, receiver)
    answer(ask(round_)[0], one_each(5))
    announce()
    send_due()
    [(_path, headers, body)] = receiver.told

    assert Checker(made.secret).verify(body, headers)["type"] == "survey.responses"
    with pytest.raises(WebhookVerificationError):
        Checker(made.secret).verify(body + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        Checker("whsec_" + "A" * 44).verify(body, headers)


def test_what_did_not_arrive_is_tried_again_ever_later_and_given_up(round_):
    receiver = Receiver(*[500] * 20)
    hook(round_, receiver)
    answer(ask(round_)[0], one_each(5))
    announce()
    waits = []
    for _attempt in range(len(PAUSES) + 1):
        begun = timezone.now()
        send_due()
        delivery = Delivery.objects.get()
        if delivery.state == "waiting":
            waits.append(round((delivery.not_before - begun) / timedelta(minutes=1)))
        Delivery.objects.update(not_before=timezone.now())

    assert waits == [1, 5, 30, 120, 360, 720]
    assert (delivery.state, delivery.outcome) == ("failed", "500")
    assert send_due() == 0


def test_what_arrives_the_second_time_has_the_same_number(round_):
    receiver = Receiver(503)
    hook(round_, receiver)
    answer(ask(round_)[0], one_each(5))
    announce()
    send_due()
    Delivery.objects.update(not_before=timezone.now())
    send_due()

    first, second = (headers["webhook-id"] for _path, headers, _body in receiver.told)
    assert first == second
    assert Delivery.objects.get().state == "sent"


def test_a_receiver_that_says_it_is_gone_is_turned_off(round_):
    receiver = Receiver(410)
    made = hook(round_, receiver)
    answer(ask(round_)[0], one_each(5))
    announce()
    send_due()

    assert not Webhook.objects.get(pk=made.pk).is_on


def test_what_a_worker_died_over_is_sent_by_the_next(round_):
    receiver = Receiver()
    hook(round_, receiver)
    answer(ask(round_)[0], one_each(5))
    announce()
    Delivery.objects.update(state="sending", lease_until=timezone.now() + timedelta(minutes=1))
    assert send_due() == 0  # the control: a worker that lives is left alone

    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert send_due() == 1


def test_nothing_tells_who_or_what_was_answered(round_):
    receiver = Receiver()
    hook(round_, receiver)
    answer(ask(round_)[0], one_each(8))
    announce()
    send_due()

    [body] = told(receiver)
    assert set(body) == {"type", "timestamp", "data"}
    assert set(body["data"]) == {"round", "survey", "at_least"}


def test_another_organisations_news_are_not_told(round_):
    from tests.builders import both, make_organisation

    receiver = Receiver()
    hook(round_, receiver)
    other = make_round(organisation=make_organisation(name=both("别家公司", "Other Ltd")))
    answer(ask(other)[0], one_each(7))
    announce()

    assert send_due() == 0


# ---- the page ----


def page_path(round_):
    return reverse("materiality:webhooks", args=[round_.organisation.pk])


def test_an_owner_adds_one_turns_it_on_and_removes_it_and_the_log_says_so(round_):
    client, path = signed_in("owner"), page_path(round_)
    sent = {"url": "https://hooks.example.com/a", "kinds": ["round.locked"]}
    assert client.post(path, sent).status_code == 302
    made = Webhook.objects.get()
    assert not made.is_on
    assert made.secret in page_of(client.get(path))

    client.post(path, {"webhook": made.pk, "act": "on"})
    assert Webhook.objects.get().is_on
    client.post(path, {"webhook": made.pk, "act": "off"})
    assert not Webhook.objects.get().is_on
    client.post(path, {"webhook": made.pk, "act": "remove"})
    assert not Webhook.objects.exists()

    subjects = (
        Access.objects.filter(kind="webhook").order_by("pk").values_list("subject", flat=True)
    )
    assert [subject.split()[0] for subject in subjects] == ["+", "on", "off", "-"]


@pytest.mark.parametrize("role", ["editor", "reviewer", "viewer"])
def test_nobody_else_finds_the_page(round_, role):
    assert signed_in(role).get(page_path(round_)).status_code == 404
    assert signed_in(role).post(page_path(round_), {"act": "on"}).status_code == 404


@pytest.mark.parametrize("url", ["ftp://example.com/", "https://u:p@example.com/"])
def test_an_address_that_cannot_be_one_is_refused_in_a_sentence(round_, url):
    page = signed_in("owner").post(page_path(round_), {"url": url, "kinds": ["round.locked"]})

    assert page.status_code == 200
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, ""])
def test_a_webhook_that_is_not_there_is_not_found(round_, key):
    sent = {"webhook": key, "act": "on"}

    assert signed_in("owner").post(page_path(round_), sent).status_code == 404
