"""The types of a bundle, and the schema other programs read."""

import json
from pathlib import Path

import pytest

from materiality.document import BundleError, read, reopen
from materiality.document.border import json_schema
from materiality.document.schema import Inputs
from tests.samples import sample_inputs

ROOT = Path(__file__).resolve().parents[2]


def test_the_documented_schema_is_that_of_the_types():
    assert (ROOT / "docs/bundle.schema.json").read_text(encoding="utf-8") == json_schema()


def test_the_schema_names_every_key_and_refuses_others():
    schema = json.loads(json_schema())["$defs"]["Inputs"]

    assert set(schema["properties"]) == set(Inputs.__annotations__)
    assert schema["additionalProperties"] is False


def test_every_key_of_the_inputs_is_described():
    text = (ROOT / "docs/bundle.md").read_text(encoding="utf-8")

    assert [key for key in Inputs.__annotations__ if f"`{key}`" not in text] == []


@pytest.mark.parametrize("name", ["bundle-2019.json", "bundle-2020.json"])
def test_a_released_bundle_is_still_read(name):
    document = read((ROOT / "tests/golden" / name).read_bytes())

    assert document["inputs"]["topics"]


def test_what_was_kept_is_opened_by_its_digest_alone():
    text = json.dumps({"format": "materiality-bundle", "version": 1, "inputs": sample_inputs()})

    with pytest.raises(BundleError, match="has a digest"):
        reopen(text)
