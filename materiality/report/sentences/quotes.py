"""What is said of the comments that a report quotes."""

from collections.abc import Sequence
from dataclasses import dataclass

from materiality.report.edition import Edition
from materiality.report.sentences.note import paragraph
from materiality.report.text import isolated, name_in, plain
from materiality.results.quotes import Quote

TAKEN_OUT = "█"


@dataclass(frozen=True)
class PrintedQuote:
    """A comment between quotation marks, and whose it is."""

    text: str
    source: str


@dataclass(frozen=True)
class Quoted:
    """The part of the report: its heading, how these were chosen, and each."""

    heading: str
    about: str
    rows: Sequence[PrintedQuote]


def quoted(edition: Edition) -> Quoted | None:
    """Return what is printed of the comments; None where none were chosen."""
    quotes = edition.look.quotes
    if not quotes.chosen:
        return None
    about = [edition.wording("quotes_about", count=len(quotes.chosen), released=quotes.released)]
    if any(TAKEN_OUT in quote.text for quote in quotes.chosen):
        about.append(edition.say("quotes_taken_out"))
    rows = [_printed(edition, quote) for quote in quotes.chosen]
    return Quoted(edition.say("quotes_heading"), paragraph(about, edition.language), rows)


def _printed(edition: Edition, quote: Quote) -> PrintedQuote:
    group, topic = (name_in(name, edition.language) for name in (quote.group, quote.topic))
    source = edition.say("quote_source_topic", group=group, topic=topic) if topic else group
    return PrintedQuote(f"“{isolated(plain(quote.text))}”", source)
