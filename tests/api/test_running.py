"""Running a survey by program: the rules of the pages hold here too."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from materiality import actions
from materiality.errors import RoundLocked
from materiality.locking import snapshots
from materiality.models import Event
from surveys.actions.answer import submit
from surveys.actions.invite import add_people
from surveys.mail import recipients
from surveys.models import Exclusion, Invitation, Message, Role
from surveys.people.person import Person
from surveys.people.tokens import token_of
from tests.api.calls import address_of, call, caller
from tests.api.routes import RULES, in_days
from tests.api.test_assessments import client_of
from tests.builders import both, consent_of, ratings_for
from tests.rounds import make_user, sealed_round

pytestmark = pytest.mark.django_db
SURVEY = "surveys/<int:pk>/"
SEND = f"POST {SURVEY}mail/<slug:kind>/send/"


def get(world, part, survey="open", role=Role.OWNER):
    client = caller(world, RULES[f"GET {SURVEY}"], world.users[role])
    return client.get(f"/api/v1/surveys/{getattr(world, survey).pk}/{part}")


def refusal(answered):
    return answered.status_code, answered.json()["code"]


def answered_by(survey, number):
    """Let so many people on the list answer, and return all of them."""
    audience = survey.audiences.get(code="customers")
    add_people([(audience, Person(email=f"p{at}@example.com")) for at in range(number + 2)])
    people = list(Invitation.objects.filter(email__startswith="p", audience=audience))
    for person in people[:number]:
        given = ratings_for(survey)
        consent = consent_of(survey)
        submit(token_of(person), submission=uuid4(), ratings=given, consent=consent)
    return people


# ---- the questionnaire ----


def test_settings_of_a_draft_are_kept_and_logged(world):
    body = call(world, f"PATCH {SURVEY}", {"top_three": True, "title": both("新", "New")}).json()

    assert (body["top_three"], body["title"], body["state"]) == (True, both("新", "New"), "draft")
    entry = Event.objects.filter(assessment=world.drafted).latest("number")
    assert (entry.verb, set(entry.after)) == ("set_survey", {"top_three", "title"})
    assert entry.name


@pytest.mark.parametrize(
    ("part", "body"),
    [("", {"title": both("x", "x")}), ("", {"mode": "named"}), ("", {"keep_until": "2090-01-01"}),
     ("audiences/", {"audiences": [{"code": "customers", "asked": []}]}),
     ("audiences/", {"minimum_group": 3}), ("publish/", {})],
)  # fmt: skip
def test_what_people_were_promised_stands(world, part, body):
    method = "POST" if part == "publish/" else "PATCH"
    address = f"/api/v1/surveys/{world.open.pk}/{part}"

    answered = call(world, f"{method} {SURVEY}{part}", body, address=address)

    assert answered.status_code == 409
    assert "\n" not in answered.json()["detail"]


def test_dates_targets_and_reminders_of_a_published_survey_may_change(world):
    addresses = {part: f"/api/v1/surveys/{world.open.pk}/{part}" for part in ("", "audiences/")}
    dates = {"closes_at": in_days(20), "reminder_gap": 4}
    plan = {"audiences": [{"code": "customers", "target": 77, "open_link": False}]}

    body = call(world, f"PATCH {SURVEY}", dates, address=addresses[""]).json()
    rows = call(world, f"PATCH {SURVEY}audiences/", plan, address=addresses["audiences/"]).json()

    assert body["reminder_gap"] == 4
    [row] = [row for row in rows if row["code"] == "customers"]
    assert (row["target"], row["open_link"], row["address"]) == (77, False, None)


def test_a_draft_says_what_keeps_it_from_being_published(world):
    world.draft.audiences.update(you_are={})

    missing = get(world, "questionnaire/", "draft").json()["missing"]
    answered = call(world, f"POST {SURVEY}publish/", {})

    assert missing
    assert refusal(answered) == (409, "not_publishable")
    assert all(sentence in answered.json()["detail"] for sentence in missing)


def test_a_draft_asks_in_its_own_words_and_a_published_one_keeps_them(world):
    key = f"PATCH {SURVEY}prompts/<slug:code>/"
    words = RULES[key].told(world)

    body = call(world, key, {"labels": words["labels"]}).json()
    asked = get(world, "questionnaire/", "draft").json()["prompts"]
    told = (body["labels"], body["cannot_judge"]["en"])
    assert told == (words["labels"], "I don’t know enough to say")
    assert asked == [body]
    for survey, code, status in ((world.open, "stakeholder", 409), (world.draft, "love", 404)):
        address = address_of(key, {"pk": survey.pk, "code": code})
        assert call(world, key, words, address=address).status_code == status


def test_two_ratings_that_read_alike_are_refused_in_a_sentence(world):
    key = f"PATCH {SURVEY}prompts/<slug:code>/"
    scale = RULES[key].told(world)["labels"]

    refused = call(world, key, {"labels": scale | {"en": ["Low", "low ", "Some", "High", "Top"]}})

    assert refusal(refused) == (409, "rule_broken")
    assert "“Low”" in refused.json()["detail"]
    assert call(world, key, {"labels": scale}).status_code == 200  # control


def test_a_dimension_is_asked_about_once(world):
    key = "POST assessments/<int:pk>/surveys/"
    first = call(world, key, {"dimension": "impact"})
    again = call(world, key, {"dimension": "impact"})

    assert (first.status_code, first.json()["mode"]) == (201, "named")
    assert again.status_code == 400
    assert "stakeholder" in again.json()["detail"]


def test_a_new_wording_keeps_the_old_one_and_tells_no_count_while_open(world):
    key = f"POST {SURVEY}versions/"
    body = call(world, key, RULES[key].told(world)).json()
    rows = get(world, "versions/").json()["results"]

    assert (body["number"], body["by"], body["answers"]) == (2, "owner", None)
    assert [row["number"] for row in rows] == [1, 2]
    assert both("想想", "Think") in [change["after"] for change in body["changes"]]


# ---- people and mail ----


def test_neither_people_nor_mail_tell_who_has_answered(world):
    people = answered_by(world.open, 7)
    body = get(world, f"invitations/{people[0].pk}/data/").json()

    assert "answers" not in json.dumps(body)
    assert "state" not in body[0]
    for person in (people[0], people[-1]):
        assert "state" not in get(world, f"invitations/{person.pk}/").json()


def test_reminders_of_an_anonymous_survey_are_counted_in_steps_of_five(world, settings):
    settings.MAIL_IS_LIVE = True
    answered_by(world.open, 0)
    sent = timezone.now() - timedelta(days=5)
    for person in Invitation.objects.on_list_of(world.open).exclude(email=""):
        Message.objects.create(
            survey=world.open, invitation=person, kind="invitation", state="sent",
            sent_at=sent, not_before=sent,
        )  # fmt: skip
    reminder = get(world, "mail/").json()["mails"][1]

    assert recipients.recipients(world.open, "reminder_1").count() == 3
    assert (reminder["kind"], reminder["count"], reminder["rounded"]) == ("reminder_1", 5, True)
    assert (reminder["first"], reminder["by_audience"]) == ([], {"customers": 5})


def test_mail_goes_to_as_many_as_was_said_or_to_nobody(world):
    count = get(world, "mail/").json()["mails"][0]["count"]

    assert refusal(call(world, SEND, {"count": count + 1})) == (409, "conflict")
    assert not Message.objects.exists()
    assert call(world, SEND, {"count": count}).json() == {"mails": count, "rounded": False}
    assert Message.objects.count() == count == 1
    assert call(world, SEND, {"count": 0}).json()["mails"] == 0


def test_test_mode_and_the_first_addresses_are_told_to_those_who_run_the_survey(world):
    runs, views = (get(world, "mail/", role=role).json() for role in (Role.EDITOR, Role.VIEWER))

    assert (runs["is_live"], runs["test_addresses"]) == (False, ["li@example.com"])
    assert runs["mails"][0]["first"] == ["li@example.com"]
    assert views["mails"][0]["first"] == views["test_addresses"] == []
    assert views["mails"][0]["count"] == 1


def test_erasing_somebody_leaves_nothing_under_the_address(world):
    key = f"POST {SURVEY}invitations/<int:person>/erasure/"

    assert call(world, key, {"sure": True}).json() == {"surveys": 1}
    assert not Invitation.objects.filter(email="li@example.com").exists()


def test_links_that_the_log_refuses_are_not_made(world, monkeypatch):
    def refuse(**_told):
        raise RoundLocked

    monkeypatch.setattr(actions, "hand_out", refuse)
    key, before = f"POST {SURVEY}links/", Invitation.objects.count()

    answered = call(world, key, RULES[key].told(world))

    assert refusal(answered) == (409, "locked")
    assert Invitation.objects.count() == before


def test_links_to_hand_out_are_of_people_without_an_address(world):
    customers = world.open.audiences.get(code="customers")
    add_people([(customers, Person(name="老王"))])

    rows = call(world, f"POST {SURVEY}hand-outs/", {}).json()

    assert [row["name"] for row in rows] == ["老王"]
    path, _, language = rows[0]["address"].partition("?")
    assert path.endswith(rows[0]["code"].replace(" ", "") + "/")
    assert language == "lang=zh-hans"
    assert Event.objects.filter(assessment=world.asked, verb="hand_out").count() == 1


def test_progress_tells_what_the_page_tells(world):
    answered_by(world.open, 7)

    rows = {row["audience"]: row for row in get(world, "progress/").json()}

    assert rows["customers"] == {
        "audience": "customers", "invited": 11, "answered": 5, "is_hidden": False, "target": 0,
        "started": 5, "declined": 0, "bounced": 0, "response_rate": 5 / 11,
    }  # fmt: skip


# ---- after the seal ----


@pytest.mark.parametrize(
    ("part", "told"),
    [("signs/", []), ("picks/", []), ("open-answers/", {"waiting": False, "count": None})],
)
def test_nothing_is_told_of_answers_while_a_survey_is_open(world, part, told):
    answered_by(world.open, 7)

    assert get(world, part).json() == told
    key = f"POST {SURVEY}exclusions/"
    address = f"/api/v1/surveys/{world.open.pk}/exclusions/"
    body = {"criterion": "fast", "reason": "Test"}
    assert call(world, key, body, address=address).status_code == 409


def test_signs_of_a_few_are_not_counted(world):
    rows = {row["criterion"]: row for row in get(world, "signs/", "sealed").json()}

    assert (rows["open_link"]["count"], rows["imported"]["count"]) == (None, 0)
    assert rows["staff"]["is_excluded"]


def test_leaving_out_a_few_would_tell_what_they_said(world):
    key = f"POST {SURVEY}exclusions/"
    before = Exclusion.objects.count()
    call(world, f"POST {SURVEY}open-answers/", {"accept": True, "reason": "Seen"})

    answered = call(world, key, {"criterion": "open_link", "reason": "Test"})

    assert refusal(answered) == (409, "rule_broken")
    assert Exclusion.objects.count() == before


def test_a_locked_round_takes_nothing_more():
    assessment = sealed_round()
    owner = make_user("head", assessment.organisation, Role.OWNER)
    snapshots.lock(assessment=assessment, by=owner)
    survey = assessment.surveys.first()

    body = {"criterion": "fast", "reason": "Test"}
    address = f"/api/v1/surveys/{survey.pk}/exclusions/"
    answered = client_of(owner).post(address, body, "json")

    assert refusal(answered) == (409, "locked")


# ---- what it costs ----

# Signs are counted from the sealed block when nothing is kept, and what exclusions take out of it.
COSTS = {
    "surveys/": 4, "surveys/{open}/": 4, "surveys/{open}/audiences/": 7,
    "surveys/{open}/questionnaire/": 6, "surveys/{draft}/questionnaire/": 16,
    "surveys/{open}/versions/": 8, "surveys/{open}/invitations/": 6, "surveys/{open}/mail/": 25,
    "surveys/{open}/mail/failures/": 5, "surveys/{open}/mail/texts/invitation/": 7,
    "surveys/{open}/curve/": 7, "surveys/{sealed}/signs/": 9, "surveys/{sealed}/exclusions/": 6,
    "assessments/{asked}/surveys/": 4,
}  # fmt: skip


@pytest.mark.parametrize("place", COSTS)
def test_reading_costs_few_queries(world, place, django_assert_max_num_queries):
    keys = {name: getattr(world, name).pk for name in ("open", "draft", "sealed", "asked")}
    client = caller(world, RULES["GET surveys/"])

    with django_assert_max_num_queries(COSTS[place]):
        assert client.get(f"/api/v1/{place.format(**keys)}").status_code == 200
