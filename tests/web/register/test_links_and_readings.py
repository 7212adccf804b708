"""Impact and effect linked on their pages; gross and net scored beside each other."""

import pytest

from materiality import actions
from materiality.actions.register_links import linked
from tests.builders import both
from tests.markup import page_of
from tests.web.conftest import signed_in
from tests.web.register.test_assessing_pages import SHEET, text, url, user
from tests.web.register.test_register_pages import FIELDS, filled

pytestmark = pytest.mark.django_db
SHOWN = {"mitigation": both("除尘", "Filters"), "evidence": "Audit 7"}


def iro(made, code="IRO-001"):
    return made.iros.get(code=code)


def test_an_editor_links_an_impact_to_a_risk_and_both_pages_lead_to_the_other(made):
    owner = signed_in("owner")
    sent = FIELDS | {"version": 1, "links_impact": "IRO-002"}

    assert owner.post(url(made, "IRO-001/"), sent).status_code == 302

    assert "The impact gives rise to it" in text(owner, url(made, "IRO-001/"))
    assert "/register/IRO-001/" in text(owner, url(made, "IRO-002/"))
    assert "linked: IRO-002" in text(owner, url(made))
    assert 'id="IRO-001"' not in text(owner, url(made) + "&links=alone")
    assert 'id="IRO-001"' in text(owner, url(made) + "&links=linked")


def test_a_wrong_link_says_so_at_its_field_and_keeps_what_was_written(made):
    sent = FIELDS | {"version": 1, "more_links_dependency": "IRO-001; IRO-077"}

    page = page_of(signed_in("owner").post(url(made, "IRO-001/"), sent))

    assert "No entry of the other side is called “IRO-077”" in page
    assert "IRO-001; IRO-077" in page
    assert not made.iro_links.exists()


def titled(made, kind, en, zh="险"):
    return actions.add_iro(
        assessment=made, topic="safety", kind=kind, title=both(zh, en), by=None
    ).code


def test_an_impact_is_linked_by_words_of_the_risks_title_and_unlinked_by_a_tick(made):
    fines = titled(made, "risk", "Fines for dust; repeated", "粉尘、噪声罚款")
    owner, path = signed_in("owner"), url(made, "IRO-001/")
    page = text(owner, path)
    assert f'<option value="{fines} Fines for dust repeated (Risk)">' in page
    assert "IRO-001 Negative" not in page.partition("<datalist")[2].partition("</datalist")[0]

    owner.post(path, FIELDS | {"version": 1, "more_links_impact": "dust FINES"})

    assert list(made.iro_links.values_list("effect__code", flat=True)) == [fines]
    tick = f'name="links_impact" value="{fines}"'
    page = text(owner, path)
    assert tick in page
    assert f"{fines} Fines for dust; repeated (Risk)" in page
    chosen = f"{fines} Fines for dust repeated (Risk); ri"  # what was chosen, and words of another
    sent = FIELDS | {"version": 2, "links_impact": [fines], "more_links_impact": chosen}
    assert owner.post(path, sent).status_code == 302
    assert made.iro_links.count() == 2

    owner.post(path, FIELDS | {"version": 3, "links_impact": "IRO-002"})

    assert list(made.iro_links.values_list("effect__code", flat=True)) == ["IRO-002"]
    assert tick not in text(owner, path)


def test_words_of_several_titles_name_them_and_nothing_is_saved(made):
    titled(made, "risk", "Fines for dust")
    titled(made, "risk", "Fines for noise")
    sent = FIELDS | {"version": 1, "place": "Wuxi", "more_links_impact": "fines"}

    page = page_of(signed_in("owner").post(url(made, "IRO-001/"), sent))

    assert "“fines” is in several titles" in page
    assert "IRO-003 Fines for dust (Risk), IRO-004 Fines for noise (Risk)" in page
    assert 'value="fines"' in page
    assert 'value="Wuxi"' in page
    assert not made.iro_links.exists()


def test_a_new_entry_is_linked_by_words_too(made):
    made.refresh_from_db()
    sent = FIELDS | {
        "version": made.version, "kind": "risk", "is_actual": "", "involvement": "",
        "more_links_impact": "negat",
    }  # fmt: skip

    assert signed_in("owner").post(url(made, "add/"), sent).status_code == 302

    link = made.iro_links.get()
    assert (link.impact.code, link.effect.code) == ("IRO-001", "IRO-003")


def test_an_entry_of_many_links_is_saved_on_its_page(made):
    codes = [
        actions.add_iro(
            assessment=made,
            topic="safety",
            kind="risk",
            title=both(f"险{at}", f"Risk {at}"),
            by=None,
        ).code
        for at in range(60)
    ]
    actions.describe_iro(iro=iro(made), by=None, links={"impact": codes})
    form = signed_in("owner").get(url(made, "IRO-001/")).context["form"]
    sent = filled(form)

    answered = signed_in("owner").post(url(made, "IRO-001/"), sent | {"place": "Wuxi"})

    assert answered.status_code == 302
    assert iro(made).place == "Wuxi"
    assert linked(iro(made))["impact"] == codes


def test_without_evidence_of_mitigation_only_gross_is_asked(made):
    viewer = signed_in("viewer")
    assert "Score it net too" not in text(viewer, url(made, "IRO-001/score/"))

    page = page_of(
        viewer.post(url(made, "IRO-001/score/"), SHEET | {"version": 0, "reading": "net"})
    )

    assert "Net is refused" in page
    assert not iro(made).scores.exists()


def test_an_expert_scores_gross_and_net_and_the_page_says_which_counts(made):
    actions.describe_iro(iro=iro(made), by=None, **SHOWN)
    viewer = signed_in("viewer")
    viewer.post(url(made, "IRO-001/score/"), SHEET | {"version": 0})
    assert "Score it net too, after mitigation" in text(viewer, url(made, "IRO-001/score/"))

    lower = SHEET | {"scale": "2", "reason": "Filters since 2024", "reading": "net", "version": 0}
    answered = viewer.post(url(made, "IRO-001/score/"), lower)

    assert answered.status_code == 302
    page = text(viewer, url(made, "IRO-001/score/"))
    gross, net = page.split("Gross: before mitigation")[-1], page.split("Net: after mitigation")[-1]
    assert "5.00" in gross[:80]
    assert "2.00" in net[:80]
    assert "Filters since 2024" in page
    assert signed_in("owner").get(url(made, "topics/")).context["rows"][0].scored.value == 5.0


def test_what_others_say_of_the_other_reading_is_shown_after_both_own_scores(made):
    actions.describe_iro(iro=iro(made), by=None, **SHOWN)
    other = user(made, "owner")
    actions.assign_iros(assessment=made, codes=["IRO-001"], experts=[other], by=None)
    marks = {"scale": 5, "scope": 2, "irremediability": 3}
    for is_net, reason in ((False, "Gross by owner"), (True, "Net by owner")):
        row = iro(made)
        actions.score_iro(iro=row, expert=other, marks=marks, reason=reason, is_net=is_net)
    viewer, sheet = signed_in("viewer"), url(made, "IRO-001/score/")

    viewer.post(sheet, SHEET | {"version": 0})
    between = text(viewer, sheet)
    viewer.post(sheet, SHEET | {"reading": "net", "version": 0})
    after = text(viewer, sheet)

    assert "Gross by owner" in between
    assert "Net by owner" not in between
    assert "This is shown when you have scored it net" in between
    assert "Net by owner" in after
    assert "Net by owner" in text(signed_in("owner"), sheet)


def test_where_net_counts_the_gross_score_stands_beside_it_and_is_to_be_given_anew(made):
    actions.describe_iro(iro=iro(made), by=None, **SHOWN)
    viewer, owner = signed_in("viewer"), signed_in("owner")
    viewer.post(url(made, "IRO-001/score/"), SHEET | {"version": 0})

    actions.describe_iro(iro=iro(made), by=None, is_net=True)

    assert "changed since: score again" in text(viewer, url(made, "assess/"))
    viewer.post(url(made, "IRO-001/score/"), SHEET | {"scale": "2", "version": 0})
    page = text(owner, url(made, "topics/"))
    assert "2.00" in page
    assert "(gross 5.00" in page
    assert "ESRS 1 (2026) takes actual impacts" in text(owner, url(made, "IRO-001/score/"))


def test_an_actual_impact_set_to_net_says_what_esrs_takes_before_anybody_scores(made):
    words = "ESRS 1 (2026) takes actual impacts"
    owner, page, sheet = signed_in("owner"), url(made, "IRO-001/"), url(made, "IRO-001/score/")
    before = text(owner, page) + text(signed_in("viewer"), sheet)
    sent = FIELDS | {"version": 1, "is_net": "1", "evidence": "Audit 7"}
    mitigated = {"mitigation:en": "Filters", "mitigation:zh-hans": "除尘"}

    saved = page_of(owner.post(page, sent | mitigated, follow=True))

    assert words not in before
    assert iro(made).is_net
    assert words in saved
    assert words in text(owner, page)
    assert text(signed_in("viewer"), sheet).count(words) == 1


def test_evidence_stands_as_long_as_net_scores_rest_on_it(made):
    actions.describe_iro(iro=iro(made), by=None, **SHOWN)
    viewer = signed_in("viewer")
    viewer.post(url(made, "IRO-001/score/"), SHEET | {"version": 0, "reading": "net"})

    page = page_of(signed_in("owner").post(url(made, "IRO-001/"), FIELDS | {"version": 2}))

    assert "Experts have scored it after mitigation" in page
    assert iro(made).evidence == "Audit 7"


GROSS = {"reading": "net", "version": 0, "part": "beside"} | {
    f"beside-{name}": value for name, value in (SHEET | {"version": 0}).items()
}


@pytest.fixture
def counted_net(made):
    """The round where the impact counts net."""
    actions.describe_iro(iro=iro(made), by=None, is_net=True, **SHOWN)
    return made


def test_the_gross_score_is_saved_with_the_net_one_that_was_filled_in_above_it(counted_net):
    sheet, lower = url(counted_net, "IRO-001/score/"), SHEET | {"scale": "2"}

    answered = signed_in("viewer").post(sheet, GROSS | lower)

    assert answered.status_code == 302
    scores = iro(counted_net).scores.order_by("is_net")
    assert list(scores.values_list("is_net", "scale")) == [(False, 5), (True, 2)]


def test_the_main_button_saves_the_score_beside_it_too(counted_net):
    sent = {name: value for name, value in GROSS.items() if name != "part"} | SHEET

    signed_in("viewer").post(url(counted_net, "IRO-001/score/"), sent)

    assert iro(counted_net).scores.count() == 2


def test_a_net_score_half_filled_in_is_said_and_neither_is_lost(counted_net):
    half = GROSS | {"scale": "2", "reason": "Filters since 2024"}

    page = page_of(signed_in("viewer").post(url(counted_net, "IRO-001/score/"), half))

    assert "Not saved" in page
    assert "Filters since 2024" in page
    assert "Audit 7" in page
    assert not iro(counted_net).scores.exists()


def test_a_gross_score_alone_leaves_the_net_one_to_be_given(counted_net):
    viewer, sheet = signed_in("viewer"), url(counted_net, "IRO-001/score/")
    empty = {"scope": "", "reason": ""}

    page = page_of(viewer.post(sheet, GROSS | empty, follow=True))

    assert "IRO-001: saved beside what counts." in page
    assert "is scored" not in page
    assert list(iro(counted_net).scores.values_list("is_net", flat=True)) == [False]
