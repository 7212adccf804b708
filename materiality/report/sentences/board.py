"""What a board is told: one message a slide, each made from the numbers of its round."""

from collections.abc import Iterable
from dataclasses import dataclass

from materiality.report.edition import Edition
from materiality.report.sentences import method_note, method_steps, naming, note
from materiality.report.text import name_in, number, percent, with_sign
from materiality.results import Group, Score, TierMove, TopicResult

DASH = "–"
TOP = 5
Cell = str | float | int | None
FIRM = 0.9  # share of the draws in which a topic keeps its tier, from which we call it firm
MOST_NAMED = 6  # names in one sentence; more cannot be read from the back of a room


@dataclass(frozen=True)
class BoardMessage:
    """One slide in words: its title is the message, its lines say what it rests on.

    :ivar notes: what the speaker may be asked about.
    """

    title: str
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def opening(edition: Edition) -> BoardMessage:
    status = note.status(edition)
    warnings = method_steps.warnings(edition)
    return BoardMessage(edition.wording("board_title"), (edition.organisation, status, *warnings))


def answer(edition: Edition) -> BoardMessage:
    """The whole assessment in one sentence, and the three figures that carry it."""
    top = edition.results.tier(1)
    listed = [topic for topic in edition.results.topics if note.is_listed(edition.results, topic)]
    if top:
        title = edition.wording(
            "board_answer" if len(top) > 1 else "board_answer_one",
            k=len(top),
            n=len(listed),
            tier=naming.tier_name(edition, 1),
        )
    else:
        title = edition.wording(
            "board_answer_none", n=len(listed), tier=naming.tier_name(edition, 1)
        )
    lines = []
    if top:
        key = "board_first" if len(top) > 1 else "board_first_one"
        lines.append(edition.say(key, names=_names(edition, top)))
    lines.extend(_second_in_short(edition))
    lines.append(edition.say("board_answers", answers=note.answers(edition)))
    lines.extend(_moves_in_short(edition))
    lines.append(_sure_in_short(edition))
    return BoardMessage(title, tuple(lines), (naming.rule_in_words(edition),))


def _upper(edition: Edition) -> range:
    """Return the numbers of the tiers above the lowest, at most two: what a board is told of."""
    lowest = edition.results.tiers[-1]
    return range(1, min(lowest, 3))


def _second_in_short(edition: Edition) -> list[str]:
    second = edition.results.tier(2) if 2 in _upper(edition) else ()
    if not second:
        return []
    key = "board_second" if len(second) > 1 else "board_second_one"
    tier, names = naming.tier_name(edition, 2), _names(edition, second)
    return [edition.say(key, k=len(second), tier=tier, names=names)]


def leads(edition: Edition) -> bool:
    """Return whether any topic is material: else there is nothing to say why it leads."""
    return bool(_first(edition))


def reasons(edition: Edition) -> BoardMessage:
    """Why the first topics stand where they do."""
    top = _first(edition)
    key = "board_reasons" if len(top) > 1 else "board_reasons_one"
    title = edition.wording(key, k=len(top))
    notes = [] if edition.results.is_without_survey else [edition.say("board_reasons_note")]
    texts = [topic.reason_in(edition.language) for topic in top if topic.overridden]
    notes += [reason for reason in texts if reason]
    return BoardMessage(title, notes=tuple(notes))


def reason_rows(edition: Edition) -> list[list[Cell]]:
    """Return a row for each of the first topics: name, scores, who rated it highest, firmness."""
    rows: list[list[Cell]] = []
    for topic in _first(edition):
        rows.append(
            [
                note.topic_name(topic, edition.language),
                topic.y,
                topic.x,
                _loudest(edition, topic),
                _firmness(edition, topic),
            ]
        )
    return rows


def _first(edition: Edition) -> list[TopicResult]:
    """Return the topics that lead: those of the highest tier come first, as people decided it.

    A topic of a tier that is not material leads nothing.
    """
    material = [
        topic
        for topic in edition.results.topics
        if note.is_listed(edition.results, topic) and naming.is_material(edition, topic.tier)
    ]
    return sorted(material, key=lambda topic: topic.tier or 0)[:TOP]


def _firmness(edition: Edition, topic: TopicResult) -> str:
    """Return the share of draws in its tier; a tier that people decided has no such share."""
    if topic.overridden:
        return edition.say("board_decided")
    return percent(topic.stability)


def _loudest(edition: Edition, topic: TopicResult) -> str:
    """Return the unit that rated the topic highest on the vertical axis, of those disclosed."""
    score: Score = topic.scores[edition.results.axes["y"]["code"]]
    disclosed = [unit for unit in score.units if unit.mean is not None]
    if not disclosed:
        return DASH
    highest = max(disclosed, key=lambda unit: unit.mean or 0.0)
    return f"{note.unit_name(highest.unit, edition.language)} {number(highest.mean)}"


def has_moves(edition: Edition) -> bool:
    """Return whether there is a year before: a first assessment has moved from nowhere."""
    return bool(edition.results.inputs.get("previous"))


def moves(edition: Edition) -> BoardMessage:
    """What moved by more than chance since the year before, and what did not."""
    previous = edition.results.about.get("previous_year")
    if not edition.results.has_comparable_tiers:
        return BoardMessage(naming.tiers_apart(edition), (), (edition.say("board_moves_note"),))
    real, noise, untold = _sorted_moves(edition)
    if real:
        key = "board_moves" if len(real) > 1 else "board_moves_one"
        title = edition.wording(key, k=len(real), before=previous)
    elif untold:
        title = edition.wording("board_moves_untold", before=previous)
    else:
        title = edition.wording("board_moves_none", before=previous)
    lines = [_move(edition, move) for move in real]
    lines += [edition.say("board_noise", move=_move(edition, move)) for move in noise]
    if untold:
        names = _names(edition, [move.topic for move in untold])
        lines.append(edition.say("board_untold", names=names))
    return BoardMessage(title, tuple(lines), (edition.say("board_moves_note"),))


def _sorted_moves(
    edition: Edition,
) -> tuple[list[TierMove], list[TierMove], list[TierMove]]:
    """Return the moves beyond chance, those within it, and those of which nobody can tell.

    A topic that lacks a test (nobody differed, the years do not compare) has not moved by more
    than chance as far as anybody knows, so it is never counted as if it had.
    """
    moves = edition.results.tier_moves
    real = [move for move in moves if move.verdict == "moved"]
    noise = [move for move in moves if move.verdict == "within_noise"]
    untold = [move for move in moves if move.verdict not in ("moved", "within_noise")]
    return real, noise, untold


def _move(edition: Edition, move: TierMove) -> str:
    return edition.say(
        "board_move",
        topic=note.topic_name(move.topic, edition.language),
        before=naming.tier_name_before(edition, move.before),
        after=naming.tier_name(edition, move.after),
        change=with_sign(move.topic.change),
    )


def _moves_in_short(edition: Edition) -> list[str]:
    if not edition.results.inputs.get("previous"):
        return []
    if not edition.results.has_comparable_tiers:
        return [naming.tiers_apart(edition)]
    real, noise, untold = map(len, _sorted_moves(edition))
    before = edition.results.about.get("previous_year")
    key = {0: "board_moves_none", 1: "board_moves_one"}.get(real, "board_moves")
    clauses = [edition.wording(key, k=real, before=before)]
    clauses += [edition.say("board_within", k=noise)] if noise else []
    clauses += [edition.say("board_cannot_tell", k=untold)] if untold else []
    return [edition.say("semicolon").join(clauses)]


def confidence(edition: Edition) -> BoardMessage:
    """How firm the tiers are, and what an interval does not cover."""
    known = by_firmness(edition)
    if not known:
        return BoardMessage(edition.say("board_sure_unknown"), (edition.say("board_caveat"),))
    loose = [topic for topic in known if (topic.stability or 0.0) < FIRM]
    lines = []
    if loose:
        lines.append(edition.say("board_loose", names=_names(edition, loose)))
    decided = [topic for topic in edition.results.topics if topic.overridden]
    if decided:
        lines.append(edition.say("board_decided_ones", names=_names(edition, decided)))
    lines.append(edition.say("board_caveat"))
    return BoardMessage(_sure_in_short(edition), tuple(lines), (edition.say("board_sure_note"),))


def by_firmness(edition: Edition) -> list[TopicResult]:
    """Return the topics of which it is known how firm their tier is, the least firm first.

    A tier that people decided otherwise than the rule has no share of the draws, see `_firmness`.
    """
    topics = edition.results.topics
    known = [topic for topic in topics if topic.stability is not None and not topic.overridden]
    return sorted(known, key=lambda topic: topic.stability or 0.0)


def _sure_in_short(edition: Edition) -> str:
    if edition.results.is_without_survey:
        sentence = edition.say("alone_ranges")
        return sentence[:1].upper() + sentence[1:]
    known = by_firmness(edition)
    if not known:
        return edition.say("board_sure_unknown")
    firm = [topic for topic in known if (topic.stability or 0.0) >= FIRM]
    return edition.say("board_sure", k=len(firm), n=len(known), percent=percent(FIRM))


def turnout(edition: Edition) -> BoardMessage:
    people = sum(group.responses or 0 for group in _raters(edition))
    return BoardMessage(
        edition.wording("board_turnout", n=people, groups=len(_raters(edition))),
        notes=(
            edition.say("board_caveat"),
            *method_note.raked(edition),
            *(
                line
                for survey in edition.results.surveys
                for line in method_note.late(edition, survey)
            ),
        ),
    )


def turnout_rows(edition: Edition) -> list[list[Cell]]:
    """Return a row a group: name, invited, answered, response rate; a dash where not known."""
    return [
        [
            name_in(group.name, edition.language, group.code),
            group.invited,
            group.responses,
            group.response_rate,
        ]
        for group in _raters(edition)
    ]


def _raters(edition: Edition) -> list[Group]:
    return [group for group in edition.results.groups if group.invited or group.responses]


def decision(edition: Edition) -> BoardMessage:
    """What the board is asked to decide, or has decided."""
    results = edition.results
    overridden = [topic for topic in results.topics if topic.overridden]
    lines = [
        edition.say(
            "board_ask_list",
            k=len(results.tier(tier)),
            tier=naming.tier_name(edition, tier),
            names=_names(edition, results.tier(tier)),
        )
        for tier in _upper(edition)
        if results.tier(tier)
    ]
    if overridden:
        lines.append(
            edition.say("board_ask_differing", k=len(overridden), names=_names(edition, overridden))
        )
    lines.append(edition.say("board_ask_publish"))
    if results.approved_by:
        by, at = results.approved_by, note.day(results.approved_at or "", edition.language)
        return BoardMessage(edition.say("board_approved", by=by, at=at), tuple(lines))
    return BoardMessage(edition.wording("board_ask"), tuple(lines))


def _names(edition: Edition, topics: Iterable[TopicResult]) -> str:
    """Return the names of these topics; of very many the first, and how many more there are."""
    names = [note.topic_name(topic, edition.language) for topic in topics]
    if len(names) <= MOST_NAMED:
        return note.enumeration(names, edition.language)
    first = note.enumeration(names[:MOST_NAMED], edition.language)
    return edition.say("board_and_more", names=first, k=len(names) - MOST_NAMED)
