"""Slides for the board: the answer first, then why, what moved, how sure, and what to decide."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from pptx.enum.text import PP_ALIGN
from pptx.util import Mm

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings, Picture
from materiality.report.figure.layout import Rect
from materiality.report.files.slides import base, chart, firmness, grid, years
from materiality.report.files.slides.base import Sheet
from materiality.report.files.slides.template import sheet_of
from materiality.report.files.zips import repacked
from materiality.report.palette import COLOUR
from materiality.report.sentences import board, method_steps, naming, note, problems
from materiality.report.sentences.board import DASH, BoardMessage
from materiality.report.tables import Column, Table, double, register

HEAD = 7.0  # millimetres above the chart, for the title of its vertical axis
CHART_SHARE, BESIDE, BESIDE_SIZE = 0.62, 8.0, 18.0  # of the width, millimetres, points
LOUDEST = 3  # the column of who rated a topic highest
TAGS = {"zh-hans": "zh-CN", "en": "en-GB"}


def slides(drawn: Drawings) -> bytes:
    """Return the deck as PPTX: eight slides for the board, then the tables behind them."""
    edition = drawn.edition
    own = edition.look.slides
    sheet = sheet_of(own, edition.language) if own else base.empty_deck(edition.look.palette)
    deck = _Deck(edition, sheet)
    deck.opening(board.opening(edition))
    deck.text(board.answer(edition))
    deck.matrix(edition)
    deck.years(edition)
    if board.leads(edition):
        deck.with_table(board.reasons(edition), _reasons(edition))
    if board.has_moves(edition):
        deck.text(board.moves(edition))
    if not edition.results.is_without_survey:
        deck.confidence(board.confidence(edition))
        deck.with_table(board.turnout(edition), _turnout(edition))
    deck.text(board.decision(edition))
    deck.register(drawn)
    deck.appendix()
    return deck.saved()


def _reasons(edition: Edition) -> Table:
    columns = [
        Column(edition.say("topic"), 2.8),
        Column(note.axis_title(edition, "y"), 2.0, "score"),
        Column(note.axis_title(edition, "x"), 2.0, "score"),
        Column(edition.say("board_rated_highest"), 2.6),
        Column(edition.say("board_firmness"), 1.3),
    ]
    rows = board.reason_rows(edition)
    if all(row[LOUDEST] == DASH for row in rows):  # several questions: no one mean of a group
        columns.pop(LOUDEST)
        rows = [[*row[:LOUDEST], *row[LOUDEST + 1 :]] for row in rows]
    if edition.results.is_without_survey:  # no draws, so no tier has a share of them
        columns.pop()
        rows = [row[:-1] for row in rows]
    return Table("reasons", edition.say("board_reasons", k=board.TOP), columns, rows)


def _turnout(edition: Edition) -> Table:
    columns = [
        Column(edition.say("engagement_group"), 3.4),
        Column(edition.say("board_invited"), 1.2, "whole"),
        Column(edition.say("board_answered"), 1.2, "whole"),
        Column(edition.say("board_rate"), 1.2, "share"),
    ]
    return Table("turnout", edition.say("board_answered"), columns, board.turnout_rows(edition))


def _part(at: int, parts: int) -> str:
    """Return what a title says of a slide that goes on: nothing where there is one."""
    return f" ({at}/{parts})" if parts > 1 else ""


class _Deck:
    """A presentation and what its slides have in common."""

    def __init__(self, edition: Edition, sheet: Sheet) -> None:
        self.edition, self.sheet = edition, sheet
        core = sheet.presentation.core_properties
        core.title = edition.wording("report_title")[:255]
        core.author = core.last_modified_by = edition.organisation[:255]
        core.comments = note.stamp(edition)[:255]
        core.language = TAGS.get(edition.language, edition.language)
        core.created = core.modified = edition.moment.replace(tzinfo=None)
        core.revision = 1

    def _slide(self, layout: Any, title: str, notes: Sequence[str] = ()) -> Any:
        stamp = note.stamp(self.edition)
        slide = base.add_slide(self.sheet, layout, title=title, footer=stamp)
        spoken = [title, *notes, stamp]  # a company's layout may lack a footer
        slide.notes_slide.notes_text_frame.text = "\n".join(spoken)
        return slide

    def opening(self, message: BoardMessage) -> None:
        slide = self._slide(self.sheet.opening, message.title, message.notes)
        base.write_lines(base.body_of(slide).text_frame, message.lines)

    def text(self, message: BoardMessage) -> None:
        """Lines in the placeholder for text; those that do not fit go on on a further slide."""
        size = self._size_of(message.lines)
        parts = list(base.filling(message.lines, self.sheet, size))
        for at, lines in enumerate(parts, 1):
            title = message.title + _part(at, len(parts))
            slide = self._slide(self.sheet.content, title, message.notes)
            base.write_lines(base.body_of(slide).text_frame, lines, size=size)

    def _size_of(self, lines: Sequence[str]) -> float | None:
        """Return the size to set lines in: in our own layout few lines are set larger."""
        own = self.edition.look.slides is None
        if own and len(list(base.filling(lines, self.sheet, base.LARGEST_BODY))) == 1:
            return base.LARGEST_BODY
        return self.sheet.set_size

    def confidence(self, message: BoardMessage) -> None:
        """How firm each tier is: the chart, and the message beside it in its placeholder."""
        if not board.by_firmness(self.edition):
            self.text(message)
            return
        slide, area = self._slide(self.sheet.content, message.title, message.notes), self.sheet.area
        wide = area.w * CHART_SHARE
        body = base.body_of(slide)
        base.Place(area.x + wide + BESIDE, area.y, area.w - wide - BESIDE, area.h).of(body)
        base.write_lines(body.text_frame, message.lines, size=BESIDE_SIZE)
        firmness.add(slide, self.edition, base.Place(area.x, area.y, wide, area.h))

    def with_table(self, message: BoardMessage, table: Table) -> None:
        slide = self._slide(self.sheet.title_only, message.title, message.notes)
        if table.rows:
            grid.add_grid(slide, table, self.edition.look.palette, grid.LARGE, self.sheet.area)

    def matrix(self, edition: Edition) -> None:
        layout, area = self.sheet.title_only, self.sheet.area
        slide = self._slide(layout, note.matrix_title(edition), [naming.rule_in_words(edition)])
        chart.add(slide, edition, Rect(area.x, area.y + HEAD, area.w, area.h - HEAD))
        title = slide.shapes.add_textbox(*map(Mm, (area.x + 10, area.y, area.w - 10, HEAD)))
        title.text_frame.margin_left = title.text_frame.margin_right = 0
        title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        title.fill.solid()
        title.fill.fore_color.rgb = chart.rgb(COLOUR.paper)
        run = title.text_frame.paragraphs[0].add_run()
        run.text = chart.vertical_title(edition)
        chart.write_face(run.font, 11, COLOUR.ink, bold=True)

    def years(self, edition: Edition) -> None:
        """Last year's matrix beside this year's, where the two compare."""
        if not years.are_comparable(edition):
            return
        title = edition.wording("board_years")
        slide = self._slide(self.sheet.title_only, title, [edition.say("board_years_note")])
        years.add(slide, edition, self.sheet.area)

    def register(self, drawn: Drawings) -> None:
        """Impacts, risks and opportunities, where the round has a register: pictures, and why."""
        if drawn.has_register:
            for picture in drawn.heat_on_slides:
                self.picture(picture)
            self.picture(drawn.chain)
            self.table(register.material(self.edition))

    def picture(self, picture: Picture) -> None:
        """A picture as large as its slide lets it be, and what it shows in words."""
        area = self.sheet.area
        slide = self._slide(self.sheet.title_only, picture.title, [picture.description])
        shape = slide.shapes.add_picture(BytesIO(picture.png()), Mm(area.x), Mm(area.y))
        share = min(Mm(area.w) / shape.width, Mm(area.h) / shape.height)
        shape.width, shape.height = int(shape.width * share), int(shape.height * share)
        shape.left = Mm(area.x) + (Mm(area.w) - shape.width) // 2
        shape._element.nvPicPr.cNvPr.set("descr", picture.description)

    def appendix(self) -> None:
        """What the messages rest on, in full."""
        edition = self.edition
        if double.is_asked(edition.results):
            self.matrix(edition.of(double.seen_double(edition.results)))
            self.table(double.table(edition))
        self.table(tables.topic_list(edition))
        self._changes()
        self.table(tables.engagement(edition))
        self._method()

    def _changes(self) -> None:
        edition = self.edition
        if tables.prints_changes(edition.results):
            self.table(tables.changes(edition))
        elif edition.results.open_questions:
            missing = problems.open_questions(edition)
            lines = (edition.say("changes_missing"), *missing)
            self.text(BoardMessage(edition.wording("changes_heading"), lines))

    def _method(self) -> None:
        mark = self.edition.say("colon")
        steps = [f"{step.title}{mark}{step.text}" for step in method_steps.steps(self.edition)]
        lines = (*method_steps.warnings(self.edition), *steps)
        self.text(BoardMessage(self.edition.say("method_heading"), lines))

    def table(self, table: Table) -> None:
        """A native table; one that is too tall goes on over several slides with its headings."""
        if not table.rows:
            return
        parts = list(grid.pages(table, area=self.sheet.area))
        for at, part in enumerate(parts, 1):
            slide = self._slide(self.sheet.title_only, table.heading + _part(at, len(parts)))
            grid.add_grid(slide, part, self.edition.look.palette, area=self.sheet.area)

    def saved(self) -> bytes:
        presentation, tag = self.sheet.presentation, self.edition.language
        base.set_language(presentation, TAGS.get(tag, tag))
        target = BytesIO()
        presentation.save(target)
        return repacked(target.getvalue(), self.edition.moment)
