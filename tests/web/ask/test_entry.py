"""Interviews and paper entered by staff; answers by open link that wait for a reviewer."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from materiality.errors import NoResultsYet
from materiality.inputs.sealed import sealed_survey
from surveys import answers
from surveys.actions.answer import save, start, submit
from surveys.actions.exclude import exclude, include_again
from surveys.actions.invite import join
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.errors import RuleBroken
from surveys.fieldwork.progress import progress
from surveys.models import Criterion, Exclusion, Intake, Invitation, Survey
from surveys.responses.signs import Sign, with_sign
from tests.builders import consent_of, make_links
from tests.markup import page_of
from tests.rounds import STEADY, answer
from tests.web.ask.asking import last_event, page, tab
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


def entry_form(client, survey, rating="4", **changes):
    form = client.get(tab(survey, "entry/"), {"group": "employees"}).context["form"]
    sent = {field.html_name: rating for _item, fields in form.rows() for field in fields}
    sent |= {"submission": str(form["submission"].value()), "agreed": "on", "comment": ""}
    return sent | changes


def enter(client, survey, sent):
    return client.post(tab(survey, "entry/?group=employees"), sent)


def test_an_interview_is_entered_on_one_page(editor, anonymous):
    sent = entry_form(editor, anonymous, comment="By phone")

    saved = enter(editor, anonymous, sent)

    intake = Intake.objects.get()
    assert saved.status_code == 302
    assert set(intake.contents.ratings.values()) == {4}
    assert (intake.submitted, intake.contents.comment) == (True, "By phone")
    assert intake.invitation.source == Invitation.Source.STAFF
    assert intake.receipt in page(editor, anonymous, "entry/", group="employees")


def test_the_same_form_sent_twice_enters_and_logs_one_answer(editor, anonymous, round_):
    sent = entry_form(editor, anonymous)

    for _click in range(2):
        enter(editor, anonymous, sent)

    assert Intake.objects.count() == 1
    assert round_.events.filter(verb="enter").count() == 1


def test_blank_and_cannot_judge_are_entered_as_such(editor, anonymous):
    sent = entry_form(editor, anonymous)
    first, second, *_rest = [name for name in sent if name[0] == "q"]

    enter(editor, anonymous, sent | {first: "", second: "cannot_judge"})

    ratings = Intake.objects.get().contents.ratings
    assert first[1:] not in ratings
    assert ratings[second[1:]] == 255


def test_without_agreement_nothing_is_entered_and_nothing_is_lost(editor, anonymous):
    sent = entry_form(editor, anonymous, rating="2")
    del sent["agreed"]

    refused = enter(editor, anonymous, sent)

    assert refused.status_code == 409
    assert page_of(refused).count('value="2" selected') == sum(name[0] == "q" for name in sent)
    assert not Intake.objects.exists()


def test_what_staff_enter_is_counted_apart_and_marked_in_the_seal(editor, anonymous):
    enter(editor, anonymous, entry_form(editor, anonymous))
    [row] = [one for one in progress(anonymous) if one.audience.code == "employees"]
    close(anonymous)
    seal(anonymous)

    flags = answers.sealed_answers(anonymous).flags
    assert row.answered_invited == 0  # of people with a link
    assert with_sign(flags, Sign.STAFF).tolist() == [True]
    assert not with_sign(flags, Sign.OPEN_LINK).any()


def test_the_log_tells_the_group_and_nobody(editor, anonymous, round_):
    enter(editor, anonymous, entry_form(editor, anonymous))

    event = last_event(round_)
    assert (event.verb, event.subject, event.after) == (
        *("enter", anonymous.slug, {"group": "employees"}),
    )


def test_a_name_is_taken_in_a_named_survey_only(editor, anonymous, named):
    enter(editor, anonymous, entry_form(editor, anonymous, name="Li Min"))
    form = editor.get(tab(named, "entry/")).context["form"]

    assert Invitation.objects.get(intake__isnull=False).name == ""
    assert "name" in form.fields


def test_a_closed_survey_takes_no_entry(editor, anonymous):
    sent = entry_form(editor, anonymous)
    close(anonymous)

    enter(editor, anonymous, sent)

    assert not Intake.objects.exists()
    assert "while the survey is open" in page(editor, anonymous, "entry/")


def ratings_of(survey, rating):
    questions = survey.audiences.get(code="employees").questions
    return {str(key): rating for key in questions.values_list("pk", flat=True)}


def answer_by_open_link(survey, people):
    audience, consent = survey.audiences.get(code="employees"), consent_of(survey)
    for _stray in range(people):
        token = join(audience, consent=consent, language="en")
        submit(token, submission=uuid4(), ratings=ratings_of(survey, 1))


def seal_six_of_each(survey):
    """Six employees with links of their own, and six answers by open link, sealed; those wait."""
    Survey.objects.filter(pk=survey.pk).update(open_answers_wait=True)
    survey.refresh_from_db()
    ratings, consent = ratings_of(survey, 4), consent_of(survey)
    for token in make_links(survey, 6, "employees"):
        submit(token, submission=uuid4(), ratings=ratings, consent=consent)
    answer_by_open_link(survey, 6)
    close(survey)
    seal(survey)


@pytest.fixture
def waiting(anonymous: Survey) -> Survey:
    seal_six_of_each(anonymous)
    return anonymous


def counting(survey):
    """Return how many answers count, and their mean."""
    kept = answers.without_excluded(answers.sealed_answers(survey), survey)
    rated = kept.ratings[kept.ratings > 0]
    return len(kept.ratings), rated.mean()


def decide(survey, accept, reason="They are ours.", role="reviewer"):
    client = signed_in(role)
    return client.post(tab(survey, "open-answers/"), {"accept": accept, "reason": reason})


def test_answers_by_open_link_are_in_no_result_until_a_reviewer_takes_them_in(waiting):
    assert counting(waiting) == (6, 4.0)
    assert "6 answers came by open link and wait" in page(
        signed_in("reviewer"), waiting, "open-answers/"
    )

    decide(waiting, "yes")

    assert counting(waiting) == (12, 2.5)


def test_no_result_is_shown_while_answers_wait_so_one_of_them_tells_nothing(waiting, round_):
    """Six before and seven after would be the ratings of one."""
    dimension = round_.dimensions.get(code="stakeholder")
    with pytest.raises(NoResultsYet, match=r"open link|公开链接"):
        sealed_survey(dimension)

    decide(waiting, "yes")

    assert sealed_survey(dimension) == waiting


@pytest.mark.parametrize("accept", ["yes", "no"])
def test_what_was_decided_of_a_few_open_answers_is_final(anonymous, accept):
    Survey.objects.filter(pk=anonymous.pk).update(open_answers_wait=True)
    anonymous.refresh_from_db()
    for token in make_links(anonymous, 13, "employees"):
        ratings, consent = ratings_of(anonymous, 4), consent_of(anonymous)
        submit(token, submission=uuid4(), ratings=ratings, consent=consent)
    answer_by_open_link(anonymous, 1)
    close(anonymous)
    seal(anonymous)
    decide(anonymous, accept)
    shown = counting(anonymous)
    by = User.objects.get(username="reviewer")
    turn_round = {
        "yes": lambda: exclude(anonymous, Criterion.OPEN_LINK, "After all not.", by),
        "no": lambda: include_again(Exclusion.objects.get(lifted_at=None), by),
    }

    with pytest.raises(RuleBroken):
        turn_round[accept]()

    assert counting(anonymous) == shown
    assert shown[0] == {"yes": 14, "no": 13}[accept]


def test_the_control_without_waiting_they_count_at_once(waiting):
    Exclusion.objects.all().delete()

    assert counting(waiting) == (12, 2.5)


def test_refused_answers_stay_out_with_the_reviewers_reason(waiting, round_):
    decide(waiting, "no", "A script sent them.")

    standing = Exclusion.objects.get(lifted_at=None)
    event = last_event(round_)
    assert counting(waiting) == (6, 4.0)
    assert (standing.by.username, standing.reason) == ("reviewer", "A script sent them.")
    assert (event.verb, event.reason) == ("exclude", "A script sent them.")
    assert "No answers wait" in page(signed_in("reviewer"), waiting, "open-answers/")


def test_an_accepted_answer_keeps_the_reason_on_record(waiting, round_):
    decide(waiting, "yes", "Checked against the fair's list.")

    assert Exclusion.objects.get().lifted_reason == "Checked against the fair's list."
    assert last_event(round_).reason == "Checked against the fair's list."


@pytest.mark.parametrize("sent", [("yes", ""), ("", "Why"), ("maybe", "Why")])
def test_a_decision_needs_a_choice_and_a_reason(waiting, sent):
    assert decide(waiting, *sent).status_code == 409
    assert Exclusion.objects.get().lifted_at is None


def test_counting_again_does_not_lift_the_wait_without_a_reason(waiting):
    wait, reviewer = Exclusion.objects.get(), signed_in("reviewer")

    content = page(reviewer, waiting, "quality/")
    assert "Decide, with a reason" in content
    assert 'name="again"' not in content
    refused = reviewer.post(tab(waiting, "quality/") + "?lang=en", {"again": str(wait.pk)})

    assert refused.status_code == 409
    assert "Decide on answers by open link with a reason." in page_of(refused)
    assert counting(waiting) == (6, 4.0)


def test_the_control_an_exclusion_by_a_person_is_lifted_where_it_stands(waiting):
    decide(waiting, "no")
    standing, reviewer = Exclusion.objects.get(lifted_at=None), signed_in("reviewer")
    assert 'name="again"' in page(reviewer, waiting, "quality/")

    reviewer.post(tab(waiting, "quality/"), {"again": str(standing.pk)})

    assert counting(waiting) == (12, 2.5)


def test_a_group_of_three_strays_alone_waits_too(anonymous):
    """Leaving out so few would tell what they said, had they ever been in a result."""
    Survey.objects.filter(pk=anonymous.pk).update(open_answers_wait=True)
    anonymous.refresh_from_db()
    answer_by_open_link(anonymous, 3)
    close(anonymous)
    seal(anonymous)

    assert answers.criteria_in_force(anonymous) == [Criterion.OPEN_LINK]
    kept = answers.without_excluded(answers.sealed_answers(anonymous), anonymous)
    assert len(kept.ratings) == 0


def results_of(survey) -> str:
    results = f"/a/{survey.assessments.get().pk}/results/?lang=en"
    return " ".join(page_of(signed_in("viewer").get(results)).split())


def test_what_people_picked_is_a_tab_of_the_sealed_survey_and_told_with_the_results(
    anonymous, named
):
    answer(named, STEADY)
    Survey.objects.filter(pk=anonymous.pk).update(top_three=True)
    anonymous.refresh_from_db()
    questions = list(ratings_of(anonymous, 4))
    for token in make_links(anonymous, 6, "employees"):
        start(token, consent_of(anonymous))
        save(token, dict.fromkeys(questions, 4))
        save(token, {}, chosen={f"t{questions[0]}": "1"})
        submit(token, submission=uuid4())
    before = page(signed_in("viewer"), anonymous, "picks/")
    close(anonymous)
    seal(anonymous)

    content = page(signed_in("viewer"), anonymous, "picks/")

    assert "once the survey is closed" in before
    assert "100%" in content
    assert content.index("(6)") < content.index("(0)")
    assert "Most often among the top three:" not in results_of(anonymous)
    close(named)
    seal(named)
    assert "Most often among the top three:</b>Privacy 100%" in results_of(anonymous)
    Survey.objects.filter(pk=anonymous.pk).update(top_three=False)
    assert "Most often among the top three:" not in results_of(anonymous)  # control
