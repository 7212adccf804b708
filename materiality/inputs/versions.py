"""How a published questionnaire was worded over time, and how many answered which words."""

from dataclasses import dataclass

from surveys.answers import version_counts
from surveys.languages import Text
from surveys.models import QuestionnaireVersion, Survey


@dataclass(frozen=True)
class WordingVersion:
    """One version.

    :param changes: before and after of each text it worded otherwise.
    :param answers: None while that may not be told. :param together: the versions that `answers`
        counts, where each alone would be too few.
    """

    version: QuestionnaireVersion
    changes: list[tuple[Text, Text]]
    answers: int | None
    together: list[int]


def wording_versions(survey: Survey) -> list[WordingVersion]:
    """Return the versions of a published questionnaire, oldest first; none of a draft."""
    versions = list(survey.versions.select_related("by"))
    figures = {number: figure for figure in version_counts(survey) for number in figure["versions"]}
    rows = []
    for earlier, version in zip([None, *versions], versions, strict=False):
        figure = figures.get(version.number, {"answers": None, "versions": []})
        changes = version.differences(earlier) if earlier else []
        together = figure["versions"] if len(figure["versions"]) > 1 else []
        rows.append(WordingVersion(version, changes, figure["answers"], together))
    return rows
