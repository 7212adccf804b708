"""The seal, and the one door out."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
from django.utils import timezone

from surveys import answers
from surveys.actions import answer
from surveys.actions import seal as sealing
from surveys.actions.invite import invite
from surveys.actions.publish import close
from surveys.actions.seal import SealMismatch, seal
from surveys.encryption import keys
from surveys.errors import Conflict, SealBroken
from surveys.models import (
    CANNOT_JUDGE,
    Comment,
    Intake,
    Invitation,
    Mode,
    Receipt,
    SealedAnswers,
    Survey,
)
from surveys.people.person import Person
from surveys.responses import blocks
from tests.builders import consent_of, invitation_of, make_link, make_links, make_survey

pytestmark = pytest.mark.django_db


def respond(survey, token, ratings, comment=""):
    """Hand in the given ratings, in the order of the questions; None is blank."""
    keys = survey.questions.order_by("pk").values_list("pk", flat=True)
    return answer.submit(
        token,
        submission=uuid4(),
        ratings=dict(zip(keys, ratings, strict=True)),
        comment=comment,
        consent=consent_of(survey),
    )


def is_counted(code: str, survey) -> bool:
    return Receipt.objects.of(survey, code).exists()


def sealed(survey) -> SealedAnswers:
    close(survey)
    return seal(survey)


@pytest.fixture
def small(db):
    """Three items; customers and employees."""
    return make_survey(topics=3, audiences=("customers", "employees"))


# ---- what the block holds ----


def test_the_block_holds_every_rating_under_its_question_and_audience(small):
    respond(small, make_link(small, "employees"), [5, "cannot_judge", None])
    respond(small, make_link(small, "customers"), [1, 2, 3])
    sealed(small)

    result = answers.sealed_answers(small)

    assert result.audiences == ("customers", "employees")
    assert result.questions == tuple(small.questions.order_by("pk").values_list("pk", flat=True))
    rows = dict(zip(result.audience.tolist(), result.ratings.tolist(), strict=True))
    assert rows == {0: [1, 2, 3], 1: [5, CANNOT_JUDGE, 0]}
    assert (result.ratings.dtype, result.flags.dtype) == (np.uint8, np.uint16)
    assert result.flags.tolist() == [0, 0]


def test_a_draft_with_a_rating_counts_and_an_empty_one_does_not(small):
    begun, empty = make_links(small, 2)
    answer.start(empty, consent_of(small))
    answer.start(begun, consent_of(small))
    answer.save(begun, {small.questions.first().pk: 4})

    assert sealed(small).respondents == 1


def test_tests_withdrawn_and_declined_answers_never_count(small):
    audience = small.audiences.first()
    [(_made, trial)] = invite(audience, [Person()], source=Invitation.Source.TEST)
    withdrawn, declined = make_links(small, 2)
    for token in (trial, withdrawn, declined):
        respond(small, token, [1, 1, 1])
    answer.withdraw(withdrawn)
    answer.decline(declined)

    assert sealed(small).respondents == 0


def test_a_survey_nobody_answered_seals_to_an_empty_block(small):
    sealed(small)

    assert answers.sealed_answers(small).ratings.shape == (0, 3)
    assert answers.response_counts(small) == {"customers": 0, "employees": 0}


def test_an_anonymous_block_names_nobody_and_a_named_one_the_invitation():
    anonymous, named = make_survey(topics=2), make_survey(topics=2, mode=Mode.NAMED)
    tokens = {survey.pk: make_link(survey) for survey in (anonymous, named)}
    for survey in (anonymous, named):
        respond(survey, tokens[survey.pk], [3, 4])

    held = [blocks.unpack(bytes(sealed(s).block), s.sealed.digest) for s in (anonymous, named)]

    assert "invitations" not in held[0]
    assert held[1]["invitations"].tolist() == [invitation_of(tokens[named.pk]).pk]


def test_sealing_leaves_no_intake_and_notes_who_took_part(small):
    submitted, begun, silent = make_links(small, 3)
    respond(small, submitted, [1, 2, 3])
    answer.start(begun, consent_of(small))
    sealed(small)

    assert not Intake.objects.exists()
    states = [invitation_of(token).state for token in (submitted, begun, silent)]
    assert states == ["submitted", "started", "invited"]


def test_comments_are_apart_and_carry_only_groups_of_five_or_more(small):
    for token in make_links(small, 5):
        respond(small, token, [1, 2, 3], "From a customer")
    for token in make_links(small, 4, "employees"):
        respond(small, token, [1, 2, 3], "From an employee")
    sealed(small)

    groups = {(c.text, c.audience and c.audience.code) for c in Comment.objects.all()}

    assert groups == {("From a customer", "customers"), ("From an employee", None)}


def test_a_receipt_tells_that_the_answer_was_counted_and_is_stored_as_its_hash(small):
    receipt = respond(small, make_link(small), [1, 2, 3])
    assert not is_counted(receipt, small)
    sealed(small)

    assert is_counted(receipt, small)
    assert is_counted(f" {receipt.lower()} ", small)
    assert not is_counted("AAAA-AAAA", small)
    assert receipt not in str(list(Receipt.objects.values()))


def test_two_people_with_one_receipt_code_are_both_counted(small, monkeypatch):
    monkeypatch.setattr(answer, "new_receipt", lambda: "AAAA-BBBB")
    for token in make_links(small, 2):
        respond(small, token, [1, 2, 3])

    assert sealed(small).respondents == 2
    assert is_counted("AAAA-BBBB", small)


# ---- when it may be sealed ----


def test_only_a_survey_that_was_open_and_is_over_is_sealed(small):
    never = make_survey(publish_it=False)
    with pytest.raises(Conflict, match=r"open|进行"):
        seal(small)
    with pytest.raises(Conflict):
        seal(never)
    sealed(small)
    keys.destroy(Survey.objects.get(pk=small.pk).key)  # as the commit does
    with pytest.raises(Conflict):
        seal(small)

    assert SealedAnswers.objects.count() == 1


def test_what_does_not_add_up_is_not_sealed(small, monkeypatch):
    respond(small, make_link(small), [1, 2, 3])
    close(small)
    pack = blocks.pack

    def careless(columns):
        columns["ratings"][0, 0] = 5
        return pack(columns)

    monkeypatch.setattr(sealing, "pack", careless)
    with pytest.raises((SealMismatch, SealBroken)):
        seal(small)

    assert Intake.objects.count() == 1
    assert not SealedAnswers.objects.exists()
    assert not Survey.objects.get(pk=small.pk).is_sealed


def test_a_crash_half_way_leaves_everything_as_it_was(small, monkeypatch):
    respond(small, make_link(small), [1, 2, 3], "Hello")
    close(small)

    def crash(*_args):
        raise RuntimeError("power cut")

    for step in ("_store_block", "_store_comments", "_store_receipts", "_note_who_took_part"):
        with monkeypatch.context() as patch:
            patch.setattr(sealing, step, crash)
            with pytest.raises(RuntimeError):
                seal(small)
        assert Intake.objects.count() == 1
        assert not SealedAnswers.objects.exists()
        assert not Comment.objects.exists()
    assert seal(small).respondents == 1


@pytest.mark.django_db(transaction=True)
def test_a_seal_lets_the_database_overwrite_what_it_deleted():
    survey = make_survey(topics=3)
    respond(survey, make_link(survey), [1, 2, 3])

    sealed(survey)

    assert answers.response_counts(survey) == {"customers": 1}


# ---- the digest ----


@pytest.fixture
def three(small):
    for token, ratings in zip(make_links(small, 3), ([3, 1, 2], [1, 5, 5], [1, 2, 0]), strict=True):
        respond(small, token, [rating or None for rating in ratings])
    sealed(small)
    return small


def test_the_digest_can_be_computed_from_its_description(three):
    """By hand, from the docstring of `digest_of`: a line of JSON, then the rows in order."""
    result = answers.sealed_answers(three)
    head = {
        "format": 2,
        "audiences": ["customers", "employees"],
        "questions": list(result.questions),
        "respondents": 3,
        "named": False,
    }
    rows = sorted(bytes([0, 0, 0, 0, *row]) for row in ([3, 1, 2], [1, 5, 5], [1, 2, 0]))
    text = json.dumps(head, separators=(",", ":"), sort_keys=True).encode()

    assert result.digest == hashlib.sha256(text + b"\n" + b"".join(rows)).hexdigest()


def test_the_order_of_arrival_leaves_no_trace(small):
    """The same answers in another order give the same bytes."""
    rng = np.random.default_rng(1)
    columns = {
        "audiences": np.array(["a", "b"]),
        "questions": np.arange(4),
        "audience": rng.integers(0, 2, 200).astype(np.uint16),
        "flags": np.zeros(200, np.uint8),
        "ratings": rng.integers(0, 6, (200, 4)).astype(np.uint8),
    }
    order = rng.permutation(200)
    shuffled = columns | {name: columns[name][order] for name in ("audience", "flags", "ratings")}

    first, second = (blocks.in_canonical_order(each) for each in (columns, shuffled))

    assert blocks.pack(first) == blocks.pack(second)
    assert blocks.digest_of(columns) != blocks.digest_of(first)  # control: order matters to it


def test_the_file_in_the_block_carries_no_time(three):
    with zipfile.ZipFile(io.BytesIO(bytes(three.sealed.block))) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def change_a_rating(block):
    columns = blocks.unpack(block, blocks_digest(block))
    columns["ratings"][0, 0] ^= 1
    return blocks.pack(columns)


def drop_a_row(block):
    columns = blocks.unpack(block, blocks_digest(block))
    for name in ("audience", "flags", "ratings"):
        columns[name] = columns[name][1:]
    return blocks.pack(columns)


def rename_an_audience(block):
    columns = blocks.unpack(block, blocks_digest(block))
    columns["audiences"] = columns["audiences"][::-1]
    return blocks.pack(columns)


def blocks_digest(_block):
    return SealedAnswers.objects.get().digest


@pytest.mark.parametrize(
    "tamper",
    [change_a_rating, drop_a_row, rename_an_audience, lambda block: block[:-40], lambda _: b"",
     lambda block: block.replace(b"ratings", b"patings")],
)  # fmt: skip
def test_a_changed_block_is_refused(three, tamper):
    block = bytes(SealedAnswers.objects.get().block)
    SealedAnswers.objects.update(block=tamper(block))

    with pytest.raises(SealBroken, match="sealed answers"):
        answers.sealed_answers(three)


def test_the_control_an_unchanged_block_is_accepted(three):
    SealedAnswers.objects.update(block=bytes(SealedAnswers.objects.get().block))

    assert len(answers.sealed_answers(three).ratings) == 3


def test_a_pickle_in_the_block_is_not_opened(three):
    file = io.BytesIO()
    np.savez(file, ratings=np.array([{"a": 1}], dtype=object))
    SealedAnswers.objects.update(block=file.getvalue())

    with pytest.raises(SealBroken):
        answers.sealed_answers(three)


def test_an_open_survey_has_no_answers_to_read(small):
    respond(small, make_link(small), [1, 2, 3])

    with pytest.raises(SealedAnswers.DoesNotExist):
        answers.sealed_answers(small)


# ---- counts ----


@pytest.mark.parametrize(
    ("mode", "shown"), [(Mode.ANONYMOUS, [0, 0, 5, 5, 10]), (Mode.NAMED, [0, 4, 5, 9, 10])]
)
def test_counters_move_in_steps_of_five_while_an_anonymous_survey_is_open(mode, shown):
    survey = make_survey(topics=1, mode=mode)
    tokens = make_links(survey, 10)
    counts = {}
    for answered in range(11):
        counts[answered] = answers.response_counts(survey)["customers"]
        if answered < 10:
            respond(survey, tokens[answered], [3])

    assert [counts[number] for number in (0, 4, 5, 9, 10)] == shown


def test_counts_are_exact_once_sealed(small):
    for token in make_links(small, 7):
        respond(small, token, [1, 2, 3])
    assert answers.response_counts(small) == {"customers": 5, "employees": 0}
    sealed(small)

    assert answers.response_counts(small) == {"customers": 7, "employees": 0}


def test_test_answers_do_not_show_in_the_counters():
    survey = make_survey(topics=1, mode=Mode.NAMED)
    [(_made, trial)] = invite(survey.audiences.get(), [Person()], source=Invitation.Source.TEST)
    respond(survey, trial, [3])

    assert answers.response_counts(survey) == {"customers": 0}


def test_a_sealed_survey_stores_no_time_but_its_own(small):
    start = timezone.now() - timedelta(minutes=1)
    respond(small, make_link(small), [1, 2, 3], "Hello")
    sealed(small)

    rows = [Comment.objects.values(), Receipt.objects.values(), SealedAnswers.objects.values()]

    assert not [value for row in rows for item in row for value in item.values()
                if hasattr(value, "year")]  # fmt: skip
    assert Survey.objects.get(pk=small.pk).sealed_at > start
