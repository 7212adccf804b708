"""Years in which a round was looked at again and still held: the last conclusion of each year."""

from collections.abc import Collection, Iterable

from materiality.models import Assessment, Reassessment


def standing(rows: Iterable[Reassessment]) -> list[Reassessment]:
    """Return the last record of each round and year, years as they came."""
    found: dict[tuple[int, str], Reassessment] = {}
    for row in rows:
        found.pop((row.assessment_id, row.year), None)
        found[row.assessment_id, row.year] = row
    return sorted(found.values(), key=lambda row: (row.year, row.pk))


def reassessed(assessments: Collection[Assessment]) -> list[Reassessment]:
    """Return what stands of these rounds, with who recorded and who confirmed it: one query."""
    rows = Reassessment.objects.filter(assessment__in=assessments)
    people = ("by", "confirmation__by", "assessment")
    return standing(rows.select_related(*people).order_by("pk"))


def may_be_reassessed(assessment: Assessment) -> bool:
    """Tell whether a later year can be said to have changed nothing: of the last locked round."""
    following: Assessment | None = getattr(assessment, "next", None)
    return assessment.is_locked and (following is None or not following.is_locked)
