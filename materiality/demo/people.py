"""The simulated respondents: how many of each group, in which language, and how they rate."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from materiality.demo.case import Case, CaseTopic, Text
from materiality.demo.names import address_of, name_of
from materiality.demo.ratings import (
    RATINGS,
    criterion_offset,
    group_offset,
    rating_probabilities,
)

CANNOT_JUDGE_SHARE = 0.04
BLANK_SHARE = 0.01
OPTIMISM = 0.25  # spread of how generously people rate, in rating points
ENGLISH_SHARE = 0.25
MOST_OF_A_GROUP = 120

PANELS = (
    ("managers", Text("管理层", "Managers")),
    ("experts", Text("外部专家", "External experts")),
)
FINANCE = ("finance", Text("财务与风险部门", "Finance and risk"))
"""The panel of the double round that judges the financial effect alone."""

YOU_ARE = {
    "shareholders": Text("股东或投资者", "A shareholder or investor"),
    "customers": Text("客户", "A customer"),
    "employees": Text("员工", "An employee"),
    "regulators": Text("政府或监管机构人员", "From government or a regulator"),
    "suppliers": Text("供应链伙伴", "A supply chain partner"),
    "community": Text("社区居民或公众", "From the community or the public"),
    "managers": Text("公司管理者", "A manager of the company"),
    "experts": Text("外部专家", "An external expert"),
    "finance": Text("财务或风险管理人员", "From finance or risk management"),
}
INVITED_AND_ANSWERING = {
    2019: {
        "shareholders": (14, 11),
        "customers": (30, 24),
        "employees": (40, 32),
        "regulators": (6, 4),
        "suppliers": (16, 12),
        "community": (12, 9),
        "managers": (12, 10),
        "experts": (8, 6),
    },
    2020: {
        "shareholders": (40, 31),
        "customers": (90, 70),
        "employees": (100, 86),
        "regulators": (14, 9),
        "suppliers": (45, 34),
        "community": (30, 22),
        "managers": (34, 30),
        "experts": (20, 16),
    },
    2021: {
        "shareholders": (40, 6),
        "customers": (90, 17),
        "employees": (100, 24),
        "regulators": (14, 2),
        "suppliers": (45, 7),
        "community": (30, 4),
        "managers": (26, 5),
        "experts": (14, 3),
    },
}
INVITED_AND_ANSWERING[2022] = {
    "shareholders": (10, 7),
    "customers": (16, 12),
    "employees": (20, 15),
    "regulators": (8, 6),
    "suppliers": (10, 8),
    "community": (9, 7),
    "managers": (9, 7),
    "experts": (8, 6),
    "finance": (7, 6),
}
COMMENTS = {
    "zh-hans": ("希望多公布进展数据。", "建议加强与供应商的沟通。", "隐私保护做得不错，请继续。"),
    "en": (
        "Please publish progress figures.",
        "Talk to suppliers more often.",
        "Good work on privacy.",
    ),
}


@dataclass(frozen=True)
class Respondent:
    """One simulated person; the same seed always gives the same person."""

    group: str
    number: int
    year: int
    language: str
    comment: str

    @property
    def name(self) -> str:
        return self._full_name.by_language()[self.language]

    @property
    def email(self) -> str:
        return address_of(self._full_name)

    @property
    def _full_name(self) -> Text:
        return name_of(list(YOU_ARE).index(self.group) * MOST_OF_A_GROUP + self.number)


def respondents(year: int, group: str) -> list[Respondent]:
    """Return everybody invited of a group; the first ones answer."""
    invited, _answering = INVITED_AND_ANSWERING[year][group]
    return [_respondent(year, group, number) for number in range(invited)]


def answering(year: int, group: str) -> int:
    return INVITED_AND_ANSWERING[year][group][1]


def _respondent(year: int, group: str, number: int) -> Respondent:
    chance = Random(f"{year}/{group}/{number}/person")  # noqa: S311 (a simulation, not a secret)
    language = "en" if chance.random() < ENGLISH_SHARE else "zh-hans"
    comments = COMMENTS[language]
    comment = comments[int(chance.random() * len(comments))] if chance.random() < 0.1 else ""
    return Respondent(group, number, year, language, comment)


def rater(person: Respondent, case: Case) -> Callable[..., int | str | None]:
    """Return how this person rates a topic: 1 to 5, "cannot_judge", or None for a blank.

    By a criterion, where the panel is asked by several: each is drawn apart.
    """
    chance = Random(f"{person.year}/{person.group}/{person.number}/mood")  # noqa: S311
    mood = (sum(chance.random() for _ in range(12)) - 6) * OPTIMISM
    panel = person.group in dict(PANELS)
    finance = person.group == FINANCE[0]

    def rate(topic: CaseTopic, criterion: str = "") -> int | str | None:
        key = f"{person.year}/{person.group}/{person.number}/{topic.code}"
        draw = Random(f"{key}/{criterion}" if criterion else key)  # noqa: S311
        kind = draw.random()
        if kind < BLANK_SHARE:
            return None
        if kind < BLANK_SHARE + CANNOT_JUDGE_SHARE:
            return "cannot_judge"
        place = topic.x if panel or finance else topic.y
        offset = 0.0 if panel or finance else group_offset(person.group, topic.subject)
        if criterion:
            offset += criterion_offset(topic.code, criterion)
        return _draw(rating_probabilities(place, round(offset + mood, 2)), draw.random())

    return rate


def _draw(probabilities: tuple[float, ...], at: float) -> int:
    passed = 0.0
    for rating, probability in zip(RATINGS, probabilities, strict=True):
        passed += probability
        if at < passed:
            return rating
    return RATINGS[-1]
