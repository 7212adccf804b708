"""A whole bundle: inputs, method and results under one digest."""

from typing import Literal, NotRequired

from materiality.document.schema.inputs import Inputs
from materiality.document.schema.results import Evaluation
from materiality.document.schema.values import TypedDict


class Method(TypedDict):
    """The release of the method that computed the results."""

    version: str


class Document(TypedDict):
    """A whole bundle."""

    format: Literal["materiality-bundle"]
    version: Literal[1, 2]
    inputs: Inputs
    digest: NotRequired[str]
    method: NotRequired[Method]
    results: NotRequired[Evaluation]
