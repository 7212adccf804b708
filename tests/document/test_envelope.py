import json

import pytest

from materiality.document import BundleError, assemble, canonical, digest, read
from materiality.method import evaluate
from tests.samples import sample_inputs


@pytest.fixture
def document():
    inputs = sample_inputs()
    return assemble(inputs, evaluate(inputs))


def test_a_bundle_reads_back_as_it_was_written(document):
    assert read(canonical(document)) == document
    assert evaluate(document["inputs"]) == document["results"]


def test_the_digest_does_not_depend_on_the_order_of_keys(document):
    shuffled = dict(reversed(document.items()))

    assert digest(shuffled) == document["digest"]


@pytest.mark.parametrize("place", ["results", "inputs"])
def test_a_changed_bundle_is_refused(document, place):
    document[place]["topics"][0]["code"] = "something-else"

    with pytest.raises(BundleError, match="changed after it was written"):
        read(json.dumps(document))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a JSON file"),
        ("[]", "JSON object"),
        ('{"a": 1}', "not a materiality bundle"),
        ('{"format": "materiality-bundle", "version": 3}', "version 3 is unknown"),
        ('{"format": "materiality-bundle", "version": null}', "version None is unknown"),
        ('{"format": "materiality-bundle", "version": 1, "inputs": NaN}', "NaN is not a number"),
        ("[" * 100_000, "not a JSON file"),
    ],
)
def test_a_foreign_file_gets_one_clear_line(text, says):
    with pytest.raises(BundleError, match=says) as refusal:
        read(text)

    assert "\n" not in str(refusal.value)
