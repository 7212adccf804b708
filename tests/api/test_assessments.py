import pytest
from rest_framework.test import APIClient

from materiality.actions import set_rule
from materiality.locking.snapshots import lock, results_for
from tests.builders import make_organisation
from tests.rounds import ask, make_round, make_user, sealed_round, token_of

pytestmark = pytest.mark.django_db
VIEWS = ("topics", "results", "matrix", "changes")


def client_of(user):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token_of(user)}")
    return client


@pytest.fixture
def assessment():
    return sealed_round()


@pytest.fixture
def alice(assessment):
    return client_of(make_user("alice", assessment.organisation, "viewer"))


def test_a_token_reads_the_rounds_of_its_organisation_only(assessment, alice):
    make_round(organisation=make_organisation(), year="1999")

    result = alice.get("/api/v1/assessments/").json()

    assert result["count"] == 1
    assert result["results"][0]["year"] == "2020"
    assert result["results"][0]["is_locked"] is False


@pytest.mark.parametrize("view", ["", *(f"{view}/" for view in VIEWS)])
def test_a_stranger_finds_nothing_and_nobody_reads_without_a_token(assessment, view):
    address = f"/api/v1/assessments/{assessment.pk}/{view}"

    assert client_of(make_user("stranger")).get(address).status_code == 404
    assert APIClient().get(address).status_code == 401


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_can_be_written(assessment, alice, view):
    address = f"/api/v1/assessments/{assessment.pk}/{view}/"

    for verb in ("post", "put", "patch", "delete"):
        assert getattr(alice, verb)(address).status_code in (403, 405)


def test_the_matrix_says_what_the_results_say(assessment, alice):
    expected = results_for(assessment)

    matrix = alice.get(f"/api/v1/assessments/{assessment.pk}/matrix/").json()

    assert matrix["y"]["code"] == "stakeholder"
    assert matrix["digest"] == expected.digest
    assert [(t["code"], t["x"], t["y"], t["tier"]) for t in matrix["topics"]] == [
        (t.code, t.x, t.y, t.tier) for t in expected.topics
    ]


def test_the_results_are_the_bundles_and_stay_when_locked(assessment, alice):
    address = f"/api/v1/assessments/{assessment.pk}/results/"
    before = alice.get(address).json()

    lock(assessment=assessment, by=None)

    after = alice.get(address).json()
    assert after["results"] == before["results"] == results_for(assessment).document["results"]
    assert (before["is_locked"], after["is_locked"]) == (False, True)


def test_topics_carry_both_languages(assessment, alice):
    topics = alice.get(f"/api/v1/assessments/{assessment.pk}/topics/").json()

    assert topics[0]["name"] == {"zh-hans": "议题privacy", "en": "Privacy"}


def test_while_people_answer_there_is_a_sentence_instead_of_numbers():
    assessment = make_round()
    ask(assessment)
    client = client_of(make_user("alice", assessment.organisation))

    refusal = client.get(f"/api/v1/assessments/{assessment.pk}/matrix/")

    assert refusal.status_code == 409
    assert refusal.json()["code"] == "no_results_yet"


def test_reading_costs_few_queries(assessment, alice, django_assert_max_num_queries):
    address = f"/api/v1/assessments/{assessment.pk}/matrix/"
    alice.get(address)

    with django_assert_max_num_queries(22):
        alice.get(address)


def test_the_documentation_loads_nothing_from_elsewhere(client):
    page = client.get("/api/v1/docs/").content.decode()

    assert "<style" not in page
    assert "//cdn" not in page
    assert client.get("/api/v1/schema/").status_code == 200


def test_a_rule_without_boundaries_on_the_score_is_still_json(assessment, alice):
    """Quadrants have a boundary on each axis and none on the overall score."""
    set_rule(assessment=assessment, by=None, tier_rule="quadrants", reason="Agreed")

    answered = alice.get(f"/api/v1/assessments/{assessment.pk}/matrix/")

    assert "NaN" not in answered.content.decode()
    rule = answered.json()["rule"]
    assert (rule["cut_high"], rule["axis_cuts"]) == (None, [3.5, 3.5])


def test_what_a_page_sets_of_a_round_is_read_and_set_by_program(assessment):
    """Name, languages, year and the round before, as on the page of settings."""
    earlier = make_round(organisation=assessment.organisation, year="2019")
    owner = client_of(make_user("owner", assessment.organisation, "owner"))
    address = f"/api/v1/assessments/{assessment.pk}/"
    assert owner.get(address).json()["languages"] == ["zh-hans", "en"]

    sent = {"languages": ["en"], "name": {"en": "Review"}, "previous": earlier.pk}
    answered = owner.patch(address, sent, format="json")

    assert answered.status_code == 200
    told = owner.get(address).json()
    assert told.items() >= sent.items()
    assert told["archived"] is told["needs_second_person"] is told["maps_last_scale"] is False
    assert (told["minimum_group"], told["method_reason"]) == (5, {})
    assert owner.patch(address, {"previous": None}, format="json").json()["previous"] is None


@pytest.mark.parametrize(
    ("languages", "refused"), [(["zh-hans"], True), (["zh-hans", "en"], True), (["en"], False)]
)
def test_a_round_has_no_language_that_its_organisation_has_not(languages, refused):
    english = make_organisation(name={"en": "Weihe Foods"}, languages=["en"])
    assessment = make_round(organisation=english)
    owner = client_of(make_user("owner", english, "owner"))

    address = f"/api/v1/assessments/{assessment.pk}/"
    answered = owner.patch(address, {"languages": languages}, format="json")

    assert answered.status_code == (409 if refused else 200)
    assert owner.get(address).json()["languages"] == ["en"]


def test_a_later_round_is_not_taken_as_the_one_before(assessment):
    later = make_round(organisation=assessment.organisation, year="2031")
    owner = client_of(make_user("owner", assessment.organisation, "owner"))

    address = f"/api/v1/assessments/{assessment.pk}/"
    answered = owner.patch(address, {"previous": later.pk}, format="json")

    assert answered.status_code == 409
    assert answered.json()["code"] == "not_a_succession"


def test_the_engagement_of_a_group_is_read_and_set_by_program(assessment):
    owner = client_of(make_user("owner", assessment.organisation, "owner"))
    address = f"/api/v1/assessments/{assessment.pk}/groups/"
    sent = {"expectations": [{"en": "Fair prices"}], "how_chosen": {"en": "By turnover"}}

    owner.patch(f"{address}customers/", sent, format="json")

    told = {row["code"]: row for row in owner.get(address).json()}
    assert told["customers"].items() >= sent.items()
    assert told["customers"]["channels"] == told["employees"]["channels"]  # not sent: stays
