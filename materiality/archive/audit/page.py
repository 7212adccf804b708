"""Make the auditor's page: the bundle, the answers without names and the log in one HTML file.

The browser recomputes what follows from counts alone (`recompute.js`) and says whether it is what
was recorded; what comes from draws is shown as it was recorded. Nothing is loaded, so the page can
be kept and opened anywhere. Texts are put into the page by the script as text, never as markup.
"""

import base64
import html
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.utils import translation

from materiality.models import Verb
from materiality.report.edition import Edition
from materiality.report.files import webpage
from materiality.report.sentences import naming, note
from materiality.report.text import name_in

HERE = Path(__file__).parent
WORDS = (
    "yes",
    "no",
    "digest",
    "log",
    "answers",
    "results",
    "tier",
    "rank",
    "overall",
    "rule",
    "weight",
    "share",
    "mean",
    "unit",
    "ratings",
    "cannot_judge",
    "withheld",
    "suggested",
    "decided",
    "reason",
    "recorded",
    "stability",
    "draws",
    "locked",
    "approved",
    "nobody",
    "entry",
    "when",
    "who",
    "what",
    "history",
)


def audit_page(edition: Edition, files: Mapping[str, bytes]) -> bytes:
    """Return the page in the language of the edition.

    :param files: of the archive: bundle.json, lock.json, event-log.jsonl and answers-*.csv, byte
        for byte as an auditor would check them.
    """
    contents = {name: _base64(content) for name, content in files.items() if _is_shown(name)}
    style = webpage.style(edition.look.palette) + _file("page.css")
    scripts = (_file("recompute.js"), _file("checks.js"), _file("page.js"))
    page = _file("page.html").format(
        head=webpage.head(
            edition,
            title=edition.say("audit_title"),
            policy=webpage.policy_of(style, *scripts),
            style=style,
        ),
        title=html.escape(edition.say("audit_title")),
        organisation=html.escape(edition.organisation),
        year=html.escape(str(edition.results.about["year"])),
        lead=html.escape(edition.say("audit_lead")),
        checks=html.escape(edition.say("audit_checks")),
        figure=webpage.figure_of(edition, "screen", "wide"),
        hint=html.escape(edition.say("audit_hint")),
        draws=html.escape(edition.say("audit_draws")),
        history=html.escape(edition.say("audit_history")),
        stamp=html.escape(note.stamp(edition)),
        words=webpage.json_within({name: edition.say(f"audit_{name}") for name in WORDS}),
        names=webpage.json_within(_names(edition)),
        files=webpage.json_within(contents),
        scripts="".join(f"<script>{script}</script>\n" for script in scripts),
    )
    return page.encode()


def _is_shown(name: str) -> bool:
    known = ("bundle.json", "lock.json", "event-log.jsonl")
    return name in known or name.startswith("answers-")


def _names(edition: Edition) -> dict[str, dict[str, str]]:
    """Return what topics, units, dimensions and tiers are called, by their codes."""
    results, language = edition.results, edition.language
    units = [unit for rows in results.units.values() for unit in rows]
    tiers = {topic.tier for topic in results.topics} | {
        topic.suggested_tier for topic in results.topics
    }
    return {
        "topics": {topic.code: note.topic_name(topic, language) for topic in results.topics},
        "units": {unit.code: note.unit_name(unit, language) for unit in units},
        "dimensions": {
            row["code"]: name_in(row.get("name") or {}, language, row["code"])
            for row in results.inputs["dimensions"]
        },
        "tiers": {str(tier): naming.tier_name(edition, tier) for tier in tiers},
        "rule": {"": naming.rule_in_words(edition)},
        "verbs": _verbs(edition.language),
    }


def _verbs(language: str) -> dict[str, str]:
    """Return what each verb of the log says."""
    with translation.override(language):
        return {str(verb.value): str(verb.label) for verb in Verb}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


@cache
def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
