"""Progress and quality: what is told of how people answer, and what is not."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.fieldwork.curve import daily
from surveys.models import Exclusion, Intake, Invitation
from tests.builders import rewrite
from tests.markup import page_of
from tests.rounds import STEADY, answer, close_and_seal, sealed_round
from tests.web.ask.asking import last_event, page, tab
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


def cells(shown: str, group: str) -> list[str]:
    row = next(row for row in shown.split("<tr>") if f'"row">{group}' in row)
    return [
        re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r'<td class="r">(.*?)</td>', row)
    ]


def test_an_open_anonymous_survey_is_told_in_steps_of_five(anonymous, named, editor):
    answer(anonymous, STEADY)
    answer(named, STEADY)

    assert cells(page(editor, anonymous, "progress/"), "Employees") == [
        *("6", "5+", "5+", "–", "≥ 83%", "under 5", "0")
    ]
    assert cells(page(editor, named, "progress/"), "Panel")[:3] == ["6", "6", "6"]  # control


@pytest.mark.parametrize(("language", "words"), [("en", "under 5"), ("zh-hans", "少于 5")])
def test_a_count_rounded_down_to_nothing_is_told_as_under_five(
    anonymous, editor, round_, language, words
):
    answer(anonymous, {"employees": [[4, 3, 4, 4]] * 6, "customers": [[4, 3, 4, 4]] * 4})

    for name in (f"/a/{round_.pk}/", f"/a/{round_.pk}/ask/", tab(anonymous, "progress/")):
        content = page_of(editor.get(f"{name}?lang={language}"))
        row = content.split('"row">')[1:]
        assert words in next(cell for cell in row if "4 / 0" not in cell and "5+" not in cell)
        assert "5+" in content  # control: what is not under five
        assert ">0+" not in content


def test_nothing_at_all_is_not_told_as_at_least_nothing(anonymous, editor, round_):
    content = page_of(editor.get(f"/a/{round_.pk}/?lang=en"))

    assert "Few responses so far, if any." in content
    assert "At least 0" not in content
    assert not re.search(r"\b0\+", content)
    answer(anonymous, STEADY)
    content = page_of(editor.get(f"/a/{round_.pk}/?lang=en"))
    assert "At least 15 responses so far" in content  # control


def test_the_curve_moves_in_steps_of_five_and_is_gone_with_the_seal(anonymous, editor):
    answer(anonymous, STEADY)
    day = int(timedelta(days=2).total_seconds())
    for intake in Intake.objects.all()[:7]:
        Intake.objects.filter(pk=intake.pk).update(begun=intake.begun - day)

    days = {one.day: one.answered for one in daily(anonymous)}

    today = timezone.localdate()
    assert (days[today - timedelta(days=2)], days[today - timedelta(days=1)], days[today]) == (
        *(5, 5, 15),
    )
    [line, mails], *_rest = json.loads(editor.get(tab(anonymous, "progress/curve.json")).content)
    assert line["y"][-1] == 15
    assert mails["x"] == []
    close_and_seal(anonymous)
    assert daily(anonymous) == []
    assert "forgotten with the seal" in page(editor, anonymous, "progress/")


def test_the_pace_is_told_of_twenty_answers_and_only_roughly(anonymous, editor):
    answer(anonymous, {"employees": [[4, 3, 4, 4]] * 19})
    rewrite(Intake.objects.all(), seconds=193)
    assert "Median time" not in page(editor, anonymous, "progress/")

    answer(anonymous, {"customers": [[4, 3, 4, 4]] * 3})
    late = Intake.objects.order_by("-pk")
    Intake.objects.filter(pk__in=list(late.values_list("pk", flat=True)[:2])).update(
        submitted=False
    )
    rewrite(Intake.objects.all(), seconds=193)

    # the median of 193 to ten seconds; 2 of 22 to a twentieth
    assert "Median time 3 min 10 s · left part-way: about 10%" in page(
        editor, anonymous, "progress/"
    )


def test_a_small_group_and_its_partner_are_counted_out_nowhere(client):
    from tests.rounds import make_user

    assessment = sealed_round(STEADY | {"regulators": [[1, 1, 1, 1]] * 4})
    make_user("owner", assessment.organisation)
    survey = assessment.surveys.first()

    content = page(signed_in("owner"), survey, "progress/")

    assert cells(content, "Regulators")[1:3] == ["–", "under 5"]
    assert cells(content, "Regulators")[4] == "–"
    hidden = [cells(content, name)[1] for name in ("Employees", "Customers", "Regulators")]
    assert hidden.count("–") == 2  # the small one and the one it is pooled with


def test_the_overview_says_at_most_where_it_may_not_say_exactly(anonymous, named, editor, round_):
    answer(anonymous, STEADY)
    overview = f"/a/{round_.pk}/?lang=en"

    assert "at most 2 people have not answered" in page_of(editor.get(overview))
    assert "Remind" in page_of(editor.get(overview))
    Invitation.objects.filter(audience__code="customers").update(source="open")
    assert "at most 1 people have not" in page_of(editor.get(overview))  # no link, no name

    close_and_seal(anonymous)
    assert "at most" not in page_of(editor.get(overview))  # control: exact again


def test_somebody_who_was_removed_is_not_among_the_invited(named, editor, round_):
    answer(named, STEADY)
    gone = Invitation.objects.filter(audience__survey=named).first()
    assert "/ 6<" in page_of(editor.get(f"/a/{round_.pk}/"))

    editor.post(tab(named, f"invitations/{gone.pk}/"), {"act": "remove", "sure": "on"})

    assert "/ 5<" in page_of(editor.get(f"/a/{round_.pk}/"))
    assert cells(page(editor, named, "progress/"), "Panel")[0] == "5"


@pytest.fixture
def sealed(anonymous):
    answer(anonymous, STEADY)
    close_and_seal(anonymous)
    return anonymous


def test_answers_are_left_out_with_a_reason_and_counted_again(sealed, editor, round_):
    bare = editor.post(tab(sealed, "quality/"), {"criterion": "fast", "reason": ""})
    assert bare.status_code == 409
    assert not Exclusion.objects.exists()

    editor.post(tab(sealed, "quality/"), {"criterion": "fast", "reason": "Under a minute"})
    rule = Exclusion.objects.get()
    assert (last_event(round_).verb, last_event(round_).reason) == ("exclude", "Under a minute")
    assert "left out" in page(editor, sealed, "quality/")

    editor.post(tab(sealed, "quality/"), {"again": str(rule.pk)})
    rule.refresh_from_db()
    assert rule.lifted_by.username == "editor"
    assert last_event(round_).verb == "include"


def test_leaving_out_twice_is_refused_and_the_reason_stays(sealed, editor):
    values = {"criterion": "fast", "reason": "Under a minute"}
    editor.post(tab(sealed, "quality/"), values)

    again = editor.post(tab(sealed, "quality/") + "?lang=en", values | {"reason": "Once more"})

    assert again.status_code == 409
    assert "These answers are left out already." in page_of(again)
    assert "Once more" in page_of(again)


def test_numbers_of_signs_below_the_minimum_are_not_told(sealed, editor):
    content = page(editor, sealed, "quality/")

    assert re.search(r"A long run of the same rating</th><td class=\"r\">(0|under 5)<", content)
    assert not re.search(r'<td class="r">[1-4]</td>', content)


def test_before_the_seal_there_is_nothing_to_leave_out(anonymous, editor):
    assert "closed and sealed" in page(editor, anonymous, "quality/")
    values = {"criterion": "fast", "reason": "Under a minute"}
    refused = editor.post(tab(anonymous, "quality/"), values)

    assert refused.status_code == 409
    assert not Exclusion.objects.exists()


def test_a_burst_by_open_link_is_told_by_the_day_and_then_to_the_reviewer(anonymous, editor):
    """Case 36."""
    answer(anonymous, {"customers": [[4, 3, 4, 4]] * 32})
    assert "Many answers came by the open link" not in page(editor, anonymous, "progress/")

    Invitation.objects.update(source="open")

    content = page(editor, anonymous, "progress/")
    assert "Many answers came by the open link" in content
    assert "at least 30." in content
    assert not re.search(r"(?<![/\d])32(?!\d)", content)
    close_and_seal(anonymous)
    assert "Many answers came by the open link" not in page(editor, anonymous, "progress/")
    reviewer = signed_in("reviewer")
    assert "32 of them came among many within ten minutes" in page(
        reviewer, anonymous, "open-answers/"
    )
    assert Exclusion.objects.get(by=None).reason
