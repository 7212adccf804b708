"""Known shares inside a group, from the page to the results, the files and the archive."""

import io
import json
import os
import re
import subprocess
import sys
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User

from materiality import actions
from materiality.archive.making import archive
from materiality.errors import BadShares, PartsStand
from materiality.inputs import inputs_of
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.method import audit, evaluate
from materiality.models import Assessment, Verb
from materiality.report.edition import Edition
from materiality.report.sentences import method_note
from materiality.report.tables import who_answered
from surveys.models import Role
from tests.api.test_assessments import client_of
from tests.archive.test_archive import ONLY_NUMPY
from tests.rounds import STEADY, answer, ask, close_and_seal, make_round, make_user
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import fields_of, text, url

pytestmark = pytest.mark.django_db

CATEGORIES = {"employees": "East", "customers": "West"}
SHARES = {"share:0:0:0": "25", "share:0:0:1": "75"}


@pytest.fixture
def made(db):
    made = make_round()
    for role in Role:
        make_user(str(role), made.organisation, role)
    return made


def sent(assessment, shares=(), **others):
    """Return what the page sends: staff asked in two parts, which differ by site."""
    assessment.refresh_from_db()
    data = {"version": assessment.version, "reason": "", "by:0": "Site", "by:1": "", "by:2": ""}
    for group in assessment.groups.all():
        category = CATEGORIES.get(group.code, "")
        data[f"part:{group.code}"] = "Staff" if category else ""
        data |= {f"is:{at}:{group.code}": "" if at else category for at in range(3)}
    return data | dict(shares) | others


def page_of(assessment):
    return url(assessment, "method/known-shares") + "?lang=en"


def known(assessment, client=None):
    """Enter parts, then their shares, as a person does."""
    client = client or signed_in("owner")
    assert client.post(page_of(assessment), sent(assessment)).status_code == 302
    assert client.post(page_of(assessment), sent(assessment, SHARES)).status_code == 302
    return Assessment.objects.get(pk=assessment.pk)


def sealed(assessment, ratings=STEADY):
    for survey in ask(assessment):
        answer(survey, ratings)
        close_and_seal(survey)
    return Assessment.objects.get(pk=assessment.pk)


def test_nothing_is_weighted_unless_shares_are_entered(made):
    owner = signed_in("owner")
    assert "share:0:0:0" not in text(owner.get(page_of(made)))
    owner.post(page_of(made), sent(made))
    assert "share:0:0:0" in text(owner.get(page_of(made)))

    inputs = inputs_of(sealed(made))

    assert "raking" not in inputs
    assert [unit["weight"] for unit in inputs["units"]["stakeholder"]] == [1, 1, 1]


def test_parts_count_their_known_share_in_results_pages_and_files(made):
    assessment = sealed(known(made))
    results = results_for(assessment)
    weights = {unit.code: unit.weight for unit in results.units["stakeholder"]}

    assert weights == pytest.approx({"employees": 0.5, "customers": 1.5, "regulators": 1})
    [row] = results.raking["stakeholder"]
    owner = signed_in("owner")
    for page in ("results", "results/review", "method/known-shares"):
        shown = text(owner.get(url(assessment, page) + "?lang=en"))
        assert f"{row['deff']:.2f}" in shown
    for language, words in (("en", "by shares that are known"), ("zh-hans", "已知占比相互加权")):
        edition = Edition(results, language)
        said = "\n".join(line for _head, lines in method_note.chapters(edition) for line in lines)
        assert words in said
        assert f"{row['deff']:.2f}" in said
        table = who_answered(edition)
        assert any(f"{row['deff']:.2f}" in str(cell) for line in table.rows for cell in line)
    assert audit(results.inputs, evaluate(results.inputs)) == []


def test_the_archive_recomputes_them_with_numpy_alone(made, tmp_path):
    assessment = sealed(known(made))
    snapshots.lock(assessment=assessment, by=None)
    with ZipFile(io.BytesIO(archive(Assessment.objects.get(pk=assessment.pk)))) as file:
        file.extractall(tmp_path)

    done = subprocess.run(
        [sys.executable, "-c", ONLY_NUMPY],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert '"raking"' in (tmp_path / "bundle.json").read_text(encoding="utf-8")


def test_after_the_results_a_change_needs_a_reason_and_the_log_keeps_both(made):
    assessment = sealed(known(made))
    owner = signed_in("owner")
    out = {"version": assessment.version, "share:0:0:0": "", "share:0:0:1": ""}

    assert owner.post(page_of(assessment), out | {"reason": ""}).status_code == 409
    assert owner.post(page_of(assessment), out | {"reason": "Doubtful"}).status_code == 302

    event = assessment.events.filter(verb=Verb.SET_SHARES).last()
    assert event.reason == "Doubtful"
    assert event.before["results"] != event.after["results"]
    assert not results_for(Assessment.objects.get(pk=assessment.pk)).raking


def test_once_answers_are_sealed_the_parts_stand(made):
    """Small parts are pooled by them: another pooling would tell what a few said."""
    assessment = sealed(known(made))
    assert "part:employees" not in text(signed_in("owner").get(page_of(assessment)))

    with pytest.raises(PartsStand):
        actions.set_known_shares(assessment=assessment, shares=[], by=None, reason="Away")


def test_small_parts_are_pooled_with_one_another_first(made):
    """Regulators are the smallest group, yet the two employees go to the customers."""
    few = {**STEADY, "employees": STEADY["employees"][:2]}

    assessment = sealed(known(made), few)

    results = results_for(assessment)
    assert [unit.code for unit in results.units["stakeholder"]] == [
        "employees+customers",
        "regulators",
    ]
    [row] = results.raking["stakeholder"]
    assert (row["state"], row["answers"]) == ("too_few", 8)
    assert "too few answered to tell its parts apart" in text(
        signed_in("owner").get(page_of(assessment))
    )


def test_without_parts_the_smallest_other_group_takes_them(made):
    """The control of pooling."""
    few = {**STEADY, "employees": STEADY["employees"][:2]}

    results = results_for(sealed(made, few))

    assert "employees+regulators" in [unit.code for unit in results.units["stakeholder"]]


def test_shares_that_change_after_the_answers_are_told_of_the_fixed_plan(made):
    assessment = known(made)
    actions.fix_plan(assessment=assessment, by=None)
    for survey in ask(assessment):
        answer(survey, STEADY)
        actions.end_survey(assessment=assessment, survey=survey, by=None)
    assessment = Assessment.objects.get(pk=assessment.pk)
    shares = assessment.known_shares
    for one, share in zip(shares[0]["margins"][0]["categories"], (75.0, 25.0), strict=True):
        one["share"] = share
    before = Assessment.objects.get(pk=assessment.pk)

    actions.set_known_shares(assessment=before, shares=shares, by=None, reason="New list")

    told = results_for(Assessment.objects.get(pk=assessment.pk)).document["results"]["registration"]
    assert told["state"] == "changed"
    assert [row["aspects"] for row in told["changes"]] == [["raking"]]
    assert told["changes"][0]["after_answers"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"share:0:0:0": "20"}, "come to 95"),
        ({"share:0:0:0": ""}, "or of none"),
        ({"is:0:employees": ""}, "every part needs its category"),
        ({"is:0:employees": "West"}, "needs at least two categories"),
        ({"part:employees": ""}, "at least two parts"),
        ({"by:0": ""}, "every part needs its category"),
    ],
)
def test_what_does_not_fit_together_is_refused_and_what_was_entered_stays(made, change, sentence):
    known(made)

    answered = signed_in("owner").post(page_of(made), sent(made, SHARES) | change)

    assert answered.status_code == 409
    assert sentence in text(answered)


def shares_of(assessment):
    """Return {characteristic: {category: share}} as saved."""
    rows = Assessment.objects.get(pk=assessment.pk).known_shares
    return {
        margin["name"]: {one["name"]: one["share"] for one in margin["categories"]}
        for row in rows
        for margin in row["margins"]
    }


def in_three(assessment, shares=("20", "30", "50")):
    """Enter staff in three parts with a site each, and their shares."""
    owner = signed_in("owner")
    more = {"part:regulators": "Staff", "is:0:regulators": "North"}
    owner.post(page_of(assessment), sent(assessment, **more))
    told = {f"share:0:0:{at}": share for at, share in enumerate(shares)}
    done = owner.post(page_of(assessment), sent(assessment, told, **more))
    assert done.status_code == 302
    return Assessment.objects.get(pk=assessment.pk)


@pytest.mark.parametrize(
    ("change", "saved"),
    [
        ({"is:0:employees": "Orient"}, {"Site": {"Orient": 25.0, "West": 75.0}}),
        ({"by:0": "Place"}, {"Place": {"East": 25.0, "West": 75.0}}),
        (
            {"part:employees": "People", "part:customers": "People"},
            {"Site": {"East": 25.0, "West": 75.0}},
        ),
    ],
    ids=["category", "characteristic", "group"],
)
def test_what_is_called_otherwise_keeps_its_shares(made, change, saved):
    known(made)
    owner = signed_in("owner")

    answered = owner.post(page_of(made), sent(made, SHARES) | change, follow=True)

    assert shares_of(made) == saved
    assert "enter their known shares anew" not in text(answered)


def test_of_two_characteristics_by_the_same_parts_each_keeps_its_own_shares(made):
    owner = signed_in("owner")
    ages = {"by:1": "Age", "is:1:employees": "Old", "is:1:customers": "Young"}
    owner.post(page_of(made), sent(made, **ages))
    both = SHARES | {"share:0:1:0": "60", "share:0:1:1": "40"}
    owner.post(page_of(made), sent(made, both, **ages))

    owner.post(page_of(made), sent(made, both, **ages | {"by:1": "Years"}))

    assert shares_of(made) == {
        "Site": {"East": 25.0, "West": 75.0},
        "Years": {"Old": 60.0, "Young": 40.0},
    }


@pytest.mark.parametrize("tongue", ["en", "zh-hans"])
def test_other_categories_have_no_shares_and_the_page_says_so(made, tongue):
    in_three(made)
    more = {"part:regulators": "Staff", "is:0:regulators": "East"}
    told = {"share:0:0:0": "20", "share:0:0:1": "30", "share:0:0:2": "50"}

    answered = signed_in("owner").post(
        url(made, "method/known-shares") + f"?lang={tongue}",
        sent(made, told, **more),
        follow=True,
    )

    assert shares_of(made) == {"Site": {"East": None, "West": None}}
    words = {"en": "enter their known shares anew", "zh-hans": "请重新填写其已知占比"}
    assert words[tongue] in text(answered)


def test_shares_can_change_after_the_seal_though_a_part_went_before(made):
    """As of rounds whose group was removed while nobody looked after the known shares."""
    assessment = in_three(made)
    stale = assessment.known_shares
    actions.remove_group(assessment=assessment, group="regulators", by=None)
    Assessment.objects.filter(pk=assessment.pk).update(known_shares=stale)
    ratings = {code: rows for code, rows in STEADY.items() if code != "regulators"}
    assessment = sealed(Assessment.objects.get(pk=assessment.pk), ratings)
    data = {"version": assessment.version, "reason": "Counted"}

    page = text(signed_in("owner").get(page_of(assessment)))
    answered = signed_in("owner").post(page_of(assessment), data | SHARES)

    assert "share:0:0:1" in page
    assert "share:0:0:2" not in page
    assert answered.status_code == 302
    assert shares_of(assessment) == {"Site": {"East": 25.0, "West": 75.0}}
    assert results_for(Assessment.objects.get(pk=assessment.pk)).raking
    other = [{**row, "groups": row["groups"][::-1], "margins": []} for row in stale]
    with pytest.raises(PartsStand):  # the control
        actions.set_known_shares(assessment=assessment, shares=other, by=None, reason="Away")


def removed(assessment, code):
    actions.remove_group(assessment=assessment, group=code, by=None)


def merged(assessment, code):
    name = {"en": "Others"}
    actions.merge_groups(assessment=assessment, groups=[code, "employees"], name=name, by=None)


def split(assessment, code):
    names = [{"en": "One"}, {"en": "Two"}]
    actions.split_group(assessment=assessment, group=code, names=names, by=None)


@pytest.mark.parametrize(
    ("change", "saved"),
    [
        (removed, {"Site": {"East": None, "West": None}}),
        (split, {"Site": {"East": None, "West": None}}),
        (merged, {}),
    ],
)
def test_a_part_that_goes_goes_from_the_known_shares_too(made, change, saved):
    """The shares of the others do not come to the whole, so none is known any more."""
    assessment = in_three(made)

    change(assessment, "regulators")

    assert shares_of(assessment) == saved
    event = assessment.events.filter(verb=Verb.SET_SHARES).last()
    assert event.before["set"] != event.after["set"]


def test_a_group_that_is_no_part_goes_and_the_known_shares_stay(made):
    """The control."""
    assessment = known(made)

    removed(assessment, "regulators")

    assert shares_of(assessment) == {"Site": {"East": 25.0, "West": 75.0}}


def test_a_round_that_follows_takes_over_the_parts_that_it_has(made):
    assessment = in_three(made)
    stale = assessment.known_shares
    removed(assessment, "regulators")
    Assessment.objects.filter(pk=assessment.pk).update(known_shares=stale)
    before = Assessment.objects.get(pk=assessment.pk)

    after = actions.start_round(
        organisation=made.organisation, year="2099", previous=before, by=None
    )
    actions.carry_over(assessment=after, by=None)

    assert shares_of(after) == {"Site": {"East": None, "West": None}}


def test_a_code_that_never_was_a_part_is_refused(made):
    """The control: only what was a part before is passed over."""
    shares = known(made).known_shares
    shares[0]["groups"].append("nobody")
    shares[0]["margins"][0]["categories"][0]["groups"].append("nobody")

    with pytest.raises(BadShares):
        actions.set_known_shares(assessment=made, shares=shares, by=None)


def test_saving_the_weights_as_they_are_shown_changes_no_share(made):
    """What the page shows of a part follows from who answered; saved is that of its group."""
    assessment = sealed(known(made))
    fields = {
        f"y:{unit.code}": unit.weight * 50 for unit in results_for(assessment).units["stakeholder"]
    } | {"x:panel": 50}
    data = {"version": assessment.version, "reason": "As it is", **fields}
    done = signed_in("owner").post(url(assessment, "results/weights"), data)

    assert done.status_code == 302
    after = Assessment.objects.get(pk=assessment.pk)
    assert results_for(after).units["stakeholder"][0].share == pytest.approx(0.5 / 3)


def sent_as_shown(assessment, client):
    """Return the answer to the form of weights, sent as it stands, and what stood in it."""
    shown = fields_of(text(client.get(url(assessment, "results") + "?lang=en")), "try")
    weights = {name: value for name, value in shown.items() if name[:2] in {"x:", "y:"}}
    data = weights | {"version": assessment.version, "reason": "As it is"}
    return client.post(url(assessment, "results/weights"), data), weights


def test_parts_of_a_fresh_round_stand_on_the_scale_of_the_other_groups(made):
    """A part that counts for more than 1 does not mean that somebody entered weights."""
    owner = signed_in("owner")

    answered, weights = sent_as_shown(sealed(known(made, owner)), owner)

    shown = {name: float(value) for name, value in weights.items()}
    assert shown == pytest.approx(
        {"y:employees": 25, "y:customers": 75, "y:regulators": 50, "x:panel": 50}
    )
    assert answered.status_code == 302


def test_a_part_that_counts_for_more_than_the_scale_can_be_saved_as_it_is_shown(made):
    owner = signed_in("owner")
    known(made, owner)
    owner.post(page_of(made), sent(made, {"share:0:0:0": "90", "share:0:0:1": "10"}))
    assessment = sealed(Assessment.objects.get(pk=made.pk))
    parts = ("employees", "customers", "regulators")
    weights = {(code, "stakeholder"): 60.0 for code in parts}
    actions.weigh(assessment=assessment, weights=weights, by=None, reason="Entered")
    assessment = Assessment.objects.get(pk=assessment.pk)

    answered, weights = sent_as_shown(assessment, owner)

    assert float(weights["y:employees"]) == pytest.approx(108)
    assert answered.status_code == 302
    above = weights | {"version": assessment.version + 1, "reason": "More", "y:regulators": 101}
    assert owner.post(url(assessment, "results/weights"), above).status_code == 200  # the control


def test_a_program_sets_what_the_page_sets(made):
    told = {
        "name": "Staff",
        "groups": ["employees", "customers"],
        "margins": [
            {
                "name": "Site",
                "categories": [
                    {"name": "East", "share": 25.0, "groups": ["employees"]},
                    {"name": "West", "share": 75.0, "groups": ["customers"]},
                ],
            }
        ],
    }
    owner = client_of(User.objects.get(username="owner"))
    address = f"/api/v1/assessments/{made.pk}/known-shares/"

    assert owner.put(address, {"known_shares": [told]}, format="json").status_code == 200

    assert owner.get(address).json() == {"known_shares": [told]}
    assert "25" in text(signed_in("owner").get(page_of(made)))


def script_rule(assessment, client):
    """Return what the page tells its script of the rule."""
    page = text(client.get(url(assessment, "results") + "?lang=en"))
    data = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.S)
    return json.loads(data[1])["rule"]["kind"]


def test_a_slider_of_a_part_asks_the_server_which_spreads_the_weight_of_the_group(made):
    """The script knows nothing of known shares: it would leave the other parts where they are."""
    owner = signed_in("owner")
    assert script_rule(sealed(known(made, owner)), owner) == "asked"


def test_without_known_shares_the_script_computes_by_itself(made):
    owner = signed_in("owner")
    assert script_rule(sealed(made), owner) == made.tier_rule
