"""Which rating of the round each value of a question becomes, and what has to be asked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from surveys.questionnaire.wording import plain
from surveys.tables.words import BLANK_WORDS, CANNOT_JUDGE_WORDS, SCALES, Value, value_of

BLANK, CANNOT_JUDGE = 0, 255
SHORTEST, LONGEST = 2, 11
FIRST_MISSING_CODE = 77
"""From here on, and below zero, numbers are codes for “missing” and no ratings."""

_RANGE = re.compile(r"(?<![\d.])([01])\s?(?:-|–|—|~|～|to|至|到)\s?(\d{1,2})(?![\d.])")
_OUT_OF = re.compile(
    r"(?:out of|满分|/)\s?(\d{1,2})(?!\d)|(?<!\d)(\d{1,2})\s?分制|(\d{1,2})[- ]point"
)
_SAYS = re.compile(
    r"(?<![\d.])(\d{1,2})(?!\d)\s?(?:[=:(→]|[-–—]\s?(?![\s\d])|is\b|means\b|(?:stands )?for\b"
    r"|(?=(?:high|low|most|least)\b)|表示|代表|为|是|分)\s?[(]?([^\d,;.)]{2,40})"
)
_HIGH = re.compile(r"\b(most|very|extremely|high|highest|best|strongly agree)\b|非常|最|极|很|十分")
_LOW = re.compile(r"\b(not|un\w+|least|low|lowest|worst|little|dis\w+)\b|不|低|少|最小|最次|弱")


@dataclass(frozen=True)
class Scale:
    """A scale of numbers from `lowest` to `highest`; `most` is the end that means most."""

    lowest: int
    highest: int
    most: int

    @property
    def levels(self) -> int:
        return self.highest - self.lowest + 1

    @property
    def is_possible(self) -> bool:
        return SHORTEST <= self.levels <= LONGEST and self.most in (self.lowest, self.highest)

    def rating(self, number: int, most: int = 5) -> int | None:
        """Return the rating from 1 to `most` that lies nearest on a straight line from end to end;
        one half-way becomes the one nearer the middle, so that both directions agree.

        >>> [Scale(0, 10, 10).rating(number) for number in (0, 3, 5, 7, 10)]
        [1, 2, 3, 4, 5]
        """
        if not self.lowest <= number <= self.highest:
            return None
        steps = number - self.lowest if self.most == self.highest else self.highest - number
        exact = 1 + Fraction(steps * (most - 1), self.levels - 1)
        below, rest = exact.numerator // exact.denominator, exact % 1
        if rest == Fraction(1, 2):
            return below + (exact < Fraction(most + 1, 2))
        return below + (rest > Fraction(1, 2))


ROUND = Scale(1, 5, 5)
ENDS = frozenset(labels[at] for labels in SCALES for at in (0, -1))
"""Words that are the lowest or the highest of some scale."""


@dataclass
class Ratings:
    """Value, as it is compared → rating; `scale` is what its numbers were read on."""

    ratings: dict[str, int] = field(default_factory=dict)
    scale: Scale = ROUND
    asks_scale: bool = False
    proposals: dict[str, int | None] = field(default_factory=dict)
    """Value that somebody must settle → a proposal."""
    source: str = ""
    """Why: “own” words of the survey, “known” words, “numbers”, “words” beside numbers, “told”."""


def guess_ratings(
    values: Iterable[str],
    own: Mapping[str, int],
    cannot_judge: Iterable[str] = (),
    headings: Sequence[str] = (),
    answers: Mapping[str, int] | None = None,
    scale: Scale | None = None,
    talk: Sequence[str] = (),
    ours: Scale = ROUND,
) -> Ratings:
    """Read the values that stand under one question, all together.

    :param values: as they stand in the table. ``own``: word → rating of the survey's own scale.
    :param headings: of the columns: they may name another scale. ``answers``: value → rating, as
        somebody said; it settles a value. ``scale``: what somebody said of its numbers.
    :param talk: texts around the table that speak of a scale. ``ours``: the round's own.
    """
    settled = _settle(values, answers or {}, {*CANNOT_JUDGE_WORDS, *map(plain, cannot_judge)})
    ratings = Ratings(settled[0], scale or ours)
    apart = {word: value_of(word) for word in settled[1]}
    words = {value.word for value in apart.values() if value.word is not None}
    numbers = {word: value.number for word, value in apart.items() if value.word is None}
    ratings.proposals |= {word: None for word, number in numbers.items() if number is None}
    known = _covering(words, own, ours) if words else {}
    around = _Around(headings, talk, ours, is_told=scale is not None)
    _read_numbers(ratings, numbers, around)
    if words and set(numbers.values()) == {1}:
        ratings.asks_scale = False  # beside words, a lone 1 is no tick
    if words:
        _read_words(ratings, apart, known, scale, ours)
    if scale is None and any(numbers.values()):
        _doubt_the_direction(ratings, apart, settled[0], ours)
    return ratings


@dataclass(frozen=True)
class _Around:
    """What is known of the numbers' scale beside the numbers themselves."""

    headings: Sequence[str]
    talk: Sequence[str]
    ours: Scale
    is_told: bool


def _doubt_the_direction(
    guess: Ratings, apart: Mapping[str, Value], settled: Mapping[str, int], ours: Scale
) -> None:
    """Ask for the scale where words beside some numbers, “1 (most important)”, are not understood,
    or were explained otherwise than the bare numbers are read."""
    unclear = [
        w for w in guess.proposals if w in apart and apart[w].word and apart[w].number is not None
    ]
    answers = {value_of(word): rating for word, rating in settled.items()}
    pairs = {(one.number, rating) for one, rating in answers.items() if one.word and one.number}
    pairs = {(number, rating) for number, rating in pairs if rating not in (BLANK, CANNOT_JUDGE)}
    is_against = any(guess.scale.rating(n, ours.highest) != rating for n, rating in pairs)
    if is_against and all(n == ours.highest + 1 - rating for n, rating in pairs):
        guess.scale = Scale(ours.lowest, ours.highest, ours.lowest)
    guess.asks_scale = guess.asks_scale or bool(unclear) or is_against


def _settle(
    values: Iterable[str], answers: Mapping[str, int], cannot_judge: set[str]
) -> tuple[dict[str, int], list[str]]:
    """Return what is clear at once, and the words that are not."""
    ratings = {plain(value): rating for value, rating in answers.items()}
    clear: dict[str, int] = {}
    rest: list[str] = []
    for word in dict.fromkeys(plain(value) for value in values):
        if word in ratings:
            clear[word] = ratings[word]
        elif word in BLANK_WORDS:
            clear[word] = BLANK
        elif word in cannot_judge:
            clear[word] = CANNOT_JUDGE
        else:
            rest.append(word)
    return clear, rest


# ---- numbers ----


def _read_numbers(guess: Ratings, numbers: Mapping[str, int | None], around: _Around) -> None:
    """Read bare numbers: on the scale that was told, or from 1 to 5 where nothing speaks against
    it; anything else is asked."""
    given = {word: number for word, number in numbers.items() if number is not None}
    codes = {w for w, n in given.items() if n < 0 or n >= FIRST_MISSING_CODE}
    rated = {word: number for word, number in given.items() if word not in codes}
    if rated and not around.is_told:
        guess.scale, guess.asks_scale = scale_of(
            set(rated.values()), around.headings, around.talk, around.ours
        )
    guess.source = "told" if around.is_told else "numbers"
    most = around.ours.highest
    for word, number in given.items():
        rating = None if word in codes else guess.scale.rating(number, most)
        if rating is None:
            guess.proposals[word] = BLANK if word in codes else None
        else:
            guess.ratings[word] = rating


def scale_of(
    numbers: set[int], headings: Sequence[str], talk: Sequence[str] = (), ours: Scale = ROUND
) -> tuple[Scale, bool]:
    """Return the scale that numbers are probably on, and whether somebody must confirm it: whatever
    is said of a scale and is not plainly the round's own leaves a doubt."""
    hint, is_reversed = hints([*headings, *talk])
    lowest, highest = min(numbers), max(numbers)
    if hint and hint.lowest <= lowest and highest <= hint.highest:
        scale = hint
    elif lowest >= 1 and highest <= ours.highest:
        scale = ours
    else:
        top = next((top for top in (5, 7, 10) if highest <= top), highest)
        scale = Scale(min(lowest, 1), top, top)
    if is_reversed:
        scale = Scale(scale.lowest, scale.highest, scale.lowest)
    is_ours = hint == ours and not is_reversed
    is_doubtful = scale != ours or bool(hint and hint != ours) or numbers == {1}
    return scale, is_doubtful or bool(talk and not is_ours)


def hints(headings: Sequence[str]) -> tuple[Scale | None, bool]:
    """Return the scale that headings name, if they do, and whether they say that less is more.

    >>> hints(["How important, 1 = most important, 7 = least important?"])
    (Scale(lowest=1, highest=7, most=7), True)
    """
    best: Scale | None = None
    is_reversed = False
    for heading in dict.fromkeys(headings):
        text = plain(heading[:2000])
        numbers = [int(number) for number, _words in _SAYS.findall(text)]
        if ends := _RANGE.search(text):
            numbers += [int(ends[1]), int(ends[2])]
        if out_of := _OUT_OF.search(text):
            numbers += [1, int(next(filter(None, out_of.groups())))]
        numbers = [number for number in numbers if number <= LONGEST]
        if len(set(numbers)) > 1 and max(numbers) > min(numbers):
            scale = Scale(min(numbers), max(numbers), max(numbers))
            best = scale if scale.is_possible else best
        is_reversed = is_reversed or _says_less_is_more(text, numbers)
    return best, is_reversed


def _says_less_is_more(text: str, numbers: Sequence[int]) -> bool:
    if re.search(
        r"(smaller|lower|less) (number )?(is|means) more|数字越小越|1\s?(最|=?\s?most)"
        r"|[高大强](?:到|至)[低小弱]|descending|reversed|inverted",
        text,
    ):
        return True
    for number, words in _SAYS.findall(text):
        is_high = bool(_HIGH.search(words)) and not _LOW.search(words)
        is_low = bool(_LOW.search(words))
        if is_high and int(number) == min(numbers, default=0):
            return True
        if is_low and int(number) == max(numbers, default=0) and len(set(numbers)) > 1:
            return True
    return False


# ---- words ----


def _covering(
    words: set[str], own: Mapping[str, int], ours: Scale
) -> dict[str, tuple[dict[str, int], bool]]:
    """Return name → (word → rating, whether the scale is sure) of each that covers all the words.

    A known scale is sure if it is as long as the round's, and no word beside an end that nobody
    used is itself an end of some other scale: “high, medium, low” may be a whole scale of three.
    """
    scales: dict[str, tuple[dict[str, int], bool]] = {}
    if words <= own.keys():
        scales["own"] = ({word: own[word] for word in words}, True)
    for number, labels in enumerate(SCALES):
        scale = Scale(1, len(labels), len(labels))
        places = {plain(label): at for at, label in enumerate(labels, start=1)}
        if words <= places.keys():
            ratings = {word: scale.rating(places[word], ours.highest) or 0 for word in words}
            is_whole = _ends_are_sure({places[word] for word in words}, labels)
            scales[str(number)] = (ratings, len(labels) == ours.levels and is_whole)
    return scales


def _ends_are_sure(places: set[int], labels: Sequence[str]) -> bool:
    length = len(labels)
    is_low_open = 2 in places and 1 not in places and labels[1] in ENDS
    is_high_open = length - 1 in places and length not in places and labels[-2] in ENDS
    return not (is_low_open or is_high_open)


def _read_words(
    guess: Ratings,
    apart: Mapping[str, Value],
    known: Mapping[str, tuple[dict[str, int], bool]],
    scale: Scale | None,
    ours: Scale,
) -> None:
    """Read words on the one scale that covers all of them; ask for the whole set otherwise."""
    worded = {word: value for word, value in apart.items() if value.word is not None}
    readings = [ratings for ratings, _ours in known.values()]
    first = known["own"][0] if "own" in known else next(iter(readings), {})
    is_ours = any(ours for _ratings, ours in known.values())
    agreed = is_ours and all(ratings == readings[0] for ratings in readings)
    numbers_agree = _numbers_agree(worded, first, ours) if agreed else None
    for word, value in worded.items():
        rating = first.get(value.word or "")
        if agreed and numbers_agree is not None:
            guess.ratings[word] = rating or 0
        elif scale is not None and value.number is not None:
            _keep_rating(guess, word, scale.rating(value.number, ours.highest))
        else:
            guess.proposals[word] = rating if rating else _by_number(value, ours)
    if agreed and numbers_agree is not None:
        guess.source = "own" if "own" in known else "known"
        _follow_the_words(guess, apart, worded, numbers_agree or scale is not None, ours)


def _keep_rating(guess: Ratings, word: str, rating: int | None) -> None:
    if rating is None:
        guess.proposals[word] = None
    else:
        guess.ratings[word] = rating


def _by_number(value: Value, ours: Scale) -> int | None:
    return ours.rating(value.number, ours.highest) if value.number is not None else None


def _numbers_agree(
    worded: Mapping[str, Value], ratings: Mapping[str, int], ours: Scale
) -> bool | None:
    """Return True where the numbers beside the words rise with them, or there are none, False where
    they fall, None where they do neither."""
    pairs = {(v.number, ratings[v.word or ""]) for v in worded.values() if v.number is not None}
    if all(number == rating for number, rating in pairs):
        return True
    if all(number == ours.highest + 1 - rating for number, rating in pairs):
        return False
    return None


def _follow_the_words(
    guess: Ratings,
    apart: Mapping[str, Value],
    worded: Mapping[str, Value],
    rises: bool,
    ours: Scale,
) -> None:
    """Let bare numbers run the way the numbers beside words do, where those fall."""
    if rises:
        return
    guess.scale = Scale(ours.lowest, ours.highest, ours.lowest)
    for word, value in apart.items():
        if word not in worded and value.number is not None:
            rating = guess.scale.rating(value.number, ours.highest)
            if rating is not None:
                guess.ratings[word] = rating
