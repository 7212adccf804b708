"""What the first respondent would else wait for: templates, words, and the one SELECT, made ready.

Addresses import the views, and the views all that they need; so this is the whole way once, without
a person. Each process does it before it takes a visitor.
"""

from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import trans_real

from surveys.kinds import KINDS
from surveys.languages import CODES
from surveys.visit import visits

PAGES = (
    *("base", "landing", "page", "item", "scale", "saved", "last_words"),
    *("form_page", "after_rating", "end", "done", "feedback", "after", "notice"),
)


def warm() -> list[str]:
    """Make it ready; return the names of the templates that are."""
    reverse("surveys:landing", args=["x"])
    names = [f"surveys/{name}.html" for name in PAGES]
    names += [f"{kind.code}/page.html" for kind in KINDS]
    for name in names:
        get_template(name)
    for code in CODES:
        trans_real.translation(code)  # reads the catalogue
    visits.prepare()
    return names
