"""How the assessment was made, as the sentences a report prints."""

from dataclasses import dataclass

from materiality.report import note
from materiality.report.text import plain
from materiality.report.words import say
from materiality.results import Results


@dataclass(frozen=True)
class Step:
    title: str
    text: str


def steps(results: Results, language: str) -> list[Step]:
    """Return the four steps: identify, ask, score, decide."""
    return [
        Step(say(language, "step_identify"), _identify(results, language)),
        Step(say(language, "step_ask"), _ask(results, language)),
        Step(say(language, "step_score"), say(language, "score")),
        Step(say(language, "step_decide"), _decide(results, language)),
    ]


def _identify(results: Results, language: str) -> str:
    used = dict.fromkeys(row[0] for topic in results.topics for row in topic.references)
    if not used:
        return say(language, "identify_plain", n=len(results.topics))
    names = note.listed((_standard(code) for code in used), language)
    return say(language, "identify", n=len(results.topics), standards=names)


def _standard(code: str) -> str:
    return plain(code)


def _ask(results: Results, language: str) -> str:
    opened, closed = results.about.get("opened"), results.about.get("closed")
    period = ""
    if opened and closed:
        days = {"opened": note.day(opened, language), "closed": note.day(closed, language)}
        period = say(language, "period_in", **days)
    said = {
        axis: say(
            language,
            "ask_axis",
            name=note.axis_title(results, language, axis),
            source=note.source(results, language, axis),
        )
        for axis in "xy"
    }
    return say(language, "ask", period=period, **said)


def _decide(results: Results, language: str) -> str:
    changed = sum(topic.overridden for topic in results.topics)
    return say(
        language,
        "decide" if changed else "decide_as_rule",
        rule=note.rule_in_words(results, language),
        k=changed,
        status=note.status(results, language),
    )


def chapters(results: Results, language: str) -> list[tuple[str, list[str]]]:
    """Return the parts of the method note: heading and paragraphs."""
    confidence = f"{results.inputs.get('confidence', 0.95) * 100:g}"
    facts = {
        "points": results.points,
        "k": results.minimum_group,
        "percent": confidence,
        "seed": results.inputs.get("seed", ""),
        "rule": note.rule_in_words(results, language),
    }
    titles = ("scores", "intervals", "tiers", "disclosure", "check")
    found = [
        (say(language, f"chapter_{title}"), [say(language, f"chapter_{title}_text", **facts)])
        for title in titles
    ]
    exceptions = note.exceptions(results, language)
    if exceptions:
        found.append((say(language, "chapter_exceptions"), exceptions))
    return found


def warnings(results: Results, language: str) -> list[str]:
    """Return what must be said before anything else: draft, simulated."""
    found = [] if results.is_locked else [say(language, "draft_long")]
    return [*found, say(language, "simulated_long")] if results.simulated else found
