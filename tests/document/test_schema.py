"""The types of a bundle, and the schema other programs read."""

import json
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest
from typing_extensions import is_typeddict

from materiality.document import BundleError, read, reopen
from materiality.document import schema as door
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


def types_within(package) -> dict[str, object]:
    """Return the types of a document that the modules of the room define, by name."""
    types = {}
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for name, value in vars(import_module(module.name)).items():
            if is_typeddict(value) and value.__module__ == module.name:
                types[name] = value
    return types


def missing_at_the_door() -> set[str]:
    types = types_within(door)
    assert len(types) > 100
    return {name for name in types if getattr(door, name, None) is not types[name]}


def test_every_type_comes_by_the_door_since_the_border_closes_those_alone():
    assert missing_at_the_door() == set()


def test_the_control_a_type_that_does_not_is_noticed(monkeypatch):
    monkeypatch.delattr(door, "Stamp")

    assert missing_at_the_door() == {"Stamp"}


@pytest.mark.parametrize("name", ["bundle-2019.json", "bundle-2020.json"])
def test_a_released_bundle_is_still_read(name):
    document = read((ROOT / "tests/golden" / name).read_bytes())

    assert document["inputs"]["topics"]


def test_what_was_kept_is_opened_by_its_digest_alone():
    text = json.dumps({"format": "materiality-bundle", "version": 1, "inputs": sample_inputs()})

    with pytest.raises(BundleError, match="has a digest"):
        reopen(text)
