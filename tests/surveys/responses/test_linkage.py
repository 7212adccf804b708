"""With the raw database in hand after the seal, and knowing who answered when: only chance is left.

Two hundred people, each with ratings and a comment that nobody else gave, answer one after the
other, each in a transaction of its own. An attack pairs people with what is sealed; by chance it
finds one of them. Each attack is tried on a seal without its guards too, where it finds far more.
The dice of the seal are fixed here, so that the test is no matter of luck.
"""

import random
from collections.abc import Callable
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.db import connection

from surveys import answers
from surveys.actions import answer
from surveys.actions import seal as sealing
from surveys.actions.publish import close
from surveys.encryption.contents import STEP, decrypt
from surveys.models import Comment, Invitation
from tests.builders import consent_of, make_links, make_survey

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 200
CHANCE = 3
MANY = 20 * CHANCE  # how a database reads rows that were written to is its own affair
PATTERNS = [[1 + person // 5**digit % 5 for digit in range(4)] for person in range(PEOPLE)]
COMMENTS = [f"{person:03d} says{' so' * (person % 40)}" for person in range(PEOPLE)]
LANGUAGES = ["en" if person % 50 == 0 else "zh-hans" for person in range(PEOPLE)]
PLACE = {"sqlite": "rowid", "postgresql": "ctid"}
Pairs = list[tuple[int, int]]


@pytest.fixture(autouse=True)
def _fixed_dice(monkeypatch):
    dice = random.Random(2020)
    monkeypatch.setattr(sealing.secrets, "SystemRandom", lambda: dice)
    monkeypatch.setattr(
        Comment._meta.get_field("id"), "_get_default", lambda: UUID(int=dice.getrandbits(128))
    )


@pytest.fixture
def crowd():
    """The survey, and the order in which its people answered."""
    survey = make_survey(topics=4)
    questions = list(survey.questions.order_by("pk").values_list("pk", flat=True))
    tokens = make_links(survey, PEOPLE)
    for invitation, language in zip(people(), LANGUAGES, strict=True):
        Invitation.objects.filter(pk=invitation).update(language=language)
    order = np.random.default_rng(7).permutation(PEOPLE).tolist()
    for person in order:
        answer.submit(
            tokens[person],
            submission=uuid4(),
            ratings=dict(zip(questions, PATTERNS[person], strict=True)),
            comment=COMMENTS[person],
            consent=consent_of(survey),
        )
    close(survey)
    return survey, order


def people() -> list[int]:
    """Return the keys of the invitations: person 0, 1, 2, …"""
    return list(Invitation.objects.order_by("pk").values_list("pk", flat=True))


def read(columns: str, table: str, order: str = "") -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} {f'ORDER BY {order}' if order else ''}")
        return cursor.fetchall()


def commented(rows: list[tuple]) -> list[int]:
    """Return whose comments these are."""
    return [COMMENTS.index(text) for text, *_rest in rows]


def rated(survey) -> list[int]:
    """Return whose ratings the rows of the block are."""
    return [PATTERNS.index(row) for row in answers.sealed_answers(survey).ratings.tolist()]


def in_order(some: list[int], others: list[int]) -> Pairs:
    return list(zip(some, others, strict=True))


def invited(order: str) -> list[int]:
    keys = people()
    return [keys.index(pk) for (pk,) in read("id", "surveys_invitation", order)]


def place() -> str:
    return PLACE[connection.vendor]


# ---- attacks: each pairs a person with a sealed row's owner ----


def ratings_by_time(survey, order) -> Pairs:
    return in_order(order, rated(survey))


def ratings_by_id(survey, order) -> Pairs:
    return in_order(invited("id"), rated(survey))


def ratings_by_place(survey, order) -> Pairs:
    return in_order(invited(place()), rated(survey))


def comments_by_time(survey, order) -> Pairs:
    return in_order(order, commented(read("text", "surveys_comment", place())))


def comments_by_place(survey, order) -> Pairs:
    return in_order(invited(place()), commented(read("text", "surveys_comment", place())))


def comments_by_id(survey, order) -> Pairs:
    return in_order(invited("id"), commented(read("text", "surveys_comment", "id")))


def comments_by_id_and_time(survey, order) -> Pairs:
    return in_order(order, commented(read("text", "surveys_comment", "id")))


def comments_by_length(survey, order) -> Pairs:
    """The length of a comment against the sum of the ratings: who has much to say?"""
    owners = sorted(rated(survey), key=lambda person: sum(PATTERNS[person]))
    return in_order(owners, commented(read("text", "surveys_comment", "length(text)")))


def comments_beside_ratings(survey, order) -> Pairs:
    return in_order(rated(survey), commented(read("text", "surveys_comment", place())))


def comments_by_equal_values(survey, order) -> Pairs:
    """Any column of an invitation against any of a comment, wherever one value meets one."""
    keys = people()
    sealed = read("*", "surveys_comment")
    text = [column.name for column in Comment._meta.concrete_fields].index("text")
    result: Pairs = []
    ids = [pk for (pk,) in read("id", "surveys_invitation")]
    for row in zip(*read("*", "surveys_invitation"), strict=True):
        for other in zip(*sealed, strict=True):
            for value in {v for v in row if row.count(v) == 1 and other.count(v) == 1}:
                [owner] = commented([(sealed[other.index(value)][text],)])
                result.append((keys.index(ids[row.index(value)]), owner))
    return result


def comments_by_language(survey, order) -> Pairs:
    """Those who chose the rarer language against the rows that name it, if any does."""
    rare = [person for person in range(PEOPLE) if LANGUAGES[person] == "en"]
    text = [column.name for column in Comment._meta.concrete_fields].index("text")
    rows = [row for row in read("*", "surveys_comment") if "en" in row]
    return list(zip(rare, commented([(row[text],) for row in rows]), strict=False))


def comments_by_transaction(survey, order) -> Pairs:
    """PostgreSQL: rows that one transaction wrote, and their order (xmin)."""
    number = "xmin::text::bigint"
    if connection.vendor != "postgresql":
        return comments_by_place(survey, order)
    return in_order(invited(number), commented(read("text", "surveys_comment", number)))


ATTACKS: tuple[Callable[..., Pairs], ...] = (
    ratings_by_time,
    ratings_by_id,
    ratings_by_place,
    comments_by_time,
    comments_by_place,
    comments_by_id,
    comments_by_id_and_time,
    comments_by_length,
    comments_beside_ratings,
    comments_by_equal_values,
    comments_by_language,
    comments_by_transaction,
)


def hits(pairs: Pairs) -> int:
    return sum(person == found for person, found in pairs)


def test_no_attack_finds_more_people_than_chance(crowd):
    survey, order = crowd
    sealing.seal(survey)

    result = {attack.__name__: hits(attack(survey, order)) for attack in ATTACKS}

    assert max(result.values()) <= CHANCE, result


def test_the_control_without_sorting_and_shuffling_the_order_finds_many(crowd, monkeypatch):
    survey, order = crowd
    monkeypatch.setattr(sealing, "in_canonical_order", lambda columns: columns)
    monkeypatch.setattr(sealing.secrets.SystemRandom(), "shuffle", lambda rows: None)
    sealing.seal(survey)

    for attack in (ratings_by_time, comments_by_time, comments_beside_ratings):
        assert hits(attack(survey, order)) > MANY, attack.__name__


def test_the_control_before_the_seal_the_database_and_the_key_tell_all(crowd):
    _survey, _order = crowd
    keys = people()

    rows = read("invitation_id, ciphertext", "surveys_intake")

    pairs = [(keys.index(pk), COMMENTS.index(decrypt(stored).comment)) for pk, stored in rows]
    assert hits(pairs) == PEOPLE


def test_before_the_seal_rows_of_long_and_short_comments_are_equally_long(crowd):
    lengths = {len(stored) for (stored,) in read("ciphertext", "surveys_intake")}

    assert lengths == {STEP}


def test_nothing_sealed_shows_a_time_a_language_or_a_link(crowd):
    survey, _order = crowd
    sealing.seal(survey)
    kept = {
        table: {c.name for c in connection.introspection.get_table_description(cursor, table)}
        for cursor in [connection.cursor()]
        for table in ("surveys_comment", "surveys_receipt", "surveys_sealedanswers")
    }

    assert kept["surveys_receipt"] == {"digest", "survey_id"}
    assert not {"language", "at", "invitation_id", "created"} & set().union(*kept.values())
