"""The pages a respondent sees.

GET and HEAD never change anything, because mail scanners open every link; a button does.
"""

from surveys.views.bounces import bounces
from surveys.views.choosing import choose
from surveys.views.codes import code
from surveys.views.landing import landing, open_link, privacy
from surveys.views.optout import opt_out
from surveys.views.questions import page
from surveys.views.receipts import receipt
from surveys.views.thanks import done, end, withdraw

__all__ = [
    "bounces",
    "choose",
    "code",
    "done",
    "end",
    "landing",
    "open_link",
    "opt_out",
    "page",
    "privacy",
    "receipt",
    "withdraw",
]
