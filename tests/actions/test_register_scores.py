"""The register assessed, by its actions: who scores what, what is refused, what counts."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from materiality import actions
from materiality.actions.register_scores import thresholds_version
from materiality.errors import (
    BadIro,
    BothLanguagesNeeded,
    IroIsClosed,
    NotAssigned,
    RoundLocked,
)
from materiality.inputs.register import Register
from materiality.locking import snapshots
from materiality.models import Iro, IroScore, IroThreshold, Verb
from materiality.models.events import OF_THE_REGISTER
from materiality.selectors.approvals import makers
from materiality.selectors.register import tasks_of
from surveys.errors import Conflict
from surveys.models import Role
from tests.builders import both
from tests.rounds import make_round, make_user, sealed_round

pytestmark = pytest.mark.django_db
DUST = both("粉尘损害工人肺部", "Dust harms workers’ lungs")
GRAVE = {"scale": 5, "scope": 2, "irremediability": 3}
MILD = {"scale": 2, "scope": 1, "irremediability": 1}
MONEY = {f"{what}_{at}": None for at in ("short", "medium", "long")
         for what in ("magnitude", "likelihood")}  # fmt: skip


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def add(assessment, **facts) -> Iro:
    given = {"topic": "safety", "kind": "negative", "is_actual": True, "title": DUST, "by": None}
    return actions.add_iro(assessment=assessment, **given | facts)


@pytest.fixture
def asked():
    """A round with an entry that two experts are asked to score."""
    return asked_round(make_round())


def asked_round(assessment):
    people = [make_user(name, assessment.organisation, Role.VIEWER) for name in ("ann", "ben")]
    row = add(assessment)
    actions.assign_iros(assessment=assessment, codes=[row.code], experts=people, by=None)
    return assessment, row, *people


def say(row, expert, marks=GRAVE, reason="Audit 7", **options):
    return actions.score_iro(iro=row, expert=expert, marks=marks, reason=reason, **options)


def test_each_expert_has_a_score_of_their_own_and_the_log_tells_it(asked):
    assessment, row, ann, ben = asked

    say(row, ann, expected_version=0)
    say(row, ben, MILD, reason="Filters work", expected_version=0)

    found = Register(assessment).by_code["IRO-001"]
    assert [value for _row, value in found.lines] == [5, 2]
    assert found.scored.value == 3.5
    assert found.scored.spread == 3
    event = assessment.events.filter(verb="score_iro").first()
    assert (event.by, event.subject) == (ann, "IRO-001")
    assert event.after == GRAVE | {"reason": "Audit 7"}


@pytest.mark.parametrize(
    ("marks", "reason", "field", "words"),
    [
        (GRAVE, "  ", "reason", "Write why"),
        (GRAVE, "x" * 1001, "reason", "at most 1000"),
        (GRAVE | {"scope": 6}, "x", "scope", "from 1 to 5; found 6"),
        (GRAVE | {"scope": 0}, "x", "scope", "from 1 to 5; found 0"),
        ({"scale": 5, "scope": 2}, "x", "irremediability", "Choose a number"),
        (GRAVE | {"likelihood": 3}, "x", "likelihood", "not asked"),
        (GRAVE | {"magnitude_short": 3}, "x", "magnitude_short", "not asked"),
    ],
)
def test_a_score_that_cannot_be_is_refused_with_a_sentence(asked, marks, reason, field, words):
    _assessment, row, ann, _ben = asked

    with pytest.raises(BadIro) as refused:
        say(row, ann, marks, reason)

    assert words in refused.value.faults[field]
    assert not IroScore.objects.exists()


def test_magnitude_and_likelihood_go_together():
    assessment = make_round()
    ann = make_user("ann", assessment.organisation)
    row = add(assessment, kind="risk", is_actual=False)
    actions.assign_iros(assessment=assessment, codes=[row.code], experts=[ann], by=None)

    with pytest.raises(BadIro, match="go together"):
        say(row, ann, MONEY | {"magnitude_long": 4})
    say(row, ann, MONEY | {"magnitude_long": 4, "likelihood_long": 5})

    assert Register(assessment).by_code[row.code].scored.value == 4


def test_only_who_is_asked_scores(asked):
    assessment, row, ann, _ben = asked
    other = make_user("carl", assessment.organisation)

    with pytest.raises(NotAssigned):
        say(row, other)
    actions.unassign_iros(assessment=assessment, codes=[row.code], experts=[ann], by=None)
    with pytest.raises(NotAssigned):
        say(row, ann)


def test_a_score_counts_though_its_expert_is_asked_no_longer(asked):
    assessment, row, ann, _ben = asked
    say(row, ann)

    assert actions.unassign_iros(assessment=assessment, codes=[row.code], experts=[ann], by=None)

    assert Register(assessment).by_code[row.code].scored.value == 5
    assert assessment.events.get(verb="unassign_iros").before == {"ann": ["IRO-001"]}
    assert not actions.unassign_iros(
        assessment=assessment, codes=[row.code], experts=[ann], by=None
    )


def test_asking_twice_asks_once_and_only_members(asked):
    assessment, row, ann, _ben = asked
    stranger = make_user("stranger")

    assert not actions.assign_iros(assessment=assessment, codes=["IRO-001"], experts=[ann], by=None)
    for codes, experts, words in (
        (["IRO-001"], [stranger], "Only people of the organisation"),
        (["IRO-001"], [], "at least one expert"),
        (["IRO-404"], [ann], "no open entry"),
    ):
        with pytest.raises(BadIro, match=words):
            actions.assign_iros(assessment=assessment, codes=codes, experts=experts, by=None)
    assert row.assignments.count() == 2


def test_one_who_scores_in_two_windows_is_told_and_nothing_is_lost(asked):
    _assessment, row, ann, ben = asked
    say(row, ann, expected_version=0)

    with pytest.raises(Conflict, match="scored meanwhile"):
        say(row, ann, MILD, expected_version=0)
    say(row, ben, MILD, expected_version=0)  # the control: another's score is another row

    assert row.scores.get(expert=ann).scale == 5
    assert say(row, ann, expected_version=1).version == 1  # nothing changes, nothing is logged


def test_the_consensus_counts_beside_the_single_scores_and_can_be_taken_back(asked):
    assessment, row, ann, ben = asked
    with pytest.raises(BadIro, match="nothing to agree on"):
        actions.agree_iro(iro=row, marks=GRAVE, reason="Met on 3 May", by=ann)
    say(row, ann)
    say(row, ben, MILD)

    actions.agree_iro(iro=row, marks=MILD, reason="Met on 3 May", by=ann, expected_version=0)

    found = Register(assessment).by_code[row.code]
    assert (found.scored.value, found.scored.by_consensus) == (2, True)
    assert len(found.scores) == 2
    with pytest.raises(Conflict):
        actions.agree_iro(iro=row, marks=GRAVE, reason="x", by=ben, expected_version=0)
    with pytest.raises(Conflict):
        actions.disagree_iro(iro=row, by=ben, expected_version=9)
    actions.disagree_iro(iro=row, by=ben)
    actions.disagree_iro(iro=row, by=ben)
    assert Register(assessment).by_code[row.code].scored.value == 3.5
    assert assessment.events.filter(verb="disagree_iro").count() == 1


def test_a_score_from_when_the_entry_was_of_another_kind_does_not_count(asked):
    assessment, row, ann, _ben = asked
    say(row, ann)

    actions.describe_iro(iro=row, by=None, is_actual=False)

    found = Register(assessment).by_code[row.code]
    assert found.scored.value is None
    assert len(found.stale) == 1
    say(row, ann, GRAVE | {"likelihood": 2})
    assert Register(assessment).by_code[row.code].scored.value == 2


def test_a_score_of_a_risk_does_not_count_for_an_opportunity():
    """The marks are the same; what they say of is not."""
    assessment = make_round()
    ann = make_user("ann", assessment.organisation)
    row = add(assessment, kind="risk", is_actual=False)
    actions.assign_iros(assessment=assessment, codes=[row.code], experts=[ann], by=None)
    marks = MONEY | {"magnitude_long": 4, "likelihood_long": 5}
    say(row, ann, marks)

    actions.describe_iro(iro=row, by=None, kind="opportunity")

    found = Register(assessment).by_code[row.code]
    assert (found.scored.value, len(found.stale)) == (None, 1)
    [task] = tasks_of(assessment, ann)
    assert (task.is_done, task.is_stale) == (False, True)
    actions.describe_iro(iro=row, by=None, kind="risk", place="Suzhou")  # the control
    assert Register(assessment).by_code[row.code].scored.value == 4


NOTHING = {"scale": None, "scope": None, "irremediability": None}


def test_a_consensus_from_which_no_value_follows_is_refused(asked):
    """The median would go on counting under the name of the consensus."""
    assessment, row, ann, _ben = asked
    say(row, ann, NOTHING)  # an expert may say so
    say(row, ann)

    with pytest.raises(BadIro, match="no value follows"):
        actions.agree_iro(iro=row, marks=NOTHING, reason="Met", by=None)
    assert not row.scores.filter(expert=None).exists()

    actions.agree_iro(iro=row, marks=NOTHING | {"scope": 2}, reason="Met", by=None)
    assert Register(assessment).by_code[row.code].scored.value == 2


def test_a_consensus_that_does_not_tell_how_likely_is_refused():
    assessment, row, ann, _ben = asked_round(make_round())
    actions.describe_iro(iro=row, by=None, is_actual=False)
    say(row, ann, GRAVE | {"likelihood": 3})

    with pytest.raises(BadIro, match="no value follows"):
        actions.agree_iro(iro=row, marks=GRAVE | {"likelihood": None}, reason="Met", by=None)

    actions.describe_iro(iro=row, by=None, human_rights=True)  # whose likelihood does not count
    actions.agree_iro(iro=row, marks=GRAVE | {"likelihood": None}, reason="Met", by=None)
    assert Register(assessment).by_code[row.code].scored.value == 5


def test_a_closed_entry_keeps_its_consensus(asked):
    _assessment, row, ann, _ben = asked
    say(row, ann)
    actions.agree_iro(iro=row, marks=MILD, reason="Met", by=None)
    actions.close_iro(iro=row, reason=both("已出售", "Sold"), by=None)

    with pytest.raises(IroIsClosed):
        actions.disagree_iro(iro=row, by=None)

    actions.reopen_iro(iro=row, by=None)
    actions.disagree_iro(iro=row, by=None)
    assert not row.scores.filter(expert=None).exists()


def test_who_left_the_organisation_can_be_asked_no_longer(asked):
    assessment, row, ann, ben = asked
    [membership] = assessment.organisation.memberships.filter(user=ann)
    actions.set_role(membership=membership, role="", by=None)
    facts = {"assessment": assessment, "codes": [row.code], "experts": [ann], "by": None}

    assert actions.unassign_iros(**facts) == 1

    assert [one.expert for one in row.assignments.all()] == [ben]
    with pytest.raises(BadIro, match="Only people of the organisation"):
        actions.assign_iros(**facts)


def test_a_closed_entry_and_a_locked_round_take_no_score():
    assessment, row, ann, _ben = asked_round(sealed_round())
    say(row, ann)
    actions.close_iro(iro=row, reason=both("已出售", "Sold"), by=None)
    with pytest.raises(IroIsClosed):
        say(row, ann, MILD)
    actions.reopen_iro(iro=row, by=None)
    snapshots.lock(assessment=assessment, by=None)

    for act in (
        lambda: say(row, ann, MILD),
        lambda: actions.agree_iro(iro=row, marks=MILD, reason="x", by=None),
        lambda: actions.disagree_iro(iro=row, by=None),
        lambda: actions.assign_iros(assessment=assessment, codes=["x"], experts=[ann], by=None),
        lambda: actions.set_iro_thresholds(assessment=assessment, values={}, by=None),
    ):
        with pytest.raises(RoundLocked):
            act()
    with pytest.raises(Exception, match="immutable"), transaction.atomic():
        IroScore.objects.update(scale=1)
    with pytest.raises(Exception, match="immutable"), transaction.atomic():
        row.assignments.all().delete()


BAD_ROWS = [
    {"sheet": "actual_negative", "scale": 1, "likelihood": 2},
    {"sheet": "actual_positive", "scale": 1, "irremediability": 2},
    {"sheet": "potential_positive", "scale": 1, "irremediability": 2},
    {"sheet": "potential_negative", "scale": 1, "magnitude_short": 2, "likelihood_short": 2},
    {"sheet": "risk", "scale": 1},
    {"sheet": "opportunity", "scale": 1},
    {"sheet": "risk", "magnitude_short": 2},
    {"sheet": "financial", "magnitude_short": 2, "likelihood_short": 2},
    {"sheet": "actual_negative", "scale": 12},
    {"sheet": "actual_negative", "scale": 0},
    {"sheet": "nothing", "scale": 1},
    {"sheet": "actual_negative", "scale": 1, "reason": ""},
]


@pytest.mark.parametrize("facts", BAD_ROWS, ids=str)
def test_the_database_refuses_marks_that_were_not_asked_for(asked, facts):
    """An actual impact has no likelihood, a positive one no irremediability, and so on."""
    _assessment, row, ann, _ben = asked
    good = {"iro": row, "expert": ann, "reason": "x", "at": timezone.now()}

    with pytest.raises(IntegrityError), transaction.atomic():
        IroScore.objects.create(**good | facts)

    IroScore.objects.create(**good, sheet="actual_negative", scale=1)


def test_there_is_one_score_an_expert_and_one_consensus(asked):
    _assessment, row, ann, _ben = asked
    for expert in (ann, None):
        facts = {"iro": row, "expert": expert, "sheet": "actual_negative", "scale": 1}
        IroScore.objects.create(**facts, reason="x", at=timezone.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            IroScore.objects.create(**facts, reason="y", at=timezone.now())


# ---- thresholds ----


def set_at(assessment, value, kind="negative", reason="Half of the scale"):
    actions.set_iro_thresholds(
        assessment=assessment, values={kind: (value, both("量表中点", reason))}, by=None
    )
    return IroThreshold.objects.get(assessment=assessment, kind=kind)


def test_a_threshold_says_whether_scores_were_known_when_it_was_set(asked):
    assessment, row, ann, _ben = asked

    assert set_at(assessment, 3).scores_before == 0
    say(row, ann)
    assert set_at(assessment, 3, reason="Other words").scores_before == 0
    assert set_at(assessment, 4).scores_before == 1
    assert set_at(assessment, 2, kind="risk").scores_before == 0

    events = assessment.events.filter(verb="set_iro_thresholds")
    assert events[2].before["negative"]["value"] == 3
    count = events.count()
    set_at(assessment, 4)
    assert events.count() == count


def test_two_who_set_thresholds_at_once_are_told_and_nothing_is_lost(asked):
    assessment = asked[0]
    seen = thresholds_version(assessment.iro_thresholds.all())
    set_at(assessment, 3)
    late = {"negative": (4, both("后", "Late"))}
    facts = {"assessment": assessment, "values": late, "by": None}

    with pytest.raises(Conflict, match="thresholds"):
        actions.set_iro_thresholds(**facts, expected_version=seen)
    assert assessment.iro_thresholds.get().value == 3

    seen = thresholds_version(assessment.iro_thresholds.all())
    actions.set_iro_thresholds(**facts, expected_version=seen)
    assert assessment.iro_thresholds.get().value == 4


@pytest.mark.parametrize("value", [0, -1, 5.1, float("nan"), float("inf")])
def test_a_threshold_is_on_the_scale(asked, value):
    with pytest.raises(BadIro, match="above 0 and at most 5"):
        set_at(asked[0], value)


def test_a_threshold_has_its_reason_in_each_language(asked):
    with pytest.raises(BothLanguagesNeeded):
        actions.set_iro_thresholds(
            assessment=asked[0], values={"risk": (3, {"en": "Only English"})}, by=None
        )


def test_a_topic_follows_its_worst_entry_and_the_threshold_of_its_kind(asked):
    assessment, row, ann, ben = asked
    good = add(assessment, kind="positive", title=both("培训", "Training"))
    actions.assign_iros(assessment=assessment, codes=[good.code], experts=[ann], by=None)
    set_at(assessment, 4)
    set_at(assessment, 2, kind="positive")
    say(row, ann)
    say(row, ben, MILD)
    say(good, ann, {"scale": 1, "scope": 1})

    [verdict] = Register(assessment).topics

    assert (verdict.outcome.is_material, verdict.impact.entry.code) == (False, row.code)
    assert Register(assessment).by_code[row.code].scored.is_disputed
    actions.agree_iro(iro=row, marks=GRAVE, reason="Met", by=None)
    [verdict] = Register(assessment).topics
    assert (verdict.outcome.is_material, verdict.outcome.basis) == (True, "impact")
    assert verdict.financial is None


def test_a_register_takes_the_same_queries_however_large(asked, django_assert_num_queries):
    assessment, _row, ann, _ben = asked
    for at in range(12):
        row = add(assessment, title=both(f"条目{at}", f"Entry {at}"))
        actions.assign_iros(assessment=assessment, codes=[row.code], experts=[ann], by=None)
        say(row, ann)

    with django_assert_num_queries(4):
        register = Register(assessment)
        assert len(register.entries) == 13
        assert len(register.topics) == 1


# ---- beside the results ----


def test_an_act_on_the_register_neither_bars_from_approving_nor_hides_who_changed_results():
    """Whoever moved a weight may not approve, though somebody scored an entry since."""
    assessment, row, ann, ben = asked_round(sealed_round(four_eyes=True))
    weights = {("employees", "stakeholder"): 2}
    actions.weigh(assessment=assessment, weights=weights, by=ben, reason="x")
    say(row, ann)
    actions.describe_iro(iro=row, by=ann, place="Suzhou")

    assert ben in makers(assessment)
    assert ann not in makers(assessment)
    actions.weigh(
        assessment=assessment, weights={("customers", "stakeholder"): 3}, by=ann, reason="x"
    )
    assert makers(assessment) == {ann}  # the control: a weight does


def test_every_verb_of_the_register_is_named_as_one():
    verbs = {verb for verb in Verb if "iro" in verb.value.split("_") or "iros" in verb.value}

    assert verbs == set(OF_THE_REGISTER)
