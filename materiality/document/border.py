"""The border: what comes from outside is a bundle by its types, or is refused with its place.

The types are those of `schema`, the check is pydantic's (decision 0022): strict, so that "5" is no
number and 5.0 no whole one, and closed, so that a key nobody knows is refused by name.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError
from typing_extensions import is_typeddict

from materiality.document import schema
from materiality.document.envelope import BundleError

Kind = TypeVar("Kind")

WHAT = {
    "missing": "is missing",
    "extra_forbidden": "is not a key of a bundle; leave it out or correct its name",
}


def checked_inputs(inputs: Any) -> schema.Inputs:
    """Return the inputs of a bundle, which are of their type.

    :raises BundleError: they are not; the message names the first place and what was found there.
    """
    return cast(schema.Inputs, _check(schema.Inputs, inputs, "inputs"))


def checked_document(document: Any) -> schema.Document:
    """Return a whole bundle, which is of its type.

    :raises BundleError: as of `checked_inputs`.
    """
    return cast(schema.Document, _check(schema.Document, document, ""))


def json_schema() -> str:
    """Return the JSON Schema of a bundle, as `docs/bundle.schema.json` holds it."""
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    document |= _adapter(schema.Document).json_schema()
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    for one in vars(schema).values():
        if is_typeddict(one):
            one.__pydantic_config__ = ConfigDict(extra="forbid", strict=True)
    return TypeAdapter(kind)


def _check(kind: Any, value: Any, root: str) -> Any:
    """Return the value itself: the check copies nothing into the program."""
    try:
        _adapter(kind).validate_python(value)
    except ValidationError as error:
        raise BundleError(_line(error.errors(include_url=False)[0], root)) from error
    return value


def _line(fault: Mapping[str, Any], root: str) -> str:
    place = root
    for step in fault["loc"]:
        place += f"[{step}]" if isinstance(step, int) else f".{step}"
    where = place.removeprefix(".") or "The bundle"
    if fault["type"] in WHAT:
        return f"{where} {WHAT[fault['type']]}."
    wanted = str(fault["msg"]).removeprefix("Input should be ")
    return f"{where}: expected {wanted}, found {str(fault['input'])[:80]!r}."
