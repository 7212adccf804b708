"""The sheet: titles, list and note take their room first, the plot has what is left."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from materiality.report.edition import Edition
from materiality.report.figure.layout import listing
from materiality.report.figure.layout.aside import coincident, stepped_aside
from materiality.report.figure.layout.scale import Projection, common_axis
from materiality.report.figure.layout.shapes import Axis, Marker, Point, Rect
from materiality.report.figure.layout.sizes import TALLEST, Size, arrangements, size_of
from materiality.report.figure.layout.type import width, wrap
from materiality.report.sentences import naming, note
from materiality.report.signs import shape
from materiality.results import TopicResult

SLACK = 1.02  # another font may set a little wider than the one measured
SCREEN_SLACK = 1.1  # the page is set in the system's font
TITLE_LEADING, NOTE_LEADING = 1.25, 1.45
MARKED = ("environment", "social", "governance", "economic")
LEAST_PLOT = 0.6  # of its width


def sheet_of(edition: Edition) -> "Sheet":
    """Return the first arrangement of this edition's sheet that keeps to its format."""
    topics = [topic for topic in edition.results.topics if note.is_drawn(topic)]
    rows = sum(note.is_listed(edition.results, topic) for topic in edition.results.topics)
    size = size_of(edition.look.options.size, language=edition.language, topics=rows)
    sheets = [Sheet(edition, topics, way) for way in arrangements(size, topics=rows)]
    return next((sheet for sheet in sheets if sheet.fits), sheets[-1])


class Sheet:
    """Where things stand on the sheet; each property is worked out once, when first asked for."""

    def __init__(self, edition: Edition, topics: Sequence[TopicResult], size: Size) -> None:
        self.edition, self.options = edition, edition.look.options
        self.topics, self.size = topics, size
        self.unit = self.size.title / 2.8  # what a millimetre is on a sheet of this type size

    @property
    def slack(self) -> float:
        return SLACK if self.size.has_note else SCREEN_SLACK

    # -- scores --------------------------------------------------------------------------------

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each topic by its code: that of the tables, drawn or not."""
        return {topic.code: at for at, topic in enumerate(self.edition.results.topics, 1)}

    @cached_property
    def axis(self) -> Axis:
        scores = [(topic.x, topic.y) for topic in self.topics]
        scores += [end for topic in self.topics if (end := self.tail_scores(topic))]
        values = [value for pair in scores for value in pair if value is not None]
        return common_axis(values, points=self.edition.results.points)

    @cached_property
    def project(self) -> Projection:
        return Projection(self.axis, self.plot)

    @cached_property
    def has_tails(self) -> bool:
        return any(self.tail_scores(topic) for topic in self.topics)

    def tail_scores(self, topic: TopicResult) -> Point | None:
        """Return where the topic stood last year, if that is asked for and known."""
        before = topic.previous
        x, y = (before.get("x"), before.get("y")) if before else (None, None)
        return (x, y) if self.options.tails and x is not None and y is not None else None

    # -- titles --------------------------------------------------------------------------------

    @cached_property
    def y_title(self) -> list[str]:
        return self._title("y", "\u00a0↑", self.size.width - self.size.margin)

    @cached_property
    def x_title(self) -> list[str]:
        return self._title("x", "\u00a0→", self.plot_width + self.size.margin)

    def _title(self, axis: str, arrow: str, room: float) -> list[str]:
        text = note.axis_title(self.edition, axis) + arrow
        return wrap(text, self.size.title, room / self.slack, bold=True)

    # -- list or legend ------------------------------------------------------------------------

    @cached_property
    def key(self) -> listing.Block:
        """The list, which is also the legend; or the legend alone."""
        size, beside = self.size, self.size.list_at == "right"
        if not size.list_at:
            return self._legend() if size.has_key else listing.EMPTY
        return listing.fit(
            self._groups(),
            size=size.list,
            room=size.height - self.top - self.foot - 1 if beside else TALLEST - 150,
            width=size.list_width if beside else self.plot_width,
            r=size.radius,
            columns=size.columns,
        )

    def _groups(self) -> list[listing.TierGroup]:
        """Every topic of a tier, also one without a dot: experts scored it on one side alone."""
        results = self.edition.results
        groups = [
            listing.TierGroup(
                tier,
                self.shape(tier),
                naming.tier_heading(self.edition, tier),
                tuple(
                    listing.ListingRow(self.numbers[topic.code], self.printed_name(topic))
                    for topic in results.tier(tier)
                    if note.is_listed(results, topic)
                ),
            )
            for tier in results.tiers
        ]
        return [group for group in groups if group.rows]

    def printed_name(self, topic: TopicResult) -> str:
        """Return a topic's name with its category, if asked for, and a star if people decided."""
        name = note.topic_name(topic, self.edition.language)
        if self.options.categories and topic.category in MARKED:
            name += f"\u00a0({self.edition.say(f'category_mark_{topic.category}')})"
        return name + ("\u00a0*" if topic.overridden else "")

    def _legend(self) -> listing.Block:
        size, tiers = self.size, self.edition.results.tiers
        return listing.legend(
            [naming.tier_name(self.edition, tier) for tier in tiers],
            size=size.list,
            r=size.radius,
            unit=self.unit,
            room=(size.width - self.left) / self.slack,
        )

    # -- note ----------------------------------------------------------------------------------

    @property
    def left(self) -> float:
        """Where note and legend begin: under the plot, or at the edge of a narrow sheet."""
        return 0.0 if self.size.only_numbers else self.size.margin

    @cached_property
    def note_lines(self) -> list[str]:
        if not (self.size.has_note and self.options.note):
            return []
        sentences = note.sentences(self.edition, low=self.axis.low)
        text = note.paragraph([*sentences, *self._said_of_options()], self.edition.language)
        return wrap(text, self.size.note, (self.size.width - self.left) / self.slack)

    def _said_of_options(self) -> list[str]:
        sentences = [self.edition.say("note_numbers")]
        if self.size.is_list_elsewhere:
            sentences.append(self.edition.say("note_list_elsewhere"))
        if self.coincident:
            sentences.append(self.edition.say("note_aside"))
        if self.has_tails:
            before = str(self.edition.results.about.get("previous_year") or "")
            sentences.append(self.edition.say("note_tails", year=before))
            if any(topic.is_noise and self.tail_scores(topic) for topic in self.topics):
                sentences.append(self.edition.say("note_tails_noise"))
        if self.options.categories:
            sentences.append(self.edition.say("note_categories"))
        if self.options.ellipses:
            percent = f"{self.edition.results.inputs.get('confidence', 0.95) * 100:g}"
            sentences.append(self.edition.say("note_ellipses", percent=percent))
        return sentences

    # -- heights, from the top -----------------------------------------------------------------

    @property
    def top(self) -> float:
        return self.size.title * (1.0 + TITLE_LEADING * len(self.y_title)) + self.unit

    @property
    def under_axis(self) -> float:
        """From the plot to the end of the horizontal axis' title."""
        title = self.size.title * (0.6 + TITLE_LEADING * len(self.x_title))
        return self.size.tick * 1.5 + title

    @property
    def changes_key(self) -> float:
        return 7.0 * self.unit if self.has_tails else 0.0

    @property
    def key_below(self) -> float:
        if self.size.list_at == "right" or not self.key.lines:
            return 0.0
        return self.key.height + 5.0 * self.unit

    @property
    def foot(self) -> float:
        """The height of the note with its distance from what stands above."""
        if not self.note_lines:
            return 0.5 * self.unit
        return self.size.note * NOTE_LEADING * len(self.note_lines) + 3.0 * self.unit

    @property
    def below(self) -> float:
        return self.under_axis + self.changes_key + self.key_below + self.foot

    @cached_property
    def height(self) -> float:
        """The height of the sheet; it grows where a long list needs it."""
        size = self.size
        if size.list_at == "right":
            return max(size.height, self.top + self.key.height + self.foot + 1)
        tallest = min(size.tallest, TALLEST * self.unit)
        return max(size.height, min(tallest, self._needed))

    @property
    def _needed(self) -> float:
        """The height that leaves the plot a shape in which points can be told apart."""
        return self.top + self.below + LEAST_PLOT * self.plot_width

    @property
    def fits(self) -> bool:
        """Whether everything has its room within the format."""
        if self.size.list_at == "right":
            return self.height <= self.size.tallest
        return self._needed <= self.size.tallest

    @cached_property
    def plot_width(self) -> float:
        size = self.size
        beside = size.list_width + size.gap if size.list_at == "right" else 0.0
        return size.width - size.margin - size.right - beside

    @cached_property
    def plot(self) -> Rect:
        height = self.height - self.top - self.below
        return Rect(self.size.margin, self.top, self.plot_width, height)

    # -- points --------------------------------------------------------------------------------

    def at(self, topic: TopicResult) -> Point:
        """Return where the sign stands: at its scores, or beside them where signs coincide."""
        return self.aside.get(topic.code) or self.place(topic)

    def place(self, topic: TopicResult) -> Point:
        return self.project(topic.x or 0.0, topic.y or 0.0)

    @cached_property
    def coincident(self) -> list[str]:
        """The topics whose signs would hide each other.

        Told on a plot of the least height: the note says that signs step aside, and how tall the
        plot is depends on the note.
        """
        plot = Rect(0.0, 0.0, self.plot_width, self.plot_width * LEAST_PLOT)
        project = Projection(self.axis, plot)
        places = {topic.code: project(topic.x or 0.0, topic.y or 0.0) for topic in self.topics}
        return coincident(places, self.size.radius)

    @cached_property
    def aside(self) -> Mapping[str, Point]:
        """Where signs stand that would hide each other, by topic."""
        if not self.coincident:
            return {}
        places = {topic.code: self.place(topic) for topic in self.topics}
        return stepped_aside(places, self.coincident, self.size.radius, self.plot)

    def tail(self, topic: TopicResult) -> Point | None:
        scores = self.tail_scores(topic)
        return self.project(*scores) if scores else None

    def marker(self, topic: TopicResult) -> Marker:
        tier = topic.tier or len(self.edition.results.tiers)
        return Marker(tier, self.shape(tier), *self.at(topic), self.size.radius)

    def shape(self, tier: int | None) -> str:
        return shape(tier, len(self.edition.results.tiers))

    def text_width(self, text: str, size: float) -> float:
        return width(text, size) * self.slack
