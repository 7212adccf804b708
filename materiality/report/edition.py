"""One edition of a report: a round's results, in one language, in one look."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from materiality.report.palette import COLOUR, Palette
from materiality.report.text import name_in, plain
from materiality.report.words import say
from materiality.results import Results
from materiality.results.quotes import Quotes

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # a draft whose survey is still open


NO_QUOTES = Quotes()


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may choose about the figure."""

    size: str = "auto"
    labels: str = "auto"  # names, mixed, numbers
    tails: bool = False
    ellipses: bool = False
    note: bool = True
    boundaries: bool = True
    categories: bool = False  # E, S, G or economic beside each name
    # Labels placed by hand: millimetres from the point, by topic code.
    moved: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """How an edition looks: options of the figure, colours, the company's own documents.

    :ivar template: a Word document, to be filled instead of ours.
    :ivar slides: a presentation, whose layouts are used instead of ours.
    :ivar quotes: what of the comments is printed.
    """

    options: Options = Options()
    palette: Palette = COLOUR
    template: bytes | None = None
    slides: bytes | None = None
    quotes: Quotes = NO_QUOTES


@dataclass(frozen=True, slots=True)
class Edition:
    """What every sentence, table and file of a report is made from."""

    results: Results
    language: str
    look: Look = Look()

    def of(self, results: Results) -> "Edition":
        """Return the edition of other results, such as the second matrix of a double round."""
        return replace(self, results=results)

    def drawn(self, **options: Any) -> "Edition":
        """Return the edition with these options of the figure changed."""
        return replace(self, look=replace(self.look, options=replace(self.look.options, **options)))

    @property
    def is_chinese(self) -> bool:
        return self.language.startswith("zh")

    @property
    def moment(self) -> datetime:
        """When the round was locked; drafts are dated to the day their survey closed."""
        for moment in (self.results.locked_at, self.results.about.get("closed")):
            if moment:
                time = datetime.fromisoformat(moment)
                return time if time.tzinfo else time.replace(tzinfo=UTC)
        return UNDATED

    @property
    def word(self) -> str:
        """The word of the round: 实质性 or 重要性, material."""
        words = self.results.about.get("word") or {}
        chosen = words.get(self.language, "") if isinstance(words, dict) else ""
        return plain(chosen) or self.say("word")

    @property
    def organisation(self) -> str:
        name = self.results.about.get("organisation") or {}
        return name_in(name, self.language) if isinstance(name, dict) else plain(name)

    def say(self, key: str, **fields: object) -> str:
        """Return a wording of the report in this language.

        :raises KeyError: there is no such wording.
        """
        return say(self.language, key, **fields)

    def wording(self, key: str, **fields: object) -> str:
        """Return a wording with the round's word, years and organisation filled in."""
        about, word = self.results.about, self.word
        return self.say(
            key,
            word=word,
            Word=word.capitalize(),
            year=plain(about["year"]),
            previous=plain(about.get("previous_year") or ""),
            organisation=self.organisation,
            **fields,
        )
