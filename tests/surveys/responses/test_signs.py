"""Signs of careless answers, found at the seal; and what a reviewer leaves out because of them."""

from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from surveys import answers
from surveys.actions import answer
from surveys.actions.exclude import exclude, include_again
from surveys.actions.invite import join
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.errors import Conflict, RuleBroken
from surveys.models import Criterion, Exclusion, Intake, Mode, SealedAnswers
from surveys.questionnaire.questionnaires import questionnaire
from surveys.responses import quality, signs
from surveys.responses.signs import Sign
from tests.builders import consent_of, make_link, make_links, make_survey, rewrite
from tests.markup import page_of

pytestmark = pytest.mark.django_db

VARIED = [1, 5, 2, 4, 3, 5, 1, 2, 4, 3, 5, 2]


@pytest.fixture
def twelve(db):
    """Twelve topics; anyone with the link may answer too."""
    survey = make_survey(topics=12, mode=Mode.NAMED)
    survey.audiences.update(open_link=True)
    return survey


def hand_in(survey, ratings, *, token="", seconds=None, trap=""):
    token = token or make_link(survey)
    answer.start(token, consent_of(survey))
    keys = survey.questions.order_by("pk").values_list("pk", flat=True)
    answer.save(token, dict(zip(keys, ratings, strict=True)))
    answer.submit(token, submission=uuid4(), trap=trap)
    rewrite(Intake.objects.filter(receipt=receipt_of(token)), seconds=seconds)


def receipt_of(token):
    from surveys.visit.visits import find

    return find(token).draft.receipt


def flags_of(survey):
    close(survey)
    seal(survey)
    return [Sign(int(flag)) for flag in answers.sealed_answers(survey).flags]


def joined(survey):
    return join(survey.audiences.get(), consent=consent_of(survey), language="en")


@pytest.mark.parametrize(
    ("given", "how", "sign"),
    [
        ([4] * 12, {}, Sign.STRAIGHT_LINING | Sign.LONG_STRING),
        ([3] * 11 + [5], {}, Sign.MIDPOINT),
        (VARIED, {"seconds": 12}, Sign.FAST),
        (VARIED, {"trap": "http://spam.example"}, Sign.TRAPPED),
        (VARIED, {}, Sign(0)),
        (VARIED, {"seconds": 240}, Sign(0)),
    ],
)
def test_a_careless_answer_bears_its_sign_in_the_block_and_a_careful_one_none(
    twelve, given, how, sign
):
    hand_in(twelve, given, **how)
    [found] = flags_of(twelve)

    assert found & ~Sign.LONG_STRING == sign & ~Sign.LONG_STRING
    assert found & sign == sign


def test_a_run_counts_in_the_order_the_person_saw(twelve):
    """Eight equal ratings in a row on screen, scattered over the columns of the block."""
    token = make_link(twelve)
    form = questionnaire(twelve.audiences.get())
    from surveys.models import token_hash

    seen = [question.pk for item in form.order(token_hash(token)) for question in item.questions]
    ratings = dict(zip(seen, [5] * 8 + [1, 2, 3, 1], strict=True))
    columns = [ratings[pk] for pk in twelve.questions.order_by("pk").values_list("pk", flat=True)]
    hand_in(twelve, columns, token=token)

    assert flags_of(twelve) == [Sign.LONG_STRING]
    if columns != [5] * 8 + [1, 2, 3, 1]:  # control: by column, there is no such run
        assert quality.longest_run([columns])[0] < 8


def test_equal_answers_are_a_sign_on_the_open_link_only(twelve):
    for _person in range(2):
        hand_in(twelve, VARIED)
        hand_in(twelve, VARIED[::-1], token=joined(twelve))

    flags = flags_of(twelve)

    assert sorted(flags) == [Sign(0), Sign(0), *[Sign.DUPLICATE | Sign.OPEN_LINK] * 2]


def test_an_answer_by_program_in_one_call_has_no_time(twelve):
    keys = twelve.questions.values_list("pk", flat=True)
    answer.submit(
        make_link(twelve),
        submission=uuid4(),
        ratings=dict.fromkeys(keys, 4),
        consent=consent_of(twelve),
    )

    assert Intake.objects.get().contents.seconds is None


def test_the_clock_stops_at_the_first_submission(twelve, monkeypatch):
    token = make_link(twelve)
    answer.start(token, consent_of(twelve))
    begun = Intake.objects.get().begun
    for later in (90, 5000):
        monkeypatch.setattr("surveys.visit.visits.time.time", lambda later=later: begun + later)
        answer.submit(token, submission=uuid4(), comment=str(later))

    assert Intake.objects.get().contents.seconds == 90


def test_simulated_answers_are_never_too_fast():
    survey = make_survey(topics=12, simulated=True)
    hand_in(survey, VARIED, seconds=1)

    assert flags_of(survey) == [Sign(0)]


def test_the_seal_forgets_times_and_links(twelve):
    hand_in(twelve, VARIED, seconds=1234)
    close(twelve)
    seal(twelve)
    columns = connection.introspection.get_table_description(
        connection.cursor(), SealedAnswers._meta.db_table
    )

    assert not Intake.objects.exists()
    assert {column.name for column in columns} == {
        "id", "survey_id", "block", "digest", "respondents", "counts", "versions"
    }  # fmt: skip


def test_the_page_sets_the_trap_where_people_do_not_meet_it(twelve, visitor):
    token = make_link(twelve)
    answer.start(token, consent_of(twelve))
    page = page_of(visitor.get(f"/r/{token}/end/"))
    visitor.post(f"/r/{token}/end/", {"website": "http://spam.example", "comment": ""})

    assert '<p class="vh" aria-hidden="true"> <label>Leave this empty' in page
    assert 'name="website" tabindex="-1"' in page
    assert Intake.objects.get().contents.trapped


def test_two_signs_flag_and_a_straight_line_with_its_long_string_is_one():
    result = np.array(
        [Sign.STRAIGHT_LINING | Sign.LONG_STRING, Sign.FAST, Sign.FAST | Sign.TRAPPED,
         Sign.OPEN_LINK | Sign.FAST, Sign.LONG_STRING | Sign.MIDPOINT], np.uint16
    )  # fmt: skip

    assert signs.flags_set(result).tolist() == [False, False, True, False, True]


def test_every_sign_is_a_criterion_and_the_other_way_round():
    """But for coming late: late answers are compared with the others, never left out for it."""
    signs = {sign.name.lower() for sign in Sign if sign is not Sign.LATE}

    assert signs == set(Criterion.values) - {Criterion.TWO_SIGNS}


# ---- exclusions ----


@pytest.fixture
def reviewer(db):
    return User.objects.create(username="reviewer")


@pytest.fixture
def mixed(twelve):
    """Ten careful answers and six too fast ones."""
    for number, token in enumerate(make_links(twelve, 16)):
        hand_in(twelve, VARIED, token=token, seconds=12 if number < 6 else 240)
    close(twelve)
    seal(twelve)
    return twelve


def test_excluded_rows_are_left_out_and_all_are_still_there(mixed, reviewer):
    everything = answers.sealed_answers(mixed)
    exclude(mixed, Criterion.FAST, "Under two seconds a topic.", reviewer)

    rest = answers.without_excluded(everything, mixed)

    assert len(answers.sealed_answers(mixed).ratings) == 16
    assert len(rest.ratings) == len(rest.audience) == len(rest.flags) == 10
    assert rest.digest != everything.digest


def test_without_an_exclusion_nothing_is_left_out(mixed):
    everything = answers.sealed_answers(mixed)

    assert answers.without_excluded(everything, mixed) is everything


def test_an_exclusion_can_be_undone_and_stays_on_record(mixed, reviewer):
    exclusion = exclude(mixed, Criterion.FAST, "Too fast.", reviewer)
    include_again(exclusion, reviewer)
    everything = answers.sealed_answers(mixed)

    assert answers.without_excluded(everything, mixed) is everything
    assert Exclusion.objects.get().lifted_by == reviewer
    with pytest.raises(Conflict):
        include_again(exclusion, reviewer)
    exclude(mixed, Criterion.FAST, "Too fast after all.", reviewer)


@pytest.mark.parametrize(("criterion", "reason"), [("fast", " "), ("person_5", "Angry"), ("", "x")])
def test_an_exclusion_needs_a_sign_and_a_reason(mixed, reviewer, criterion, reason):
    with pytest.raises(RuleBroken):
        exclude(mixed, criterion, reason, reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Exclusion.objects.create(survey=mixed, criterion=criterion, reason="", by=reviewer)


def test_nothing_is_excluded_twice_or_before_the_seal(mixed, twelve, reviewer):
    exclude(mixed, Criterion.FAST, "Too fast.", reviewer)
    with pytest.raises(Conflict):
        exclude(mixed, Criterion.FAST, "Again.", reviewer)
    with pytest.raises(RuleBroken):
        exclude(make_survey(topics=2), Criterion.FAST, "Too early.", reviewer)


SEVERAL = [Sign.FAST] * 5 + [Sign.MIDPOINT] + [Sign(0)] * 14
CROSSED = [Sign.FAST] * 5 + [Sign.FAST | Sign.MIDPOINT] + [Sign.MIDPOINT] * 5 + [Sign(0)] * 9
LARGE = [Sign.FAST] * 5 + [Sign.MIDPOINT] * 5 + [Sign(0)] * 10


def bearing(monkeypatch, survey, flags):
    """Let the sealed rows of a survey bear these signs."""
    for number in range(len(flags)):
        hand_in(survey, VARIED[number % 5 :] + VARIED[: number % 5])
    close(survey)
    seal(survey)
    read = answers.sealed_answers

    def marked(of):
        return replace(read(of), flags=np.array(flags, np.uint16))

    monkeypatch.setattr(answers, "sealed_answers", marked)


@pytest.mark.parametrize(
    ("flags", "steps"),
    [
        (SEVERAL, ["+fast", "+midpoint"]),  # six are out, then five: one person's ratings
        (SEVERAL, ["+midpoint", "+fast", "-midpoint"]),
        (SEVERAL, ["+fast", "-fast", "+midpoint", "+fast"]),  # five were out, now six
        (CROSSED, ["+fast", "-fast", "+midpoint"]),  # |A| + |B| - |A or B| = one person
    ],
)
def test_no_way_of_leaving_out_tells_one_answer(reviewer, monkeypatch, flags, steps):
    survey = make_survey(topics=12)
    bearing(monkeypatch, survey, flags)
    for step in steps[:-1]:
        take(survey, step, reviewer)

    standing = answers.criteria_in_force(survey)
    with pytest.raises(RuleBroken, match="5"):
        take(survey, steps[-1], reviewer)
    assert answers.criteria_in_force(survey) == standing


def test_the_control_signs_of_many_are_left_out_in_turn(reviewer, monkeypatch):
    survey = make_survey(topics=12)
    bearing(monkeypatch, survey, LARGE)

    for step in ("+fast", "+midpoint", "-fast", "-midpoint"):
        take(survey, step, reviewer)


def test_the_control_a_named_survey_may_tell_a_few(reviewer, monkeypatch):
    survey = make_survey(topics=12, mode=Mode.NAMED)
    bearing(monkeypatch, survey, SEVERAL)

    for step in ("+fast", "+midpoint"):
        take(survey, step, reviewer)


def take(survey, step, reviewer):
    if step[0] == "+":
        exclude(survey, step[1:], "Why not.", reviewer)
    else:
        include_again(Exclusion.objects.get(criterion=step[1:], lifted_at=None), reviewer)


def test_an_exclusion_names_no_person():
    names = {field.name for field in Exclusion._meta.get_fields()}

    lifting = {"lifted_at", "lifted_by", "lifted_reason"}
    assert names == {"id", "survey", "criterion", "reason", "by", "at"} | lifting


def test_a_few_in_an_anonymous_survey_are_not_counted_out():
    survey = make_survey(topics=12)
    for number, token in enumerate(make_links(survey, 10)):
        hand_in(survey, VARIED, token=token, seconds=12 if number < 3 else 240)
        if number > 4:
            rewrite(Intake.objects.filter(receipt=receipt_of(token)), trapped=True)
    close(survey)
    seal(survey)

    counts = answers.sign_counts(survey)

    assert (counts["fast"], counts["trapped"], counts["midpoint"]) == (None, 5, 0)


def test_a_few_careless_answers_stay_in_an_anonymous_survey_and_many_go(reviewer):
    """Leaving three of ten out would tell what they said; five of ten may go."""
    for careless, stay in ((3, 10), (5, 5)):
        survey = make_survey(topics=12)
        for number, token in enumerate(make_links(survey, 10)):
            hand_in(survey, VARIED, token=token, seconds=12 if number < careless else 240)
        close(survey)
        seal(survey)
        exclude(survey, Criterion.FAST, "Too fast.", reviewer)

        rest = answers.without_excluded(answers.sealed_answers(survey), survey)

        assert len(rest.ratings) == stay
