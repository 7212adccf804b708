"""Two readings of one part of a document: each difference is named, and nothing else is."""

import pytest

from materiality.locking.registers import register_differences


def passage(*entries, coder="c1"):
    coding = {"coder": coder, "topics": ["safety"], "entries": list(entries)}
    return {"passages": [{"code": "P-001", "codings": [coding]}]}


def differences(locked, now) -> list[str]:
    return list(register_differences(locked, now))


def test_a_passage_that_is_coded_to_entries_as_it_was_differs_in_nothing():
    assert differences(passage("IRO-001", "IRO-002"), passage("IRO-001", "IRO-002")) == []


@pytest.mark.parametrize("entries", [[], ["IRO-002"], ["IRO-001", "IRO-002"]])
def test_the_control_one_that_is_coded_to_others_does(entries):
    [line] = differences(passage("IRO-001"), passage(*entries))

    assert line.startswith("passages P-001, codings c1, entries: locked as “['IRO-001']”, now ")


@pytest.mark.parametrize("value", ["IRO-001", 5, True, {"code": "IRO-001"}, ["IRO-001"]])
def test_rows_that_a_tampered_document_has_something_else_for_are_named(value):
    rows = [{"code": "IRO-001", "kind": "risk"}]

    [line] = differences({"entries": value}, {"entries": rows})

    assert line.startswith("entries: locked as ")
