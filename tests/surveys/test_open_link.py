"""Many answers from one network on the open link: a sum to do, nobody locked out."""

import re

import pytest
from django.core.cache import cache

from surveys.models import Invitation
from surveys.rates import JOINED, Rate, network
from tests.builders import consent_of, make_link, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(db):
    survey = make_survey(topics=2)
    survey.audiences.update(open_link=True)
    return survey


def knock(visitor, survey, address="203.0.113.7", **fields):
    data = {"consent": consent_of(survey)} | fields
    return visitor.post(f"/s/{survey.slug}/", data, REMOTE_ADDR=address)


def read_sum(page: str) -> tuple[str, str]:
    first, second = re.search(r"add (\d+) and (\d+)", page).groups()
    return str(int(first) + int(second)), re.search(r'name="sum_of" value="([^"]+)"', page)[1]


def crowd(address="203.0.113.7", people=JOINED.free):
    for _person in range(people):
        JOINED.count(address)


def test_thirty_come_in_freely_and_the_next_does_a_sum(survey, visitor):
    assert [knock(visitor, survey).status_code for _person in range(JOINED.free)] == [302] * 30
    page = knock(visitor, survey, "203.0.113.200")
    answer, signed = read_sum(page.content.decode())

    assert page.status_code == 400
    assert Invitation.objects.count() == 30
    assert knock(visitor, survey, sum=answer, sum_of=signed).status_code == 302
    assert Invitation.objects.count() == 31


def test_who_must_do_a_sum_need_not_say_again_who_they_are(visitor):
    survey = make_survey(topics=2, audiences=("customers", "employees"))
    survey.audiences.update(open_link=True)
    crowd()

    page = knock(visitor, survey, audience="employees").content.decode()

    assert 'id="a-employees" required checked' in page
    assert 'id="a-customers" required>' in page
    assert 'href="#sum"' in page


def test_other_networks_and_personal_links_do_no_sum(survey, visitor):
    crowd()

    assert knock(visitor, survey).status_code == 400  # control
    assert knock(visitor, survey, "198.51.100.7").status_code == 302
    link = f"/r/{make_link(survey)}/"
    started = visitor.post(link, {"consent": consent_of(survey)}, REMOTE_ADDR="203.0.113.7")
    assert started.status_code == 302


def test_a_sum_is_good_once_and_only_if_right(survey, visitor):
    crowd()
    answer, signed = read_sum(knock(visitor, survey).content.decode())

    for wrong in ({"sum": "1"}, {"sum": answer}, {"sum": answer, "sum_of": signed + "x"}):
        assert knock(visitor, survey, **{"sum_of": "", **wrong}).status_code == 400
    assert knock(visitor, survey, sum=f" {answer} ", sum_of=signed).status_code == 302
    assert knock(visitor, survey, sum=answer, sum_of=signed).status_code == 400


@pytest.mark.parametrize(
    ("addresses", "accepted"),
    [(["198.51.100.7"], 30), ([f"127.0.0.{last}" for last in range(50)], 30),
     ([f"10.0.{third}.1" for third in range(5)], 150)],
    ids=["one address", "fifty of one network", "five networks"],
)  # fmt: skip
def test_of_a_scripts_thousand_posts_a_network_gets_thirty_in(survey, visitor, addresses, accepted):
    """Case 36. What got in is known as open answers, which wait for a reviewer after the seal."""
    for post in range(1000):
        knock(visitor, survey, addresses[post % len(addresses)], sum="9", sum_of="forged")

    assert Invitation.objects.filter(source=Invitation.Source.OPEN).count() == accepted


def test_the_control_without_a_limit_everything_gets_in(survey, visitor, monkeypatch):
    monkeypatch.setattr(Rate, "is_used_up", lambda *_address: False)

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
