"""The context of a round as readers hold it, and what standards ask of it that is not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from materiality.document import schema

Text = Mapping[str, str]

USUAL_YEARS = (1, 5)
"""ESRS 1 par. 77: the reporting period, and up to five years after it."""


@dataclass(frozen=True)
class ChainStep:
    """A stage of the value chain; `side` is upstream, own or downstream."""

    code: str
    side: str
    name: Text
    places: str = ""
    relation: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """What was said of a round as a whole; empty where nothing was said."""

    entity: Text = field(default_factory=dict)
    scope: Text = field(default_factory=dict)
    as_annual_report: bool | None = None
    period: tuple[str, str] | None = None
    standards: Sequence[schema.Framework] = ()
    approach: str = ""
    due_diligence: Text = field(default_factory=dict)
    years: tuple[int, int] | None = None
    horizons_reason: Text = field(default_factory=dict)
    approver: Text = field(default_factory=dict)
    approved_on: str = ""
    last_revision: str = ""
    next_revision: str = ""
    chain: Sequence[ChainStep] = ()

    @property
    def is_empty(self) -> bool:
        return self == Context()

    @property
    def has_usual_horizons(self) -> bool:
        return self.years == USUAL_YEARS

    def on(self, side: str) -> list[ChainStep]:
        """Return the stages of one side, in their order."""
        return [step for step in self.chain if step.side == side]

    def lacks(self, subject: str, languages: Sequence[str]) -> list[str]:
        """Return what is not said of a subject that clauses name: codes of sentences.

        A text counts once it is written in every language of the round.
        """
        return [code for code in ASKED[subject] if not self._says(code, languages)]

    def unwritten(self, code: str, languages: Sequence[str]) -> tuple[str, ...]:
        """Return the languages a text is not written in; none where it is written in no language.

        :param code: of a sentence, as `lacks` returns them.
        """
        if code not in TEXTS:
            return ()
        text: Text = getattr(self, code)
        empty = tuple(language for language in languages if not text.get(language, "").strip())
        return empty if len(empty) < len(languages) else ()

    def _says(self, code: str, languages: Sequence[str]) -> bool:
        if code in TEXTS:
            text: Text = getattr(self, code)
            return all(text.get(language, "").strip() for language in languages)
        if code in SIDES_ASKED:
            return bool(self.on(SIDES_ASKED[code]))
        return bool(getattr(self, FIELDS[code]) not in (None, "", ()))


TEXTS = ("entity", "scope", "due_diligence", "approver")
SIDES_ASKED = {
    "chain_upstream": "upstream",
    "chain_own": "own",
    "chain_downstream": "downstream",
}
FIELDS = {
    "as_annual_report": "as_annual_report",
    "period": "period",
    "standards": "standards",
    "approach": "approach",
    "horizons": "years",
    "approved_on": "approved_on",
    "last_revision": "last_revision",
    "next_revision": "next_revision",
}
"""Per code of what is asked the field that says it."""

ASKED: Mapping[str, tuple[str, ...]] = {
    "about": ("entity", "period", "as_annual_report"),
    "approach": ("approach",),
    "board": ("approver", "approved_on"),
    "due_diligence": ("due_diligence",),
    "frameworks": ("standards",),
    "horizons": ("horizons",),
    "revision": ("last_revision", "next_revision"),
    "scope": ("scope",),
    "value_chain": tuple(SIDES_ASKED),
}
"""Per subject of a clause what of the context answers it."""


def read_context(row: schema.Context | None) -> Context:
    """Return the context that a bundle holds, or an empty one."""
    if not row:
        return Context()
    period, years = row.get("period"), row.get("horizons")
    return Context(
        entity=row.get("entity", {}),
        scope=row.get("scope", {}),
        as_annual_report=row.get("as_annual_report"),
        period=(period["start"], period["end"]) if period else None,
        standards=tuple(row.get("standards", ())),
        approach=row.get("approach", ""),
        due_diligence=row.get("due_diligence", {}),
        years=(years["short"], years["medium"]) if years else None,
        horizons_reason=years.get("reason", {}) if years else {},
        approver=row.get("approver", {}),
        approved_on=row.get("approved_on", ""),
        last_revision=row.get("last_revision", ""),
        next_revision=row.get("next_revision", ""),
        chain=tuple(_step(step) for step in row.get("chain", ())),
    )


def _step(row: schema.ChainStep) -> ChainStep:
    return ChainStep(
        row["code"], row["side"], row["name"], row.get("places", ""), row.get("relation", {})
    )
