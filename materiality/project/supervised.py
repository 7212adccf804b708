"""The application as `deploy/` serves it: a worker dies with the server that started it.

An orphan would keep its port and, unseen by the supervisor, go on with an old program. Linux only.
"""

import ctypes
import signal

from materiality.project.wsgi import application as application

PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
