"""How the files of a round look."""

from materiality.models import Assessment, ReportLook


def look_of(assessment: Assessment) -> ReportLook:
    """Return how the round's files look; a look nobody chose is the usual one."""
    looks = ReportLook.objects.filter(assessment=assessment).defer("template", "slides")
    look: ReportLook | None = looks.first()
    return look or ReportLook(assessment=assessment)
