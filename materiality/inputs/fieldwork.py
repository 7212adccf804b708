"""How far one survey is, group by group: as much of it as may be told."""

from collections.abc import Iterable
from dataclasses import dataclass

from materiality.inputs.progress import Progress
from surveys.fieldwork import progress as counting
from surveys.models import Survey


@dataclass(frozen=True)
class SurveyProgress:
    """One group; what would give a small group's count away is left out."""

    progress: Progress
    exact: counting.AudienceProgress

    @property
    def hidden(self) -> bool:
        return self.progress.is_hidden

    @property
    def response_rate(self) -> float | None:
        return None if self.hidden else self.exact.response_rate

    @property
    def started(self) -> int | None:
        return None if self.hidden else self.exact.started

    @property
    def declined(self) -> int | None:
        return None if self.hidden else self.exact.declined


def survey_progress(rows: Iterable[Progress], survey: Survey) -> list[SurveyProgress]:
    """Return the groups of a survey among those of its round."""
    exact = {row.audience.pk: row for row in counting.progress(survey)}
    return [
        SurveyProgress(row, exact[row.group.audience_id])
        for row in rows
        if row.group.audience_id in exact
    ]
