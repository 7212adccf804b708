"""Agreement of coders against published values, and what rests on one source."""

import pytest

from materiality.method.coding import FEWEST_PASSAGES, agreement, coding_of


def passage(code: str, **said):
    codings = [
        {"coder": who, "topics": list(topics), "entries": []} for who, topics in said.items()
    ]
    return {"code": code, "codings": codings}


def test_two_coders_of_ten_passages_agree_as_in_krippendorffs_own_example():
    """Krippendorff 2011, “Computing Krippendorff's alpha-reliability”, A: binary data, 0.095."""
    meg = (0, 1, 0, 0, 0, 0, 0, 0, 1, 0)
    owen = (1, 1, 1, 0, 0, 1, 0, 0, 0, 0)
    rows = [
        passage(str(at), meg=["dust"] * one, owen=["dust"] * other)
        for at, (one, other) in enumerate(zip(meg, owen, strict=True))
    ]

    assert agreement(rows) == pytest.approx(0.095, abs=0.0005)


def test_coders_who_agree_wholly_come_to_one_and_order_does_not_matter():
    rows = [passage(str(at), a=["dust"], b=["dust"]) for at in range(3)]
    rows += [passage(str(at), a=["water"], b=["water"]) for at in range(3, 6)]

    assert agreement(rows) == pytest.approx(1.0)
    assert agreement(rows[::-1]) == agreement(rows)


def test_nothing_is_given_of_few_passages_or_where_nothing_differs():
    few = [passage(str(at), a=["dust"], b=["water"]) for at in range(FEWEST_PASSAGES - 1)]
    alike = [passage(str(at), a=["dust"], b=["dust"]) for at in range(FEWEST_PASSAGES)]
    one_coder = [passage(str(at), a=["dust"]) for at in range(20)]

    for rows in (few, alike, one_coder):
        assert coding_of({"records": [], "comments": rows})["alpha"] is None
    enough = [*few, passage("last", a=["dust"], b=["dust"])]
    assert coding_of({"records": [], "comments": enough})["alpha"] is not None


def test_comments_count_as_one_source_and_each_record_as_one():
    def source(code, *passages):
        row = {"code": code, "kind": "media", "confidentiality": "public"}
        return row | {"passages": list(passages)}

    found = coding_of(
        {
            "records": [
                source("S-001", passage("P-001", a=["dust"]), passage("P-002", b=["dust"])),
                source("S-002", passage("P-003", a=["water"])),
            ],
            "comments": [passage("P-004", a=["water"]), passage("P-005", a=["noise"])],
        }
    )

    assert {row["code"]: row["sources"] for row in found["topics"]} == {
        "dust": ["S-001"],
        "water": ["S-002", "survey"],
        "noise": ["survey"],
    }
