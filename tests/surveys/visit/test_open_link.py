"""Many answers from one network on the open link: they wait, or do a sum if a reviewer said so."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys import answers
from surveys.actions.answer import submit
from surveys.actions.exclude import decide_open_answers
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.models import Criterion, Intake, Invitation, Survey
from surveys.responses.bursts import Burst, bursts, in_bursts
from surveys.visit import rates
from surveys.visit.crowds import was_crowded
from surveys.visit.rates import JOINED, Brake, network
from tests.builders import consent_of, make_link, make_survey, ratings_for
from tests.markup import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(db):
    survey = make_survey(topics=2)
    survey.audiences.update(open_link=True)
    return survey


@pytest.fixture
def lively(survey):
    """A survey of which a reviewer said that many may begin in one place."""
    Survey.objects.update(many_until=timezone.now() + timedelta(hours=2))
    survey.refresh_from_db()
    return survey


def knock(visitor, survey, address="203.0.113.7", **fields):
    data = {"consent": consent_of(survey)} | fields
    return visitor.post(f"/s/{survey.slug}/", data, REMOTE_ADDR=address)


def read_sum(page: str) -> tuple[str, str]:
    first, second = re.search(r"add (\d+) and (\d+)", page).groups()
    return str(int(first) + int(second)), re.search(r'name="sum_of" value="([^"]+)"', page)[1]


def crowd(address="203.0.113.7", people=JOINED.free):
    for _person in range(people):
        JOINED.take(address)


def test_thirty_come_in_freely_and_the_next_is_asked_to_wait(survey, visitor):
    assert [knock(visitor, survey).status_code for _person in range(JOINED.free)] == [302] * 30
    assert not was_crowded(survey.pk)
    page = knock(visitor, survey, "203.0.113.200")

    assert (page.status_code, page.headers["Retry-After"]) == (429, "600")
    assert "Many people have just begun from your network" in page_of(page)
    assert "sum_of" not in page_of(page)
    assert Invitation.objects.count() == 30
    assert was_crowded(survey.pk)


def test_who_waits_is_let_in_ten_minutes_later_whoever_tried_meanwhile(
    survey, visitor, monkeypatch
):
    crowd()
    now = time.time()
    for minute in range(14):  # the window slides by two minutes
        monkeypatch.setattr(rates.time, "time", lambda at=minute: now + at * 60)
        for _try in range(5):
            said = knock(visitor, survey).status_code
            assert said == 429 or minute >= 10

    assert said == 302


def test_in_no_ten_minutes_more_than_thirty_begin(survey, visitor, monkeypatch):
    let_in, now = [], time.time()
    for second in range(0, 45 * 60, 15):
        monkeypatch.setattr(rates.time, "time", lambda at=second: now + at)
        if JOINED.take("203.0.113.7"):
            let_in.append(second)

    most = max(sum(start <= each < start + 600 for each in let_in) for start in let_in)
    assert most == 30
    assert len(let_in) > 90  # the control: over time everybody gets in


def test_a_refusal_for_want_of_consent_takes_nobodys_place(survey, visitor):
    for _try in range(40):
        assert knock(visitor, survey, consent="").status_code == 400

    assert knock(visitor, survey).status_code == 302


def test_when_a_reviewer_said_so_the_next_does_a_sum(lively, visitor):
    survey = lively
    assert [knock(visitor, survey).status_code for _person in range(JOINED.free)] == [302] * 30
    page = knock(visitor, survey, "203.0.113.200")
    answer, signed = read_sum(page_of(page))

    assert page.status_code == 400
    assert Invitation.objects.count() == 30
    assert knock(visitor, survey, sum=answer, sum_of=signed).status_code == 302
    assert Invitation.objects.count() == 31


def test_who_must_do_a_sum_need_not_say_again_who_they_are(visitor):
    survey = make_survey(topics=2, audiences=("customers", "employees"))
    survey.audiences.update(open_link=True)
    Survey.objects.update(many_until=timezone.now() + timedelta(hours=2))
    crowd()

    page = " ".join(knock(visitor, survey, audience="employees").content.decode().split())

    assert 'id="a-employees" required checked' in page
    assert 'id="a-customers" required >' in page
    assert 'href="#sum"' in page


def test_other_networks_and_personal_links_do_no_sum(survey, visitor):
    crowd()

    assert knock(visitor, survey).status_code == 429  # control
    assert knock(visitor, survey, "198.51.100.7").status_code == 302
    link = f"/r/{make_link(survey)}/"
    started = visitor.post(link, {"consent": consent_of(survey)}, REMOTE_ADDR="203.0.113.7")
    assert started.status_code == 302


def test_a_sum_is_good_once_and_only_if_right(lively, visitor):
    survey = lively
    crowd()
    answer, signed = read_sum(page_of(knock(visitor, survey)))

    for wrong in ({"sum": "1"}, {"sum": answer}, {"sum": answer, "sum_of": signed + "x"}):
        assert knock(visitor, survey, **{"sum_of": "", **wrong}).status_code == 400
    assert knock(visitor, survey, sum=f" {answer} ", sum_of=signed).status_code == 302
    assert knock(visitor, survey, sum=answer, sum_of=signed).status_code == 400


def test_the_link_of_one_group_lets_nobody_into_another(visitor):
    """Case 38: whatever is posted. Where one may say who one is, only open groups can be chosen."""
    survey = make_survey(topics=2, audiences=("customers", "employees", "regulators"))
    survey.audiences.exclude(code="regulators").update(open_link=True)
    for group in ("employees", "regulators"):
        fields = {"consent": consent_of(survey), "audience": group}
        visitor.post(f"/s/{survey.slug}/customers/", fields)
        knock(visitor, survey, audience=group)

    joined = Invitation.objects.order_by("pk").values_list("audience__code", flat=True)
    assert list(joined) == ["customers", "employees", "customers"]  # the second one: the control


@pytest.mark.parametrize(
    ("addresses", "accepted"),
    [(["198.51.100.7"], 30), ([f"127.0.0.{last}" for last in range(50)], 30),
     ([f"10.0.{third}.1" for third in range(5)], 150)],
    ids=["one address", "fifty of one network", "five networks"],
)  # fmt: skip
def test_of_a_scripts_many_posts_a_network_gets_thirty_in(survey, visitor, addresses, accepted):
    """Case 36. What got in is known as open answers, which wait for a reviewer after the seal."""
    for post in range(accepted + 100):
        knock(visitor, survey, addresses[post % len(addresses)], sum="9", sum_of="forged")

    assert Invitation.objects.filter(source=Invitation.Source.OPEN).count() == accepted


@pytest.mark.drill
@pytest.mark.machine
def test_of_ten_thousand_starts_by_one_address_thirty_are_let_in(survey, visitor):
    said = [knock(visitor, survey).status_code for _post in range(10_000)]

    print(f"let in {said.count(302)} of {len(said)}")
    assert (said.count(302), said.count(429)) == (30, 9_970)


def test_of_many_at_the_same_moment_no_more_than_thirty_are_let_in():
    """Locked counters: who counts first is in; a count that was read is no promise."""
    with ThreadPoolExecutor(8) as people:
        taken = list(people.map(lambda _person: JOINED.take("203.0.113.7"), range(200)))

    assert sum(taken) <= 30


def test_the_control_without_a_limit_everything_gets_in(survey, visitor, monkeypatch):
    monkeypatch.setattr(Brake, "take", lambda *_address: True)

    assert {knock(visitor, survey).status_code for _post in range(40)} == {302}


def test_the_cache_holds_no_address(survey, visitor):
    knock(visitor, survey)

    assert not [key for key in cache._cache if "203" in key]


@pytest.mark.parametrize(
    ("address", "found"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"),
     ("::ffff:203.0.113.9", "203.0.113.0/24"), ("", ""), ("unix:", "")],
)  # fmt: skip
def test_networks_are_told_by_prefix(address, found):
    assert network(address) == found


# ---- bursts (case 36) ----


def answer_openly(visitor, survey, posts, addresses, **fields):
    """Post so often by script, from these addresses in turn; whoever gets in hands in an answer."""
    for post in range(posts):
        joined = knock(visitor, survey, addresses[post % len(addresses)], **fields)
        if joined.status_code == 302:
            token = joined.headers["Location"].split("/")[2]
            submit(token, submission=uuid4(), ratings=ratings_for(survey, 1 + post % 5))


def sealed_answers_of(survey):
    close(survey)
    seal(survey)
    return answers.sealed_answers(survey)


@pytest.mark.parametrize(
    "addresses",
    [["198.51.100.7"], [f"127.0.0.{last}" for last in range(50)]],
    ids=["one address", "fifty of one network"],
)
def test_every_answer_of_a_burst_is_told_flagged_and_in_no_result(survey, visitor, addresses):
    for _person in range(6):
        submit(make_link(survey), submission=uuid4(), ratings=ratings_for(survey, 5),
               consent=consent_of(survey))  # fmt: skip
    answer_openly(visitor, survey, 50, addresses, sum="9", sum_of="forged")
    assert [day.at_least for day in bursts(survey)] == [30]

    result = sealed_answers_of(survey)

    assert answers.sign_counts(survey)[Criterion.BURST] == 30
    counted = answers.without_excluded(result, survey)
    assert counted.ratings.tolist() == [[5, 5]] * 6  # the invited alone, as if nobody had posted
    assert bursts(survey) == []
    decide_open_answers(survey, accept=True, reason="A campaign", by=User.objects.create())
    accepted_now = answers.without_excluded(result, Survey.objects.get(pk=survey.pk))
    assert len(accepted_now.ratings) == 6 + 30


def test_the_control_fewer_than_a_burst_count_at_once(survey, visitor):
    answer_openly(visitor, survey, JOINED.free - 1, ["198.51.100.7"])
    assert bursts(survey) == []

    result = sealed_answers_of(survey)

    assert answers.sign_counts(survey)[Criterion.BURST] == 0
    assert len(answers.without_excluded(result, survey).ratings) == JOINED.free - 1


def test_a_script_that_does_every_sum_gets_in_and_waits_all_the_same(lively, visitor):
    survey = lively
    answer_openly(visitor, survey, 30, ["198.51.100.7"])
    for _post in range(5):
        page = page_of(knock(visitor, survey, "198.51.100.7"))
        sum_, signed = read_sum(page)
        answer_openly(visitor, survey, 1, ["198.51.100.7"], sum=sum_, sum_of=signed)

    result = sealed_answers_of(survey)

    assert len(result.ratings) == 35
    assert len(answers.without_excluded(result, survey).ratings) == 0


def test_answers_spread_over_a_day_are_no_burst(survey, visitor):
    answer_openly(visitor, survey, 30, ["198.51.100.7"])
    for at, intake in enumerate(Intake.objects.order_by("pk")):
        Intake.objects.filter(pk=intake.pk).update(begun=intake.begun - 60 * at)
    assert bursts(survey) == []

    sealed_answers_of(survey)

    assert answers.sign_counts(survey)[Criterion.BURST] == 0


def test_the_alarm_is_told_in_steps_of_five_by_the_day(survey, visitor):
    answer_openly(visitor, survey, 30, ["198.51.100.7"])
    first = bursts(survey)
    answer_openly(visitor, survey, 1, ["203.0.113.7"])

    assert bursts(survey) == first == [Burst(timezone.localdate(), 30)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 300), max_size=40), st.integers(1, 8), st.integers(1, 60))
def test_bursts_are_found_as_by_counting_every_window(begun, many, window):
    windows = [(start, start + window) for start in begun]
    full = [w for w in windows if sum(w[0] <= one < w[1] for one in begun) >= many]

    expected = [any(start <= one < end for start, end in full) for one in begun]

    assert in_bursts(np.array(begun, dtype=np.int64), many, window).tolist() == expected
