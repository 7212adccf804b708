"""The register of the demo's double round: invented entries, scored by two who are simulated."""

from collections.abc import Iterator, Mapping
from random import Random

from django.contrib.auth.models import User

from materiality import actions
from materiality.actions.register import IroRow
from materiality.actions.register_scales import Meaning, Place
from materiality.demo.case import Case, Text, rows, text_of
from materiality.demo.ratings import RATINGS, rating_probabilities
from materiality.models import Assessment, ChainStep, Iro
from materiality.models.register import ASKED

TEXTS = ("title", "description", "affected", "mitigation")
FLAGS = {"is_actual": "actual", "human_rights": "human_rights"}
PLAIN = ("kind", "stage", "horizon", "involvement", "place", "evidence")
THRESHOLDS = {"negative": 3.2, "positive": 3.5, "risk": 3.3, "opportunity": 3.3}
WHY = Text("演示用阈值，无其他依据", "Made up for the demo, on no other ground")
REASON = "演示用评分，由程序生成。 / Drawn by a program for the demo."
AGREED = "演示用共识：取较高的判断。 / Made up for the demo: the higher judgement."
FAR_APART = 3


def entries(steps: Mapping[str, ChainStep]) -> Iterator[IroRow]:
    """Yield the entries of the file; `steps` are the stages of the value chain by their keys."""
    for row in rows("register.csv"):
        texts = {part: text_of(row, part).by_language() for part in TEXTS}
        flags = {name: row[column] == "1" for name, column in FLAGS.items()}
        flags["is_net"] = bool(row["evidence"])
        plain = {name: row[name] for name in PLAIN}
        step = steps[row["step"]]
        yield IroRow("", row["topic"], {**plain, **flags, **texts, "step": step})


def meanings() -> dict[Place, Meaning]:
    """Return what the numbers of each criterion mean, in words and, of the magnitude, in money."""
    lines = list(rows("scales.csv"))
    by_place: dict[Place, Meaning] = {}
    for criterion in dict.fromkeys(row["criterion"] for row in lines):
        own = [row for row in lines if row["criterion"] == criterion]
        words = [text_of(row, "word").by_language() for row in own]
        limits = [float(row["from_cny"]) for row in own if row["from_cny"]]
        by_place[criterion, ""] = Meaning(words, "CNY" if limits else "", limits)
    return by_place


def fill(
    assessment: Assessment,
    facts: Case,
    steps: Mapping[str, ChainStep],
    experts: list[User],
    manager: User,
) -> int:
    """Fill the register, set scales and thresholds, let experts score; return how many entries.

    Scales and thresholds come first, so that they were fixed before any score was known.
    """
    taken = actions.take_in_iros(assessment=assessment, rows=entries(steps), by=manager)
    actions.set_iro_scales(assessment=assessment, meanings=meanings(), by=manager)
    values = {kind: (value, WHY.by_language()) for kind, value in THRESHOLDS.items()}
    actions.set_iro_thresholds(assessment=assessment, values=values, by=manager)
    actions.assign_iros(assessment=assessment, codes=taken.added, experts=experts, by=manager)
    for iro in assessment.iros.select_related("topic"):
        _score(iro, facts.topic(iro.topic.code).x, experts, manager)
    return len(taken.added)


def _score(iro: Iro, place: float, experts: list[User], manager: User) -> None:
    """Let each expert score an entry; where they are far apart, they agree on the higher."""
    both = [{mark: _draw(iro, mark, place, n) for mark in ASKED[iro.sheet]} for n in (0, 1)]
    for expert, marks in zip(experts, both, strict=True):
        actions.score_iro(iro=iro, expert=expert, marks=marks, reason=REASON)
    first, second = both
    if max(abs(first[mark] - second[mark]) for mark in first) >= FAR_APART:
        agreed = {mark: max(first[mark], second[mark]) for mark in first}
        actions.agree_iro(iro=iro, marks=agreed, reason=AGREED, by=manager)


def _draw(iro: Iro, mark: str, place: float, expert: int) -> int:
    chance = Random(f"register/{iro.code}/{mark}/{expert}")  # noqa: S311 (a simulation, no secret)
    return chance.choices(RATINGS, rating_probabilities(place, 0.0))[0]
