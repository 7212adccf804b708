"""What the round is about: entity, period, standards, horizons, value chain."""

from typing import Annotated, NotRequired

from materiality.document.schema.values import Between, OneOf, Text, TypedDict

SIDES = ("upstream", "own", "downstream")


class Framework(TypedDict):
    """A standard that the company reports by, in one edition."""

    code: str
    edition: str
    title: NotRequired[Text]


class Period(TypedDict):
    """First and last day of what is reported on, as ISO dates."""

    start: str
    end: str


class HorizonYears(TypedDict):
    """Until how many years short and medium term last; `reason` where ESRS says 1 and 5."""

    short: Annotated[int, Between(1, 100)]
    medium: Annotated[int, Between(2, 100)]
    reason: NotRequired[Text]


class ChainStep(TypedDict):
    """A stage of the value chain: on which side of the company, where, in what relation."""

    code: str
    side: Annotated[str, OneOf(*SIDES)]
    name: Text
    places: NotRequired[str]
    relation: NotRequired[Text]


class Context(TypedDict, total=False):
    """What a round is about; what nobody has said is left out."""

    entity: Text
    scope: Text
    as_annual_report: bool
    period: Period
    standards: list[Framework]
    approach: Annotated[str, OneOf("top_down", "bottom_up", "both")]
    due_diligence: Text
    horizons: HorizonYears
    approver: Text
    approved_on: str
    last_revision: str
    next_revision: str
    chain: list[ChainStep]
