import pytest

from materiality import actions
from materiality.models import Assessment
from surveys.models import Role
from tests.builders import both
from tests.rounds import make_round, make_user


@pytest.fixture
def made(db) -> Assessment:
    """A round with an impact and a risk, its owner, and a viewer who is asked to score both."""
    assessment = make_round()
    make_user("owner", assessment.organisation, Role.OWNER)
    viewer = make_user("viewer", assessment.organisation, Role.VIEWER)
    for kind in ("negative", "risk"):
        actions.add_iro(
            assessment=assessment,
            topic="safety",
            kind=kind,
            is_actual=kind == "negative",
            title=both(kind, kind.title()),
            by=None,
        )
    actions.assign_iros(
        assessment=assessment,
        codes=["IRO-001", "IRO-002"],
        experts=[viewer],
        by=None,
    )
    return assessment
