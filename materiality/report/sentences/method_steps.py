"""How the assessment was made, as the sentences a report prints."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from materiality.report.edition import Edition
from materiality.report.sentences import method_note, naming, note
from materiality.report.text import plain


@dataclass(frozen=True)
class MethodStep:
    title: str
    text: str


STANDARDS: Mapping[str, Mapping[str, str]] = {
    "zh-hans": {
        "SZSE 2006": "《深圳证券交易所上市公司社会责任指引》",
        "SZSE 2024": "深交所《上市公司自律监管指引第 17 号——可持续发展报告（试行）》",
        "GRI": "GRI 标准",
        "ESRS": "《欧洲可持续发展报告准则》（ESRS）",
        "SDG": "联合国可持续发展目标",
        "HKEX": "香港联交所《环境、社会及管治报告守则》",
    },
    "en": {
        "SZSE 2006": "the social responsibility guidelines of the Shenzhen Stock Exchange",
        "SZSE 2024": "the sustainability reporting guidelines of the Shenzhen Stock Exchange",
        "GRI": "the GRI Standards",
        "ESRS": "the European Sustainability Reporting Standards",
        "SDG": "the Sustainable Development Goals",
        "HKEX": "the ESG Reporting Code of the Hong Kong exchange",
    },
}


def steps(edition: Edition) -> list[MethodStep]:
    """Return the four steps: identify, ask, score, decide."""
    return [
        MethodStep(edition.say("step_identify"), _identify(edition)),
        MethodStep(edition.say("step_ask"), _ask(edition)),
        MethodStep(edition.say("step_score"), _score(edition)),
        MethodStep(edition.say("step_decide"), _decide(edition)),
    ]


def _identify(edition: Edition) -> str:
    used = dict.fromkeys(
        (row[0], row[1]) for topic in edition.results.topics for row in topic.references
    )
    if not used:
        return edition.say("identify_plain", n=len(edition.results.topics))
    titles = dict.fromkeys(_standard(edition, *key) for key in used)
    names = note.enumeration(titles, edition.language)
    others = sum(not topic.references for topic in edition.results.topics)
    own = edition.say("identify_own", k=others) if others else ""
    return edition.say("identify", n=len(edition.results.topics), standards=names, own=own)


def _standard(edition: Edition, standard: str, year: str) -> str:
    """Return what a report calls a standard, its code where it has no name, and its edition."""
    titles = STANDARDS[edition.language]
    title = titles.get(f"{standard} {year}") or titles.get(standard) or plain(standard)
    return edition.say("edition_of", standard=title, edition=plain(year)) if year else title


def _ask(edition: Edition) -> str:
    if edition.results.is_without_survey:
        return _experts_asked(edition)
    opened, closed = edition.results.about.get("opened"), edition.results.about.get("closed")
    period = ""
    if opened and opened == closed:
        period = edition.say("period_on", day=note.day(opened, edition.language))
    elif opened and closed:
        days = {
            "opened": note.day(opened, edition.language),
            "closed": note.day(closed, edition.language),
        }
        period = edition.say("period_in", **days)
    questions = {
        axis: edition.say(
            "ask_axis",
            name=note.axis_title(edition, axis),
            source=note.source(edition, axis),
        )
        for axis in "xy"
    }
    ways = list(_ways(edition))
    how = edition.say("ask_ways", ways=edition.say("semicolon").join(ways)) if ways else ""
    joined = [
        method_note.later(edition, survey)
        for survey in edition.results.surveys
        if survey.get("later")
    ]
    sentence = edition.say("ask", period=period, ways=how, **questions)
    later = note.paragraph(joined, edition.language)
    return " ".join(part for part in (sentence, later) if part)  # what was asked ends with a stop


def _experts_asked(edition: Edition) -> str:
    """Return who scored the register, where nobody else was asked."""
    register = edition.results.register
    experts = register.experts if register else ()
    names = [plain(expert.name) or plain(expert.code) for expert in experts]
    return edition.say(
        "alone_ask",
        n=len(register.entries) if register else 0,
        names=note.enumeration(names, edition.language),
    )


def _ways(edition: Edition) -> Iterator[str]:
    """Yield which way answers came, each survey by what it asked about where there are several."""
    surveys = edition.results.surveys
    for survey in surveys:
        ways = method_note.ways(edition, survey)
        if len(surveys) > 1:
            dimensions = dict.fromkeys(code.split(".")[0] for code in survey["dimensions"])
            names = [method_note.dimension_name(edition, code) for code in dimensions]
            name = note.enumeration(names, edition.language)
            ways = edition.say("ask_way_of", name=name, ways=ways)
        yield ways


def _score(edition: Edition) -> str:
    if edition.results.is_without_survey:
        return note.paragraph([edition.say("alone_score")], edition.language)
    composed = note.paragraph(note.composition(edition), edition.language)
    return " ".join(part for part in (edition.say("score"), composed) if part)


def _decide(edition: Edition) -> str:
    changed = sum(topic.overridden for topic in edition.results.topics)
    return edition.say(
        "decide" if changed else "decide_as_rule",
        rule=naming.rule_in_words(edition),
        k=changed,
        status=note.status(edition),
    )


def warnings(edition: Edition) -> list[str]:
    """Return what must be said before anything else: draft, simulated."""
    sentences = [] if edition.results.is_locked else [edition.say("draft_long")]
    return [*sentences, edition.say("simulated_long")] if edition.results.simulated else sentences
