"""What a file says around its ratings: the question over a topic, and words about a scale.

A heading that asks something the survey does not ask, and words about a scale that cannot be
followed, are doubts: nothing is taken for granted beside them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from surveys.questionnaire.wording import plain
from surveys.tables.target import Target, TargetTopic
from surveys.tables.words import squash

RATES = re.compile(
    r"importan|relevan|material|priorit|rating|rate\b|rated|score|impact|concern|matrix|topic|issue"
    r"|section|part\b|question|重要|评分|打分|评价|关注|关心|实质|优先|矩阵|议题|部分|问题|题目|影响"
)
"""Words of questions that ask for a rating of topics, and of what stands over such questions."""
MACHINE = re.compile(r"[a-z]?|[a-z_]*\d\w*|gr?p|group|grid|table|item|var")
"""A name that a program gave: q2, group_ab1cd23, m."""
NUMBERING = re.compile(
    r"^(?:part|section|question|q)?\s?\d{1,4}(?:[._-]\d{1,3})*(?:\[\w{1,20}\])?\s?[、..:：)）]?\s?"
    r"|^第\s?[\d一二三四五六七八九十]{1,3}\s?(?:部分|题|章|节)"
)
TIMES = re.compile(
    r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\d{1,2}:\d{2}(:\d{2})?|\d{3,}"
)
TALK = re.compile(
    r"(?<![\d.])(?:10|11|[0-9])(?![\d.])|最不?(?:重要|高|低|大|小|优先|好|差|次|强|弱)"
    r"|越(?:大|小|高|低)|[高低大小强弱](?:到|至)[高低大小强弱]|降序|升序|量表|满分|分制"
    r"|[二三四五六七八九十]\s?(?:级|点|分)"
    r"|\b(?:scale|grades?|marks?|rank\w*|high|low|highest|lowest|least|best|worst|ascending"
    r"|descending|points?|percent|reversed?|inverted|two|three|four|five|six|seven|nine|ten)\b"
    r"|most (?:important|relevant)"
)
"""Words and numbers by which a text may speak of the scale of the ratings."""
MOST_ALIKE = 0.5


def strange_questions(target: Target, headings: Mapping[int, tuple[str, TargetTopic]]) -> list[int]:
    """Return the columns of topics whose headings ask what the survey does not ask.

    :param headings: column → its heading, and the topic it names.
    """
    around = {at: apart(heading, topic) for at, (heading, topic) in headings.items()}
    common = _common(after for _before, after in around.values())
    strange = []
    for at, (before, after) in around.items():
        texts = [before, after if after in common else ""]
        if not all(asks_for_ratings(target, text) for text in texts):
            strange.append(at)
    return strange


def scale_talk(
    target: Target, headings: Iterable[tuple[str, TargetTopic]], notes: Sequence[str] = ()
) -> list[str]:
    """Return the texts around the ratings that may speak of their scale, without the questions
    that the survey itself asks.

    :param notes: what stands above the headings, or alone in a row.
    """
    around = [apart(heading, topic) for heading, topic in headings]
    common = _common(after for _before, after in around)
    texts = [before for before, _after in around]
    texts += [after for _before, after in around if after in common]
    texts += [plain(note) for note in notes]
    left = (_without_own_words(target, text) for text in dict.fromkeys(texts))
    return [text for text in left if TALK.search(text)]


def apart(heading: str, topic: TargetTopic) -> tuple[str, str]:
    """Return what a heading says before and after the name of its topic, as it is compared; no
    number, and nothing that explains the topic in the same brackets.

    >>> apart("2、有多重要？[能源（含用电）]", TargetTopic("p:e", "p", "1", ("能源",)))
    ('有多重要?', '(含用电)')
    """
    text = plain(heading[:2000])
    span = _longest(text, topic)
    if span is None:
        return "", ""
    before, after = (_without_names(part, topic) for part in (text[: span[0]], text[span[1] :]))
    if before.rstrip().endswith(("[", "(", "【")):
        after = after.partition("]")[0] if "]" not in after else after.partition("]")[2]
    return _bare(NUMBERING.sub("", before.strip())), _bare(after)


def _longest(text: str, topic: TargetTopic) -> tuple[int, int] | None:
    for name in sorted(topic.names, key=len, reverse=True):
        if match := _name(name).search(text):
            return match.span()
    return None


def _without_names(text: str, topic: TargetTopic) -> str:
    """Return a text without the other names of its topic: a heading may bear two languages."""
    for name in topic.names:
        if len(name) > 1 and not name.isdigit():
            text = _name(name).sub(" ", text)
    return text


@cache
def _name(squashed_name: str) -> re.Pattern[str]:
    return re.compile(r"[\W_]{0,3}".join(map(re.escape, squashed_name)))


def _bare(text: str) -> str:
    return text.strip(" -–—:|/_.,·[]【】")


def _common(texts: Iterable[str]) -> set[str]:
    """Return the texts that stand under several headings: an explanation of a topic stands once."""
    return {text for text, count in Counter(texts).items() if text and count > 1}


def asks_for_ratings(target: Target, text: str) -> bool:
    """Tell whether a text over topics is the survey's own question, or one that asks the like, or
    no question at all."""
    name = squash(text)
    if not name or MACHINE.fullmatch(name) or RATES.search(text):
        return True
    words = _words(text)
    for prompt in target.prompts:
        for own in (prompt.code, *prompt.texts):
            if name in squash(own) or (squash(own) and squash(own) in name):
                return True
            if len(words & _words(own)) > MOST_ALIKE * len(words):
                return True
    return False


def _words(text: str) -> set[str]:
    """Return the words of a text: between spaces, and pairs of Chinese letters."""
    words = set(re.findall(r"[a-z]{4,}", plain(text)))
    for run in re.findall(r"[\u4e00-\u9fff]{2,}", text):
        words |= {run[at : at + 2] for at in range(len(run) - 1)}
    return words


def _without_own_words(target: Target, text: str) -> str:
    """Return a text without the survey's own questions, days and numbers of questions."""
    for prompt in target.prompts:
        for own in prompt.texts:
            text = text.replace(plain(own), " ")
    for topic in target.topics:
        for title in topic.titles:
            text = text.replace(plain(title), " ")
    text = TIMES.sub(" ", text)
    return re.sub(r"\b[a-z]{1,5}\d+(?:[_.-]\d+)*\b|^\d{1,3}[、..)]", " ", text).strip()
