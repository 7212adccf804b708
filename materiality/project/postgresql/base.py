"""The one thing that differs: a connection is asked whether it lives without a round trip."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own sends `SELECT 1` before the first query of every request.

    That was a third of all queries of a response. A server that ends, or ends a connection, closes
    its socket, so an idle one has something to read: only then is the question worth its trip.
    """

    def is_usable(self) -> bool:
        # A connection that was closed on our side has no socket left to ask.
        if self.connection is None or self.connection.closed:
            return False
        if _is_silent(self.connection.fileno()):
            return True
        return bool(super().is_usable())


def _is_silent(socket: int) -> bool:
    """Tell whether nothing came on a socket that nobody is waiting at: no end, no error."""
    poll = select.poll()
    poll.register(socket, select.POLLIN | select.POLLERR | select.POLLHUP)
    return not poll.poll(0)
