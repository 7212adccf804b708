"""What a server says when it starts on an installation that nobody has an account of."""

import sys

from django.contrib.auth.models import User
from django.db import DatabaseError, close_old_connections

from materiality.web.round.first import first_link


def welcome() -> None:
    """Print the link for the first account, or what keeps the database from being asked."""
    try:
        is_new = not User.objects.exists()
    except DatabaseError as error:
        reason = str(error).splitlines()[0]
        sys.stderr.write(
            f"The database cannot be asked yet: {reason}\nRun `manage.py migrate` first.\n"
        )
        return
    finally:
        close_old_connections()
    if is_new:
        sys.stderr.write(f"Nobody has an account yet. Make the first one at {first_link()}\n")
        sys.stderr.flush()
