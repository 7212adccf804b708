"""The register assessed by pages: assigned, scored on a sheet, agreed on, and what follows."""

import re

import pytest
from django.utils import timezone

from materiality import actions
from materiality.actions.register_scores import thresholds_version
from materiality.locking import snapshots
from materiality.models import Iro, IroScore, IroThreshold, Package
from materiality.models.register import ASKED
from materiality.selectors.register import progress_of
from surveys.models import Role
from tests.builders import both
from tests.markup import page_of
from tests.rounds import make_round, make_user, sealed_round
from tests.web.conftest import signed_in
from tests.web.register.quickness import cpu_seconds_of
from tests.web.report.exporting import prepared

pytestmark = pytest.mark.django_db
SHEET = {"scale": "5", "scope": "2", "irremediability": "0", "reason": "Audit 7"}


@pytest.fixture
def made():
    """A round with two entries, its owner, a reviewer and a viewer."""
    assessment = make_round()
    for role in (Role.OWNER, Role.REVIEWER, Role.VIEWER):
        make_user(str(role), assessment.organisation, role)
    for at, kind in enumerate(("negative", "risk")):
        actions.add_iro(
            assessment=assessment,
            topic="safety",
            kind=kind,
            is_actual=kind == "negative",
            title=both(f"条目{at}", f"Entry {at}"),
            by=None,
        )
    return assessment


def url(assessment, rest: str = "") -> str:
    return f"/a/{assessment.pk}/register/{rest}?lang=en"


def text(client, path) -> str:
    return page_of(client.get(path))


def user(made, name):
    return made.organisation.memberships.get(user__username=name).user


@pytest.fixture
def assigned(made):
    owner = signed_in("owner")
    experts = [str(user(made, name).pk) for name in ("reviewer", "viewer")]
    sent = {"version": made.version, "experts": experts, "topics": ["safety"]}
    assert owner.post(url(made, "experts/"), sent).status_code == 302
    return made


def test_a_manager_assigns_the_entries_of_topics_and_sees_how_far_experts_are(assigned):
    owner, viewer = signed_in("owner"), signed_in("viewer")
    viewer.post(url(assigned, "IRO-001/score/"), SHEET | {"version": 0})

    page = text(owner, url(assigned, "experts/"))

    rows = [(row.expert.username, row.assigned, row.scored) for row in progress_of(assigned)]
    assert sorted(rows) == [("reviewer", 2, 0), ("viewer", 2, 1)]
    assert page.count('<td class="r">2</td>') == 2
    assert "assigned to nobody" not in page


def test_only_chosen_kinds_are_assigned_and_taken_away(made):
    owner = signed_in("owner")
    sent = {
        "version": made.version,
        "experts": [str(user(made, "viewer").pk)],
        "topics": ["safety"],
        "kinds": ["risk"],
    }
    owner.post(url(made, "experts/"), sent)
    assert "1 open entry is assigned to nobody" in text(owner, url(made, "experts/"))

    owner.post(url(made, "experts/"), sent | {"take": "1"})

    assert "2 open entries are assigned to nobody" in text(owner, url(made, "experts/"))


@pytest.mark.parametrize(
    ("gone", "words"),
    [({"experts": []}, "at least one expert"), ({"topics": []}, "no open entry")],
)
def test_assigning_without_a_choice_says_what_is_missing(made, gone, words):
    sent = {
        "version": made.version,
        "experts": [str(user(made, "viewer").pk)],
        "topics": ["safety"],
    }

    assert words in page_of(signed_in("owner").post(url(made, "experts/"), sent | gone))


def test_an_expert_is_led_from_sheet_to_sheet_and_back_to_the_list(assigned):
    viewer = signed_in("viewer")
    assert "0 of 2 scored" in text(viewer, url(assigned, "assess/"))

    first = viewer.post(url(assigned, "IRO-001/score/"), SHEET | {"version": 0})
    assert first.url.endswith("/register/IRO-002/score/")
    money = {f"{what}_{at}": "0" for at in ("short", "medium", "long")
             for what in ("magnitude", "likelihood")}  # fmt: skip
    sent = money | {"magnitude_long": "4", "likelihood_long": "3", "reason": "x", "version": 0}
    last = viewer.post(url(assigned, "IRO-002/score/"), sent)
    assert last.url.endswith("/register/assess/")

    assert "2 of 2 scored" in text(viewer, url(assigned, "assess/"))
    row = IroScore.objects.get(iro__code="IRO-001")
    assert (row.scale, row.scope, row.irremediability, row.likelihood) == (5, 2, None, None)


def test_a_sheet_asks_what_the_entry_needs_and_no_more(assigned):
    viewer = signed_in("viewer")

    impact = text(viewer, url(assigned, "IRO-001/score/"))
    money = text(viewer, url(assigned, "IRO-002/score/"))

    assert 'name="irremediability"' in impact
    assert 'name="likelihood"' not in impact
    assert 'name="magnitude_medium"' in money
    assert 'name="scale"' not in money


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"scale": ""}, "“Scale” is empty"),
        ({"reason": " "}, "“Why” is empty"),
        ({"scope": "7"}, "7"),
    ],
)
def test_what_a_sheet_lacks_is_said_and_what_was_written_stays(assigned, sent, words):
    answered = signed_in("viewer").post(
        url(assigned, "IRO-001/score/"), SHEET | {"version": 0} | sent
    )

    page = page_of(answered)
    assert words in page
    assert 'role="alert"' in page
    assert re.search('name="irremediability" value="0"[^>]* checked', page)
    assert not IroScore.objects.exists()


def test_two_windows_of_one_expert_get_a_sentence_and_may_save_over_it(assigned):
    viewer, path = signed_in("viewer"), url(assigned, "IRO-001/score/")
    viewer.post(path, SHEET | {"version": 0})

    answered = viewer.post(path, SHEET | {"scale": "1", "reason": "Second", "version": 0})

    assert answered.status_code == 409
    assert "scored meanwhile" in page_of(answered)
    assert "Second" in page_of(answered)
    assert IroScore.objects.get().scale == 5
    version = answered.context["form"]["version"].value()
    viewer.post(path, SHEET | {"scale": "1", "reason": "Second", "version": version})
    assert IroScore.objects.get().scale == 1


def test_two_experts_who_save_at_once_both_keep_their_scores(assigned):
    for name, scale in (("viewer", "5"), ("reviewer", "1")):
        sent = SHEET | {"scale": scale, "version": 0}
        assert signed_in(name).post(url(assigned, "IRO-001/score/"), sent).status_code == 302

    assert sorted(IroScore.objects.values_list("scale", flat=True)) == [1, 5]


def test_who_is_not_asked_gets_a_sentence(assigned):
    owner = signed_in("owner")

    answered = owner.post(url(assigned, "IRO-001/score/"), SHEET | {"version": 0})

    assert answered.status_code == 409
    assert "not assigned to you" in page_of(answered)
    assert not IroScore.objects.exists()


def test_what_others_say_is_shown_after_ones_own_score(assigned):
    signed_in("reviewer").post(url(assigned, "IRO-001/score/"), SHEET | {"version": 0})
    viewer = signed_in("viewer")

    for path in ("IRO-001/score/", "topics/"):
        assert "Audit 7" not in text(viewer, url(assigned, path))
    assert "2 entries wait for your own score" in text(viewer, url(assigned, "topics/"))
    assert "Audit 7" in text(signed_in("owner"), url(assigned, "IRO-001/score/"))

    viewer.post(url(assigned, "IRO-001/score/"), SHEET | {"reason": "Mine", "version": 0})

    page = text(viewer, url(assigned, "IRO-001/score/"))
    assert "Audit 7" in page
    assert "Mine" in page


def test_a_consensus_stands_beside_the_single_scores(assigned):
    for name, scale in (("viewer", "5"), ("reviewer", "1")):
        sent = SHEET | {"scale": scale, "reason": f"By {name}", "version": 0}
        signed_in(name).post(url(assigned, "IRO-001/score/"), sent)
    owner, path = signed_in("owner"), url(assigned, "IRO-001/consensus/")
    assert "The experts are 3.00 apart" in text(owner, url(assigned, "IRO-001/score/"))
    sent = SHEET | {"scale": "4", "reason": "Met on 3 May", "version": 0}
    assert signed_in("viewer").post(path, sent).status_code == 403

    owner.post(path, sent)

    page = text(owner, url(assigned, "IRO-001/score/"))
    for words in ("Met on 3 May", "By viewer", "By reviewer", "Significance 4.00"):
        assert words in page
    late = owner.post(path, sent | {"scale": "2", "reason": "Late"})
    assert late.status_code == 409
    assert "scored meanwhile" in page_of(late)
    assert "Late" in page_of(late)
    owner.post(path, sent | {"reason": "Met again", "version": 1})
    for version in ({}, {"version": "1"}):  # the page was opened before the consensus changed
        assert owner.post(path, {"back": "1"} | version).status_code == 409
        assert IroScore.objects.get(expert=None).reason == "Met again"
    assert owner.post(path, {"back": "1", "version": "2"}).status_code == 302
    assert not IroScore.objects.filter(expert=None).exists()


def test_a_dispute_that_a_consensus_settled_is_said_to_be_settled(assigned):
    reason = both("风险偏好", "Appetite")
    actions.set_iro_thresholds(assessment=assigned, values={"negative": (3, reason)}, by=None)
    for name, scale in (("viewer", "5"), ("reviewer", "1")):
        sent = SHEET | {"scale": scale, "scope": "1", "irremediability": "1", "version": 0}
        signed_in(name).post(url(assigned, "IRO-001/score/"), sent)
    owner = signed_in("owner")
    sheet, verdicts = url(assigned, "IRO-001/score/"), url(assigned, "topics/")
    assert "The experts disagree on whether it is material" in text(owner, sheet)
    assert ">disputed<" in text(owner, verdicts)

    owner.post(url(assigned, "IRO-001/consensus/"), SHEET | {"scale": "4", "version": 0})

    assert "the consensus settles it" in text(owner, sheet)
    assert "The experts disagree on whether" not in text(owner, sheet)
    assert "disputed before the consensus" in text(owner, verdicts)
    assert ">disputed<" not in text(owner, verdicts)


@pytest.mark.parametrize("path", ["log/", "log/?verb=score_iro", "log.csv"])
def test_the_log_holds_back_what_others_say_until_one_has_scored(assigned, path):
    """Marks and reasons of others, and the consensus; of the own score and once done, nothing."""
    for name in ("owner", "reviewer"):
        asked = [user(assigned, name)]
        actions.assign_iros(assessment=assigned, codes=["IRO-001"], experts=asked, by=None)
    row, marks = assigned.iros.get(code="IRO-001"), {"scale": 5, "scope": 2, "irremediability": 3}
    actions.score_iro(iro=row, expert=user(assigned, "reviewer"), marks=marks, reason="By reviewer")
    actions.agree_iro(iro=row, marks=marks, reason="Met on 3 May", by=user(assigned, "owner"))
    actions.disagree_iro(iro=row, by=user(assigned, "owner"))
    address = f"/a/{assigned.pk}/{path}"

    def sees(name):
        page = signed_in(name).get(address, headers={"accept-language": "en"})
        return page.content.decode()

    assert "By reviewer" not in sees("viewer")
    assert "Met on 3 May" not in sees("viewer")
    assert "irremediability" not in sees("viewer")
    assert "Shown when you have scored your entries" in sees("viewer")
    assert "By reviewer" in sees("reviewer")  # their own; the other entry waits
    assert "By reviewer" in sees("owner")  # who runs the round sees all of it

    for each in assigned.iros.all():
        money = dict.fromkeys(ASKED[each.sheet])
        actions.score_iro(iro=each, expert=user(assigned, "viewer"), marks=money, reason="Own")
    assert "By reviewer" in sees("viewer")
    assert assigned.events.filter(verb="score_iro").first().after["reason"] == "By reviewer"


def test_the_log_of_a_locked_round_is_whole_for_who_never_scored():
    """Nobody can score any more, and whoever checks the chain needs every entry."""
    assessment = sealed_round()
    experts = [make_user(name, assessment.organisation, Role.VIEWER) for name in ("ann", "ben")]
    facts = {"topic": "safety", "kind": "negative", "is_actual": True, "by": None}
    row = actions.add_iro(assessment=assessment, title=both("粉尘", "Dust"), **facts)
    actions.assign_iros(assessment=assessment, codes=[row.code], experts=experts, by=None)
    marks = {"scale": 5, "scope": 2, "irremediability": 3}
    actions.score_iro(iro=row, expert=experts[0], marks=marks, reason="By ann")
    ben, path = signed_in("ben"), f"/a/{assessment.pk}/log.csv"
    assert "By ann" not in ben.get(path).content.decode()

    snapshots.lock(assessment=assessment, by=None)

    assert "By ann" in ben.get(path).content.decode()


def test_a_consensus_before_any_score_is_refused(assigned):
    answered = signed_in("owner").post(url(assigned, "IRO-001/consensus/"), SHEET | {"version": 0})

    assert "nothing to agree on" in page_of(answered)


def test_a_consensus_without_a_value_says_what_it_lacks_and_keeps_what_was_written(assigned):
    signed_in("viewer").post(url(assigned, "IRO-001/score/"), SHEET | {"version": 0})
    none = {"scale": "0", "scope": "0", "irremediability": "0", "reason": "Met", "version": 0}

    answered = signed_in("owner").post(url(assigned, "IRO-001/consensus/"), none)

    assert "no value follows" in page_of(answered)
    assert "Score: how severe it is." in page_of(answered)
    assert "Met" in page_of(answered)
    assert not IroScore.objects.filter(expert=None).exists()


def test_a_consensus_whose_value_fell_away_shows_none(assigned):
    """The likelihood that the entry needs since its harm is no longer to human rights."""
    row, viewer = assigned.iros.get(code="IRO-001"), user(assigned, "viewer")
    actions.describe_iro(iro=row, by=None, is_actual=False, human_rights=True)
    marks = {"scale": 4, "scope": 1, "irremediability": 1, "likelihood": 5}
    actions.score_iro(iro=row, expert=viewer, marks=marks, reason="x")
    agreed = marks | {"scale": 2, "likelihood": None}
    actions.agree_iro(iro=row, marks=agreed, reason="Met", by=None)
    owner, path = signed_in("owner"), url(assigned, "IRO-001/score/")

    def consensus():
        return text(owner, path).partition('<tr class="sel">')[2].partition("</tr>")[0]

    assert '<td class="r">2.00</td>' in consensus()
    actions.describe_iro(iro=row, by=None, human_rights=False)
    assert "4.00" not in consensus()
    assert "as the median of the experts" in text(owner, path)


def test_who_left_is_taken_off_and_their_entries_count_as_nobodys(assigned):
    owner, path = signed_in("owner"), url(assigned, "experts/")
    gone = user(assigned, "viewer")
    for name in ("viewer", "reviewer"):
        [membership] = assigned.organisation.memberships.filter(user__username=name)
        assert "assigned to nobody" not in text(owner, path)
        actions.set_role(membership=membership, role="", by=None)

    page = text(owner, path)
    assert "2 open entries are assigned to nobody" in page
    assert "viewer (has left)" in page
    assert "owner (has left)" not in page
    sent = {"version": assigned.version, "experts": [str(gone.pk)], "topics": ["safety"]}
    assert "Only people of the organisation" in page_of(owner.post(path, sent))

    owner.post(path, sent | {"take": "1"})

    page = text(owner, path)
    assert "> viewer" not in page
    assert "> reviewer (has left)" in page


def thresholds(made, **values):
    sent = {"version": thresholds_version(made.iro_thresholds.all())}
    for kind in ("negative", "positive", "risk", "opportunity"):
        sent |= {kind: values.get(kind, "")}
        for code in ("zh-hans", "en"):
            sent |= {f"{kind}.why:{code}": "Half of the scale" if kind in values else ""}
    return sent


def test_topics_follow_their_worst_entry_and_the_page_says_when_thresholds_were_set(assigned):
    owner, path = signed_in("owner"), url(assigned, "topics/")
    assert owner.post(path, thresholds(assigned, negative="3")).status_code == 302
    signed_in("viewer").post(url(assigned, "IRO-001/score/"), SHEET | {"version": 0})

    page = text(owner, path)

    assert "set before any score of the kind was known" in page
    assert '<b class="num">5.00</b>' in page
    assert "by impact" in page
    assert "1 not scored" in page
    owner.post(path, thresholds(assigned, negative="4.5"))
    assert "set when 1 score of the kind was known" in text(owner, path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"negative": "9"}, "at most 5"),
        ({"negative": "x"}, "Enter a number"),
        ({"negative.why:en": ""}, "Write why the threshold is there"),
    ],
)
def test_a_threshold_that_cannot_be_is_refused(assigned, change, words):
    sent = thresholds(assigned, negative="3") | change

    page = page_of(signed_in("owner").post(url(assigned, "topics/"), sent))

    assert words in page
    assert not IroThreshold.objects.exists()


def test_a_threshold_that_was_set_is_not_taken_away(assigned):
    owner = signed_in("owner")
    owner.post(url(assigned, "topics/"), thresholds(assigned, risk="3"))

    page = page_of(owner.post(url(assigned, "topics/"), thresholds(assigned)))

    assert "moved, not taken away" in page
    assert IroThreshold.objects.get().value == 3


def test_two_who_set_thresholds_are_told_and_may_save_over_it(assigned):
    owner, path = signed_in("owner"), url(assigned, "topics/")
    first, second = thresholds(assigned, risk="3"), thresholds(assigned, risk="4")
    owner.post(path, first)

    answered = owner.post(path, second)

    assert answered.status_code == 409
    assert "Somebody else set thresholds" in page_of(answered)
    assert IroThreshold.objects.get().value == 3
    version = answered.context["form"]["version"].value()
    assert owner.post(path, second | {"version": version}).status_code == 302
    assert IroThreshold.objects.get().value == 4


def test_a_viewer_sees_thresholds_and_sets_none(assigned):
    viewer = signed_in("viewer")

    assert "Save the thresholds" not in text(viewer, url(assigned, "topics/"))
    assert viewer.post(url(assigned, "topics/"), {}).status_code == 403


def test_the_register_changes_no_result_of_the_round(assigned):
    assert "It changes no tier and no result" in text(signed_in("owner"), url(assigned, "topics/"))


def test_four_hundred_entries_with_three_scores_each_open_quickly(
    assigned, django_assert_num_queries
):
    topics = list(assigned.topics.all())
    Iro.objects.bulk_create(
        Iro(
            assessment=assigned,
            topic=topics[at % 4],
            code=f"IRO-{at + 3:03d}",
            kind="negative",
            is_actual=True,
            title=both(f"条目{at}", f"Entry {at}"),
        )
        for at in range(398)
    )
    experts = [user(assigned, name) for name in ("owner", "reviewer", "viewer")]
    IroScore.objects.bulk_create(
        IroScore(
            iro=row,
            expert=expert,
            sheet=row.sheet,
            scale=1 + (row.pk + at) % 5,
            reason="x",
            at=timezone.now(),
        )
        for row in assigned.iros.filter(kind="negative")
        for at, expert in enumerate(experts)
    )
    owner = signed_in("owner")
    text(owner, url(assigned, "topics/"))

    with django_assert_num_queries(9):
        page = text(owner, url(assigned, "topics/"))

    assert page.count("/score/") >= 400
    assert cpu_seconds_of(lambda: text(owner, url(assigned, "topics/"))) < 0.5


def test_the_files_are_for_an_expert_after_their_own_scores():
    """They hold what others said: names, marks, reasons."""
    assessment = sealed_round()
    for role in (Role.OWNER, Role.VIEWER):
        make_user(str(role), assessment.organisation, role)
    title = both("条目", "Entry")
    row = actions.add_iro(
        assessment=assessment, topic="safety", kind="negative", title=title, by=None
    )
    experts = [user(assessment, name) for name in ("owner", "viewer")]
    actions.assign_iros(assessment=assessment, codes=[row.code], experts=experts, by=None)
    page, owner, viewer = (
        f"/a/{assessment.pk}/export/?lang=en",
        *map(signed_in, ("owner", "viewer")),
    )
    wanted = {"parts": ["data"], "prepare": ""}

    refused = viewer.post(page, wanted)

    assert refused.status_code == 409
    assert "Score your entries of the register first" in page_of(refused)
    shown = text(viewer, page)
    assert "Score your entries of the register first" in shown
    assert 'name="prepare"' not in shown
    assert not Package.objects.exists()
    prepared(owner, assessment, parts=["data"])  # the control: who runs the round
    made_by_owner = f"/a/{assessment.pk}/export/files/{Package.objects.get().key}/"
    assert viewer.get(made_by_owner).status_code == 409

    marks = dict.fromkeys(ASKED[row.sheet])
    actions.score_iro(iro=row, expert=experts[1], marks=marks, reason="Own")

    assert viewer.get(made_by_owner).status_code == 200
    assert viewer.post(page, wanted).status_code == 302


def scored_by(made, names):
    """Let these people score the first entry 4, 3 and 5, against a threshold of 3."""
    reason = both("法规", "By law")
    actions.set_iro_thresholds(assessment=made, values={"negative": (3.0, reason)}, by=None)
    people = [user(made, name) for name in names]
    actions.assign_iros(assessment=made, codes=["IRO-001"], experts=people, by=None)
    for person, scale in zip(people, (4, 3, 5), strict=False):
        actions.score_iro(
            iro=made.iros.get(code="IRO-001"),
            expert=person,
            marks={"scale": scale, "scope": 2, "irremediability": 1},
            reason="Audit 7",
        )


def test_the_verdict_of_an_entry_that_three_scored_has_its_probability(made):
    scored_by(made, ["owner", "reviewer", "viewer"])

    page = text(signed_in("owner"), url(made, "topics/"))

    assert page.count("probability 8") == 1  # the topic has an entry without a score
    assert "if very many such experts judged it" in page


def test_the_control_two_scores_give_no_probability(made):
    scored_by(made, ["owner", "viewer"])

    page = text(signed_in("owner"), url(made, "topics/"))

    assert "4.00" in page or "3.50" in page
    assert not re.search(r"probability \d", page)


def test_the_overview_says_how_many_entries_wait_for_ones_own_score(assigned):
    viewer, overview = signed_in("viewer"), f"/a/{assigned.pk}/?lang=en"
    assert "2 entries of the register wait for your score." in text(viewer, overview)
    assert "for your score" not in text(signed_in("owner"), overview)

    viewer.post(url(assigned, "IRO-001/score/"), SHEET | {"version": 0})

    assert "1 entry of the register waits for your score." in text(viewer, overview)


def test_the_sheet_names_the_stage_of_the_value_chain(assigned):
    steps = [actions.StepRow("own", both("铸造厂", "The foundry"))]
    actions.set_chain(assessment=assigned, steps=steps, by=None)
    assert "The foundry" not in text(signed_in("viewer"), url(assigned, "IRO-001/score/"))

    row, step = assigned.iros.get(code="IRO-001"), assigned.chain_steps.get()
    actions.describe_iro(iro=row, by=None, stage="own", step=step)

    assert "The foundry" in text(signed_in("viewer"), url(assigned, "IRO-001/score/"))


def test_the_register_leads_to_its_thresholds(assigned):
    assert "/register/topics/#th" in text(signed_in("owner"), url(assigned))


def test_who_may_assign_an_entry_is_led_to_where_that_is_done(made):
    sheet, experts = url(made, "IRO-001/score/"), f"/a/{made.pk}/register/experts/"

    for name, leads in (("owner", True), ("viewer", False)):
        page = text(signed_in(name), sheet)
        note = page.partition("This entry is not assigned to you.")[2].partition("</p>")[0]
        assert note
        assert (experts in note) == leads
