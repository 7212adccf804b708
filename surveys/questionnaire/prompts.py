"""What the words of a question must be: complete, told apart, short enough for a phone."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any
from unicodedata import east_asian_width

from django.utils.translation import gettext as _

from surveys.languages import CODES, LANGUAGE_NAMES, cannot_be_kept
from surveys.models import USUAL_POINTS, Prompt, Question, Survey
from surveys.questionnaire.scales import has_ends_only
from surveys.questionnaire.wording import plain

PROMPT_WORDS = ("text", "hint", "labels", "cannot_judge")
WIDEST = {"text": 160, "hint": 300, "labels": 32, "cannot_judge": 60}
"""Of one text, in letters. On a phone of 320 px a rating has a fifth of the width, where 32 letters
take six lines at most; “cannot judge” takes two, the question nine of its large ones."""
START = 12

Words = Mapping[str, Any]
FieldTexts = list[tuple[str, str]]
"""Where a word stands, as “labels:en:3”, and the word."""


def words_of(prompt: Prompt) -> dict[str, Any]:
    return {name: getattr(prompt, name) for name in PROMPT_WORDS}


def width_of(text: str) -> int:
    """Return how many letters wide a text is; a Chinese character is as wide as two.

    >>> width_of("重要"), width_of("Very")
    (4, 4)
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def tidy(words: Words) -> dict[str, Any]:
    """Return words without spaces around them, and a scale without the languages it is not in."""
    texts = {
        name: {code: text_in_language.strip() for code, text_in_language in text.items()}
        for name, text in words.items()
        if name != "labels"
    }
    if "labels" in words:
        lines = words["labels"].items()
        scales = {code: [" ".join(word.split()) for word in scale] for code, scale in lines}
        texts["labels"] = {code: scale for code, scale in scales.items() if any(scale)}
    return texts


def faults_of(
    words: Words, codes: tuple[str, ...], points: int = USUAL_POINTS
) -> Iterator[tuple[str, str]]:
    """Yield what keeps a question from being asked: where, and a sentence.

    :param codes: the languages people can read it in; words in another may be left out.
    :param points: how many ratings there are; each has a word, or the two ends alone have.
    """
    for code in CODES:
        faults, apart = _texts(words, code), _apart(words, code)
        scale = _scale(words, code, points)
        if code in codes:
            yield from _missing([*faults[:1], *apart], code)
        if code in codes or _any(scale):
            yield from _missing_ratings(scale, code)
            yield from _too_many_ratings(words, code, points)
        yield from _alike([*scale, *apart])
        for where, word in [*faults, *scale, *apart]:
            yield from ((where, fault) for fault in unfit(where, word))


def _texts(words: Words, code: str) -> FieldTexts:
    return [(f"{name}:{code}", words[name].get(code, "")) for name in ("text", "hint")]


def _scale(words: Words, code: str, points: int) -> FieldTexts:
    scale = [*(words["labels"] or {}).get(code, []), *[""] * points][:points]
    return [(f"labels:{code}:{rating}", word) for rating, word in enumerate(scale, 1)]


def _apart(words: Words, code: str) -> FieldTexts:
    return [(f"cannot_judge:{code}", words["cannot_judge"].get(code, ""))]


def _any(texts: FieldTexts) -> bool:
    return any(word.strip() for _where, word in texts)


def _missing_ratings(scale: FieldTexts, code: str) -> Iterator[tuple[str, str]]:
    values = {"language": LANGUAGE_NAMES[code], "points": len(scale)}
    if not _any(scale):
        sentence = _(
            "The ratings have no words in %(language)s. Write them, or the two ends alone."
        )
        yield scale[0][0], sentence % values
    elif not has_ends_only([word for _where, word in scale]):
        yield from _missing(scale, code)


def _too_many_ratings(words: Words, code: str, points: int) -> Iterator[tuple[str, str]]:
    worded = len((words["labels"] or {}).get(code, []))
    if worded > points:
        yield (
            f"labels:{code}:{points}",
            _(
                "%(found)d ratings have words in %(language)s, and the scale has %(points)d "
                "points. Leave out %(over)d, or change the scale."
            )
            % {
                "found": worded,
                "language": LANGUAGE_NAMES[code],
                "points": points,
                "over": worded - points,
            },
        )


def _missing(texts: FieldTexts, code: str) -> Iterator[tuple[str, str]]:
    for where, word in texts:
        if not word.strip():
            values = {"what": name_of(where), "language": LANGUAGE_NAMES[code]}
            yield where, _("%(what)s has no text in %(language)s. Write it.") % values


def _alike(answers: FieldTexts) -> Iterator[tuple[str, str]]:
    sentence = _(
        "%(one)s and %(other)s both read “%(word)s”: nobody could tell them apart. "
        "Word one of them otherwise."
    )
    for (first, word), (second, other) in combinations(answers, 2):
        if word.strip() and plain(word) == plain(other):
            yield second, sentence % {"one": name_of(first), "other": name_of(second), "word": word}


def unfit(where: str, word: str) -> Iterator[str]:
    """Yield why a text cannot be kept, or shown on a phone."""
    most = WIDEST.get(where.partition(":")[0])
    if cannot_be_kept(word):
        yield _("The text holds a character that cannot be kept. Remove it.")
    elif most and (width := width_of(word)) > most:
        yield _(
            "%(what)s is %(found)d letters wide; at most %(most)d fit a phone. Shorten "
            "“%(start)s…”. (A Chinese character counts as two.)"
        ) % {"what": name_of(where), "found": width, "most": most, "start": word[:START]}


def name_of(where: str) -> str:
    """Return what stands at “labels:en:3”, as the page calls it."""
    name, _colon, rest = where.partition(":")
    names = {"text": _("The question"), "hint": _("The hint"), "cannot_judge": _("“Cannot judge”")}
    return names.get(name) or _("Rating %(number)s") % {"number": rest.partition(":")[2]}


def asked_prompts(survey: Survey) -> dict[int, set[int]]:
    """Return audience → the prompts it is asked, both by id."""
    prompts: dict[int, set[int]] = {}
    rows = Question.objects.filter(survey=survey).exclude(audiences=None)
    for audience, prompt in rows.order_by().values_list("audiences", "prompt").distinct():
        prompts.setdefault(audience, set()).add(prompt)
    return prompts
