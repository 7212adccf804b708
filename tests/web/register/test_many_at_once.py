"""Several entries chosen in the list: changed alike, given to experts, closed; all or none."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from materiality import actions
from surveys.models import Role
from tests.builders import both
from tests.markup import page_of
from tests.rounds import make_round, make_user
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
NOTHING = {"new_topic": "", "new_stage": "", "new_horizon": "", "why:zh-hans": "", "why:en": ""}


@pytest.fixture
def made():
    """A round with three entries under safety, its owner and a viewer."""
    assessment = make_round()
    for role in (Role.OWNER, Role.VIEWER):
        make_user(str(role), assessment.organisation, role)
    for at in range(3):
        actions.add_iro(
            assessment=assessment,
            topic="safety",
            kind="risk",
            title=both(f"条目{at}", f"Entry {at}"),
            by=None,
        )
    return assessment


def send(made, client=None, query="", **sent):
    client = client or signed_in("owner")
    data = NOTHING | {"version": made.version} | sent
    return client.post(f"/a/{made.pk}/register/?lang=en{query}", data)


def values(made, name):
    return list(made.iros.order_by("code").values_list(name, flat=True))


def test_the_chosen_change_alike_and_each_says_so_in_the_log(made):
    answered = send(
        made,
        chosen=["IRO-001:1", "IRO-003:1"],
        act="change",
        new_topic="energy",
        new_stage="upstream",
    )

    assert answered.status_code == 302
    assert values(made, "topic__code") == ["energy", "safety", "energy"]
    assert values(made, "stage") == ["upstream", "own", "upstream"]
    assert values(made, "version") == [2, 1, 2]
    assert made.events.filter(verb="describe_iro").count() == 2


def test_one_that_somebody_saved_meanwhile_stops_all_and_the_choice_is_kept(made):
    actions.describe_iro(iro=made.iros.get(code="IRO-003"), by=None, place="Wuxi")

    answered = send(made, chosen=["IRO-001:1", "IRO-003:1"], act="change", new_stage="upstream")

    page = page_of(answered)
    assert answered.status_code == 409
    assert "Somebody else saved IRO-003 meanwhile" in page
    assert 'value="IRO-001:1" checked' in page
    assert values(made, "stage") == ["own", "own", "own"]


def test_all_that_the_list_shows_are_closed_for_one_reason(made):
    actions.describe_iro(iro=made.iros.get(code="IRO-002"), by=None, horizon="long")
    reason = {"why:zh-hans": "工厂已出售", "why:en": "The plant was sold"}
    shown = shown_at(made, "&horizon=short")

    answered = send(made, query="&horizon=short", act="close", all="on", shown=shown, **reason)

    assert answered.status_code == 302
    assert [bool(at) for at in values(made, "closed_at")] == [True, False, True]
    assert made.iros.get(code="IRO-001").closing_reason["en"] == "The plant was sold"


def shown_at(made, query=""):
    page = signed_in("owner").get(f"/a/{made.pk}/register/?lang=en{query}")
    return page.context["form"].shown


def test_all_are_those_that_the_page_showed_and_as_it_showed_them(made):
    """Not one that came since; and where one was saved since, nothing is changed."""
    shown = shown_at(made)
    actions.add_iro(assessment=made, topic="safety", kind="risk", title=both("新", "New"), by=None)

    send(made, act="change", all="on", shown=shown, new_horizon="long")

    assert values(made, "horizon") == ["long", "long", "long", "short"]
    answered = send(made, act="change", all="on", shown=shown, new_horizon="medium")
    assert answered.status_code == 409
    assert "Somebody else saved IRO-001" in page_of(answered)
    assert "medium" not in values(made, "horizon")


def test_all_counts_open_entries_and_a_list_of_closed_ones_has_none_to_choose(made):
    actions.close_iro(iro=made.iros.get(code="IRO-002"), reason=both("止", "Over"), by=None)
    page = lambda query: page_of(  # noqa: E731
        signed_in("owner").get(f"/a/{made.pk}/register/?lang=en{query}")
    )

    assert "All 2 open entries shown above" in page("&state=all")
    assert "The chosen entries together" not in page("&state=closed")


def test_a_stage_for_many_lets_go_the_named_ones_of_other_sides(made):
    steps = [actions.StepRow("upstream", both("农场", "Farms"))]
    actions.set_chain(assessment=made, steps=steps, by=None)
    farms = made.chain_steps.get()
    for row in made.iros.exclude(code="IRO-003"):
        actions.describe_iro(iro=row, by=None, stage="upstream", step=farms)

    answered = send(made, chosen=["IRO-001:2", "IRO-003:1"], act="change", new_stage="own")

    assert answered.status_code == 302
    assert values(made, "stage") == ["own", "upstream", "own"]
    assert values(made, "step") == [None, farms.pk, None]
    told = made.events.filter(subject="IRO-001", verb="describe_iro").last()
    assert told.after == {"stage": "own", "step": ""}


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "change", "new_stage": "upstream", "new_topic": "energy"},
        {"act": "close", "why:zh-hans": "止", "why:en": "Over"},
    ],
)
def test_each_entry_more_takes_few_queries_more(made, sent):
    """The round and the entries are held once, however many are chosen."""
    for at in range(20):
        title = both(f"多{at}", f"More {at}")
        actions.add_iro(assessment=made, topic="safety", kind="risk", title=title, by=None)
    with CaptureQueriesContext(connection) as one:
        send(made, chosen=["IRO-001:1"], **sent)

    with CaptureQueriesContext(connection) as many:
        send(made, chosen=[f"IRO-{at:03d}:1" for at in range(2, 23)], **sent)

    assert (len(many) - len(one)) / 20 <= 7
    assert set(values(made, "version")[:22]) == {2}


def test_a_fault_of_one_entry_says_of_which(made):
    made.iros.filter(code="IRO-002").update(title={"en": "Entry 1"})

    answered = send(made, act="change", chosen=["IRO-001:1", "IRO-002:1"], new_horizon="long")

    assert "IRO-002 Entry 1: Write the title in: 中文" in page_of(answered)
    assert set(values(made, "horizon")) == {"short"}


def test_experts_are_asked_for_the_chosen(made):
    viewer = made.organisation.memberships.get(user__username="viewer").user

    send(made, chosen=["IRO-002:1"], act="assign", experts=[str(viewer.pk)])

    assert list(viewer.iro_assignments.values_list("iro__code", flat=True)) == ["IRO-002"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"act": "change", "new_stage": "upstream"}, "Choose at least one entry"),
        ({"act": "change", "chosen": ["IRO-001:1"]}, "Choose what to change"),
        ({"act": "assign", "chosen": ["IRO-001:1"]}, "at least one expert"),
        ({"act": "close", "chosen": ["IRO-001:1"], "why:en": "Sold"}, "Write the reason in"),
        ({"act": "close", "chosen": ["IRO-009:1"], "why:en": "x", "why:zh-hans": "x"}, "IRO-009"),
        ({"act": "love", "chosen": ["IRO-001:1"]}, "Choose what to change"),
        ({"act": "change", "chosen": ["IRO-001:x"], "new_stage": "own"}, "Somebody else saved"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_changed(made, sent, words):
    answered = send(made, **sent)

    assert words in page_of(answered)
    assert set(values(made, "version")) == {1}


def test_who_may_not_edit_has_nothing_to_choose_and_is_refused(made):
    viewer = signed_in("viewer")

    assert 'name="chosen"' not in page_of(viewer.get(f"/a/{made.pk}/register/"))
    answered = send(made, viewer, chosen=["IRO-001:1"], act="change", new_stage="upstream")

    assert answered.status_code == 403
    assert set(values(made, "stage")) == {"own"}
