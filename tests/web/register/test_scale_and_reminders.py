"""What the numbers mean, on a page and on the sheets; experts who are reminded by mail."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from materiality import actions
from materiality.actions.register_scales import Meaning, scales_version
from materiality.errors import ScaleIsUsed
from materiality.locking import snapshots
from materiality.models import IroAssignment, IroScale
from tests.builders import both
from tests.markup import page_of
from tests.rounds import make_round, sealed_round
from tests.web.conftest import signed_in
from tests.web.register.test_assessing_pages import SHEET, text, url, user

pytestmark = pytest.mark.django_db
WORDS = [both(f"{at}级", f"Degree {at}") for at in range(1, 6)]
NOTHING = {
    **{f"{code}:{language}": "" for code in ("scale", "scope", "irremediability", "likelihood",
                                             "magnitude") for language in ("zh-hans", "en")},
    "currency": "", "limits:": "", "limits:short": "", "limits:medium": "", "limits:long": "",
}  # fmt: skip
SCOPE = {
    "scope:zh-hans": "\n".join(word["zh-hans"] for word in WORDS),
    "scope:en": "\n".join(word["en"] for word in WORDS),
}


def save(made, **sent):
    version = scales_version(made.iro_scales.all())
    return signed_in("owner").post(url(made, "scale/"), NOTHING | {"version": version} | sent)


# ---- the scale ----


def test_words_and_bands_are_set_on_a_page_and_shown_on_the_sheets_and_with_the_verdicts(made):
    money = {
        "currency": "cny",
        "limits:": "1,000; 5，000; 20000；100 000.0",
        "limits:long": "1;2;3;4",
    }

    assert save(made, **SCOPE, **money).status_code == 302

    viewer = signed_in("viewer")
    impact = text(viewer, url(made, "IRO-001/score/"))
    risk = text(viewer, url(made, "IRO-002/score/"))
    assert '<span class="num">1</span> Degree 1' in impact
    assert '<span class="num">2</span> 1,000 to under 5,000 CNY' in risk
    assert '<span class="num">5</span> 4 CNY and more' in risk
    assert "set before any score by it was known" in text(viewer, url(made, "topics/"))


def test_what_is_set_after_scores_says_so(made):
    signed_in("viewer").post(url(made, "IRO-001/score/"), SHEET | {"version": 0})

    save(made, **SCOPE)

    assert made.iro_scales.get().scores_before == 1
    assert "set when 1 score by it was known" in text(signed_in("owner"), url(made, "scale/"))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"scope:en": "One\nTwo"}, "a line for each number from 1 to 5; found 2"),
        (SCOPE | {"scope:en": "a\nb\nc\nd"}, "Write what 5 means in: English"),
        ({"limits:": "1; 2; 3; 4"}, "Money bands need both"),
        ({"currency": "CNY"}, "Money bands need both"),
        ({"currency": "CNY", "limits:": "1; 2; 2; 3"}, "Each limit is above the one before it"),
        ({"currency": "CNY", "limits:": "1; 2"}, "4 limits between them; found 2"),
        ({"currency": "CNY", "limits:long": "1; ten; 3; 4"}, "“ten” is no amount"),
        (
            {"currency": "CNY", "limits:": "1,5; 2,5; 3,5; 4,5"},
            "“1,5”: write decimals with a point",
        ),
        ({"currency": "CNY", "limits:": "1000，5000; 2e6; 3e6; 4e6"}, "“1000，5000”: write"),
        ({"currency": "CNY", "limits:": "1_000; 2; 3; 4"}, "“1_000” is no amount"),
        ({"currency": "CNY", "limits:": "inf; 2; 3; 4"}, "“inf” is no amount"),
        ({"currency": "C9", "limits:": "1; 2; 3; 4"}, "three letters"),
        ({"currency": "CNY", "limits:": "0; 2; 3; 4"}, "above 0"),
    ],
)
def test_what_is_not_whole_is_refused_with_a_sentence_and_kept_in_the_form(made, sent, words):
    answered = save(made, **sent)

    assert words in page_of(answered)
    assert not made.iro_scales.exists()


def test_two_who_set_it_at_once_are_told(made):
    actions.set_iro_scales(assessment=made, meanings={("scope", ""): Meaning(WORDS)}, by=None)

    answered = signed_in("owner").post(url(made, "scale/"), NOTHING | {"version": 223132457})

    assert answered.status_code == 409
    assert made.iro_scales.exists()


def test_the_rating_scale_stands_once_its_numbers_have_a_meaning(made):
    actions.set_scale(assessment=made, points=7, by=None)  # the control
    words = [both(f"{at}级", f"Degree {at}") for at in range(1, 8)]
    actions.set_iro_scales(assessment=made, meanings={("scope", ""): Meaning(words)}, by=None)

    with pytest.raises(ScaleIsUsed):
        actions.set_scale(assessment=made, points=5, by=None)


def test_words_and_bands_that_are_emptied_leave_no_meaning_and_the_scale_is_free_again(made):
    save(made, **SCOPE, currency="CNY", **{"limits:": "1; 2; 3; 4"})
    with pytest.raises(ScaleIsUsed):
        actions.set_scale(assessment=made, points=7, by=None)

    assert save(made).status_code == 302

    assert not made.iro_scales.exists()
    actions.set_scale(assessment=made, points=7, by=None)
    assert made.iros.first().assessment.points == 7


def test_meanings_are_carried_over_with_last_rounds_register_and_stand_after_the_lock():
    before = sealed_round(year="2019")
    actions.add_iro(
        assessment=before, topic="safety", kind="risk", title=both("险", "Risk"), by=None
    )
    meanings = {("scope", ""): Meaning(WORDS), ("magnitude", ""): Meaning((), "CNY", (1, 2, 3, 4))}
    actions.set_iro_scales(assessment=before, meanings=meanings, by=None)
    snapshots.lock(assessment=before, by=None)
    after = make_round(year="2020", previous=before)

    actions.carry_iros(assessment=after, by=None)

    assert after.iro_scales.get(criterion="scope").words == WORDS
    assert after.iro_scales.get(criterion="magnitude").limits == [1, 2, 3, 4]
    with pytest.raises(DatabaseError), transaction.atomic():
        IroScale.objects.filter(assessment=before).update(currency="EUR")


# ---- reminders ----


def remind(made, *names):
    who = [str(user(made, name).pk) for name in names]
    sent = {"remind": "1", "who": who}
    return page_of(signed_in("owner").post(url(made, "experts/"), sent, follow=True))


def test_an_expert_is_reminded_in_the_language_they_sign_in_in(made):
    viewer = user(made, "viewer")
    viewer.set_password("Long enough 1")
    viewer.save()
    sent = {"login": viewer.email, "password": "Long enough 1"}
    Client(headers={"accept-language": "en"}).post("/accounts/login/", sent)

    remind(made, "viewer")

    [letter] = mail.outbox
    assert letter.subject == "Your scores are asked for: Example Tech, 2020"
    assert "2 impacts, risks and opportunities" in letter.body
    assert f"/a/{made.pk}/register/assess/?lang=en" in letter.body
    assert re.findall("[\u4e00-\u9fff]", letter.body) == []


def test_an_expert_who_never_signed_in_is_reminded_in_the_rounds_first_language_and_not_twice(made):
    page = remind(made, "viewer")

    assert "viewer is written to" in page
    [letter] = mail.outbox
    assert letter.to == ["viewer@example.com"]
    assert "请您为" in letter.body
    assert "---" not in letter.body
    assert f"/a/{made.pk}/register/assess/?lang=zh-hans" in letter.body
    assert made.events.get(verb="remind_iro_experts").after == {"viewer": 2}

    assert "Nobody was written to" in remind(made, "viewer")
    assert len(mail.outbox) == 1


def test_after_some_days_they_are_reminded_again_but_not_who_has_scored_all(made):
    remind(made, "viewer")
    IroAssignment.objects.update(reminded_at=timezone.now() - timedelta(days=4))
    remind(made, "viewer")
    assert len(mail.outbox) == 2

    IroAssignment.objects.update(reminded_at=None)
    viewer = signed_in("viewer")
    viewer.post(url(made, "IRO-001/score/"), SHEET | {"version": 0})
    actions.close_iro(iro=made.iros.get(code="IRO-002"), reason=both("止", "Over"), by=None)

    assert "Nobody was written to" in remind(made, "viewer")
    assert len(mail.outbox) == 2


def test_who_no_mail_reached_is_not_noted_as_reminded_and_can_be_at_once(made, monkeypatch):
    long_ago = timezone.now() - timedelta(days=9)
    IroAssignment.objects.update(reminded_at=long_ago)
    with monkeypatch.context() as away:
        away.setattr("materiality.actions.letters.EmailMessage.send", refuse)
        page = remind(made, "viewer")

    assert "The mail to viewer could not be sent" in page
    assert set(IroAssignment.objects.values_list("reminded_at", flat=True)) == {long_ago}
    event = made.events.filter(verb="remind_iro_experts").last()
    assert (event.before, event.after) == ({"viewer": 2}, None)
    assert event.reason == "The mail could not be sent."

    assert "viewer is written to" in remind(made, "viewer")
    assert len(mail.outbox) == 1
    assert made.events.filter(verb="remind_iro_experts").count() == 3


def refuse(*_sent, **_options):
    raise ConnectionRefusedError


def test_a_viewer_reminds_nobody(made):
    sent = {"remind": "1", "who": [str(user(made, "viewer").pk)]}

    assert signed_in("viewer").post(url(made, "experts/"), sent).status_code == 403
    assert mail.outbox == []


def test_an_expert_is_told_where_score_and_reason_stand_by_name(made):
    sheet = text(signed_in("viewer"), url(made, "IRO-001/score/"))

    assert "Score and reason stand with your name in the workbook of the report" in sheet
    assert "workbook of the report" in text(signed_in("owner"), url(made))
