"""What a method note says of one round: each sentence from a fact of its bundle, none without.

Sentences come without their full stop where they are listed, and with it in a paragraph.
"""

from collections.abc import Iterator

from materiality.document.schema import RakedGroup, SurveyFacts
from materiality.method.scales import is_comparable, points_before, slope
from materiality.method.uncertainty import DRAWS
from materiality.report.edition import Edition
from materiality.report.sentences import context, naming, note, register, registration, sources
from materiality.report.sentences.tables import reading_rules
from materiality.report.text import name_in, percent, plain
from materiality.results import Results, method_facts

CHAPTERS = (
    "context",
    "sources",
    "asked",
    "scores",
    "intervals",
    "changes",
    "tiers",
    "register",
    "disclosure",
    "check",
)
SAID_LIMITS = (
    "few_answers",
    "at_the_ceiling",
    "no_response_rate",
    "no_joint_draws",
    "tiers_move_with_the_scores",
)


def chapters(edition: Edition) -> list[tuple[str, list[str]]]:
    """Return the parts of the method note: heading and paragraphs."""
    rows = [(edition.say(f"chapter_{name}"), list(PARTS[name](edition))) for name in CHAPTERS]
    limits = list(_limits(edition))
    exceptions = [*note.exceptions(edition), *limits]
    if exceptions:
        rows.append((edition.say("chapter_exceptions"), exceptions))
    return [(heading, paragraphs) for heading, paragraphs in rows if paragraphs]


def about(edition: Edition) -> Iterator[str]:
    """Yield what the round is about, sentence by sentence."""
    for sentence in context.sentences(edition):
        yield note.paragraph([sentence], edition.language)


def rests_on(edition: Edition) -> Iterator[str]:
    """Yield what the round rests on, sentence by sentence."""
    for sentence in sources.sentences(edition):
        yield note.paragraph([sentence], edition.language)


def fieldwork(edition: Edition) -> Iterator[str]:
    """Yield how people were asked: when, which way answers came, and what was left out."""
    for survey in edition.results.surveys:
        yield from _survey(edition, survey)
    yield from _response_rates(edition)


def _survey(edition: Edition, survey: SurveyFacts) -> Iterator[str]:
    names = [dimension_name(edition, code) for code in survey["dimensions"]]
    opened, closed = survey.get("opened"), survey.get("closed")
    if opened and closed:
        yield edition.say(
            "fact_survey",
            names=note.enumeration(names, edition.language),
            opened=note.day(opened, edition.language),
            closed=note.day(closed, edition.language),
        )
    yield edition.say(f"fact_mode_{survey['mode']}")
    invited, reached = survey.get("invited"), survey.get("reached")
    if invited:
        key = "fact_invited" if reached in (None, invited) else "fact_reached"
        yield edition.say(key, invited=invited, reached=reached)
    yield edition.say("fact_sources", sources=ways(edition, survey))
    yield from late(edition, survey)
    if survey["answered"] != survey["counted"]:
        yield edition.say("fact_counted", answered=survey["answered"], counted=survey["counted"])
    for row in survey.get("exclusions", []):
        name = edition.say(f"criterion_{row['criterion']}")
        if row["left_out"]:
            yield edition.say("fact_left_out", criterion=name, n=row["left_out"])
        elif row["met"] is None or row["met"]:
            yield edition.say("fact_held_back", criterion=name)
    yield from reading_rules(edition, survey)
    if survey.get("wordings", 1) > 1:
        yield edition.say("fact_wordings", n=survey["wordings"])
    if survey.get("later"):
        yield later(edition, survey)


def late(edition: Edition, survey: SurveyFacts) -> Iterator[str]:
    """Yield how many answered after a reminder, and on which topics they rate otherwise."""
    number = survey.get("after_reminder")
    if not number:
        return
    yield edition.say("fact_after_reminder", n=number, counted=survey["counted"])
    rows = [row for code in survey["dimensions"] for row in edition.results.late.get(code, [])]
    tests = sum(row["p"] is not None for row in rows)
    if not tests:
        yield edition.say("fact_late_few")
        return
    moved = dict.fromkeys(row["topic"] for row in rows if row["verdict"] == "moved")
    if moved:
        topics = (edition.results.topic(code) for code in moved)
        names = note.enumeration(
            [note.topic_name(topic, edition.language) for topic in topics], edition.language
        )
        yield edition.say("fact_late_differ", tests=tests, names=names)
    else:
        yield edition.say("fact_late_alike", tests=tests)


def later(edition: Edition, survey: SurveyFacts) -> str:
    """Return which groups a running survey was opened to, and since when they were asked."""
    names = {group.code: group.name for group in edition.results.groups}
    rows = [
        edition.say(
            "fact_later_row",
            group=name_in(names.get(row["group"], {}), edition.language, row["group"]),
            day=note.day(row["asked_from"], edition.language),
        )
        for row in survey["later"]
    ]
    return edition.say("fact_later", rows=note.enumeration(rows, edition.language))


def ways(edition: Edition, survey: SurveyFacts) -> str:
    """Return which way the answers that count came, few ones without their number."""
    rows = [
        edition.say(
            f"source_{row['source']}" if row["answers"] is not None else "source_few",
            n=row["answers"],
            way=edition.say(f"way_{row['source']}"),
        )
        for row in survey["sources"]
    ]
    return note.enumeration(rows, edition.language)


def _response_rates(edition: Edition) -> Iterator[str]:
    """Yield the response rate of the people who were invited, per group where it is known."""
    known = [group for group in edition.results.groups if group.response_rate is not None]
    rows = [
        edition.say(
            "fact_rate_of",
            group=name_in(group.name, edition.language, group.code),
            rate=percent(group.response_rate),
            invited=group.invited,
        )
        for group in known
    ]
    if rows:
        yield edition.say("fact_rates", rows=note.enumeration(rows, edition.language))
    heads = [group for group in edition.results.groups if group.population]
    if heads:
        counts = [
            edition.say(
                "fact_heads_of",
                group=name_in(group.name, edition.language, group.code),
                n=group.population,
            )
            for group in heads
        ]
        yield edition.say("fact_heads", rows=note.enumeration(counts, edition.language))


def scale_since(edition: Edition) -> Iterator[str]:
    """Yield how the previous round's other scale is compared with this one, or that it is not."""
    inputs = edition.results.inputs
    old, new = points_before(inputs), edition.results.points
    if old == new:
        return
    key = "scale_mapped" if is_comparable(inputs) else "scale_unmapped"
    yield edition.wording(key, old=old, new=new, slope=f"{slope(inputs):.4g}")


def years_between(edition: Edition) -> Iterator[str]:
    """Yield what was concluded in years without a round since the previous one."""
    for row in edition.results.inputs.get("reassessed", []):
        sentence = edition.wording(
            "reassessed" if row["confirmed"] else "reassessed_alone",
            then=plain(row["year"]),
            day=note.day(row["concluded_on"], edition.language),
            people=plain(row["people"]),
            reason=name_in(row["reason"], edition.language, "").rstrip("。. "),
        )
        yield note.paragraph([sentence], edition.language)


def scores(edition: Edition) -> Iterator[str]:
    """Yield how ratings become scores, composite axes and the interval view of ratings included."""
    if edition.results.is_without_survey:
        yield note.paragraph([edition.say("alone_scores")], edition.language)
    else:
        yield edition.say("chapter_scores_text", points=edition.results.points)
    yield from years_between(edition)
    yield from scale_since(edition)
    for sentence in note.composition(edition):
        yield note.paragraph([sentence], edition.language)
    if any(row.get("composite") for row in edition.results.axes.values()):
        yield edition.say("fact_parts_independent")
    if not edition.results.is_without_survey:
        yield edition.say("fact_ordinal", points=edition.results.points)
    yield from raked(edition)


def raked(edition: Edition) -> Iterator[str]:
    """Yield how groups of which shares are known were weighted inside, and what that costs."""
    rows = [(code, row) for code, each in edition.results.raking.items() for row in each]
    for code, row in rows:
        names = {"name": plain(row["name"]), "question": dimension_name(edition, code)}
        if row["state"] != "weighted":
            yield edition.say(f"fact_raked_{row['state']}", **names)
            continue
        yield edition.say(
            "fact_raked",
            **names,
            n=row["answers"],
            rows=note.enumeration(_known_shares(edition, row), edition.language),
            deff=f"{row['deff']:.2f}",
            like=round(row["effective_n"] or 0),
        )
        if row["trimmed"]:
            yield edition.say("fact_raked_trimmed")
    if any(row["state"] == "weighted" for _code, row in rows):
        yield edition.say("fact_raked_caveat")


def _known_shares(edition: Edition, row: RakedGroup) -> Iterator[str]:
    for margin in row["margins"]:
        for one in margin:
            yield edition.say(
                "fact_raked_row",
                names=plain(" + ".join(one["names"])),
                share=percent(one["share"]),
                answered=percent(one["answers"] / row["answers"]),
            )


def intervals(edition: Edition) -> Iterator[str]:
    """Yield what the ranges and stabilities are, and where none can be given."""
    results = edition.results
    inputs = results.inputs
    if results.is_without_survey:
        yield note.paragraph([edition.say("alone_ranges")], edition.language)
        return
    yield edition.say(
        f"fact_interval_{inputs.get('interval', 'symmetric')}", percent=note.confidence(results)
    )
    yield edition.say("fact_self_selection")
    if any(group.population for group in results.groups):
        yield edition.say("fact_population")
    if not inputs.get("gram"):
        yield edition.say("fact_no_stability")
        return
    yield edition.say("fact_stability", draws=DRAWS, seed=inputs.get("seed", 1))
    unanimous = [topic for topic in results.topics if topic.undetermined]
    if unanimous:
        names = (note.topic_name(topic, edition.language) for topic in unanimous)
        yield edition.say("fact_unanimous", names=note.enumeration(names, edition.language))


def changes(edition: Edition) -> Iterator[str]:
    """Yield how this round was compared with the last one, and what came out."""
    compared = edition.results.document["results"].get("year_on_year")
    if not compared:
        return
    family = compared.get("family")
    if family:
        yield edition.say(
            "fact_family",
            tests=family["tests"],
            percent=note.confidence(edition.results),
            level=f"{family['confidence'] * 100:.2f}",
            error=percent(1 - edition.results.inputs.get("confidence", 0.95)),
        )
    counts = verdicts(edition.results)
    yield edition.say("fact_verdicts", **counts)
    modes = {survey["mode"] for survey in edition.results.surveys}
    if "anonymous" in modes:
        yield edition.say("fact_overlap_anonymous")
    if "named" in modes:
        yield _pairs(edition)


def _pairs(edition: Edition) -> str:
    """Return how many people of named panels are known to have rated in both rounds."""
    previous = edition.results.inputs.get("previous")
    sums = (previous.get("twice") or {}) if previous else {}
    people = 0
    for groups in sums.values():
        people = max(people, sum(max(row[0] for row in rows) for rows in groups.values()))
    if not people:
        return edition.say("fact_overlap_named")
    return edition.say("fact_pairs", n=people)


def verdicts(results: Results) -> dict[str, int]:
    """Return how many topics moved in their overall score, did not, or cannot be compared."""
    counts = dict.fromkeys(("moved", "within_noise", "cannot_tell", "not_comparable"), 0)
    for row in results.year_on_year.values():
        if "overall" in row:
            counts[row["overall"]["verdict"]] += 1
    return counts


def tiers(edition: Edition) -> Iterator[str]:
    """Yield the rule, what people decided against it, and who approved."""
    yield edition.say("chapter_tiers_text", rule=naming.rule_in_words(edition))
    differing = [topic for topic in edition.results.topics if topic.overridden]
    if differing:
        names = (note.topic_name(topic, edition.language) for topic in differing)
        yield edition.say("fact_decided", names=note.enumeration(names, edition.language))
    yield from registration.sentences(edition)
    yield approval(edition)


def approval(edition: Edition) -> str:
    """Return who approved the results, or that nobody did."""
    who, at = edition.results.approved_by, edition.results.approved_at
    if not who or not at:
        return edition.say("fact_not_approved")
    return edition.say("fact_approved", who=plain(who), date=note.day(at, edition.language))


def disclosure(edition: Edition) -> Iterator[str]:
    """Yield what protects people, survey by survey: anonymous and named ones differ."""
    if edition.results.is_without_survey:
        return
    modes = [survey["mode"] for survey in edition.results.surveys]
    for mode in dict.fromkeys(modes):
        yield edition.say(f"fact_sealed_{mode}")
    if "anonymous" in modes or not modes:
        key = "fact_pooling_anonymous" if "named" in modes else "fact_pooling"
        yield edition.say(key, k=edition.results.minimum_group)


def check(edition: Edition) -> Iterator[str]:
    """Yield how the numbers can be computed again, and which release of the method made them."""
    yield edition.say("chapter_check_text")
    yield edition.say("fact_method_version", version=plain(edition.results.method_version))


def _limits(edition: Edition) -> Iterator[str]:
    codes = method_facts(edition.results)["limits"]
    for code in SAID_LIMITS:
        if code in codes:
            yield edition.say(f"limit_{code}")


def dimension_name(edition: Edition, code: str) -> str:
    """Return what a dimension is called, or its question; its code where it has neither."""
    row = next((row for row in edition.results.inputs["dimensions"] if row["code"] == code), None)
    name = (row.get("name") or row.get("question")) if row else None
    return name_in(name or {}, edition.language, code)


def impacts_and_risks(edition: Edition) -> Iterator[str]:
    """Yield what the register holds, who judged it by which rules, and what came of it."""
    for sentence in register.sentences(edition):
        yield note.paragraph([sentence], edition.language)


PARTS = {
    "context": about,
    "sources": rests_on,
    "asked": fieldwork,
    "scores": scores,
    "intervals": intervals,
    "changes": changes,
    "register": impacts_and_risks,
    "tiers": tiers,
    "disclosure": disclosure,
    "check": check,
}
