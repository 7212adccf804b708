"""The round of the demo that is open, before anybody answered it."""

from datetime import timedelta

from django.utils import timezone

from materiality import actions
from materiality.demo import rounds
from materiality.demo.case import case
from surveys.models import Membership, Role
from tests.rounds import make_user


def make_open_round():
    """Return its two surveys: of the six groups, and of the panel; “editor” may edit both."""
    manager = make_user("editor")
    organisation = rounds._organisation(manager)
    Membership.objects.filter(user=manager).update(role=Role.EDITOR)
    round_ = actions.start_round(organisation=organisation, year="2021", by=manager)
    rounds._fill(round_, case(2020), None, manager)
    now = timezone.now()
    opens, closes = now - timedelta(days=1), now + timedelta(days=60)
    return rounds._surveys(round_, 2021, opens, closes, manager)
