"""What the tests of “Ask” do again and again; the surveys are fixtures of conftest.py."""

from materiality.models import Assessment
from surveys.actions.invite import invite
from surveys.models import Survey
from surveys.people.person import Person
from tests.markup import page_of


def tab(survey: Survey, name: str = "") -> str:
    return f"/a/{survey.assessments.get().pk}/ask/{survey.pk}/{name}"


def page(client, survey: Survey, name: str = "", **query) -> str:
    answered = client.get(tab(survey, name), {"lang": "en"} | query)
    assert answered.status_code == 200
    return page_of(answered)


def add_people(survey: Survey, *people: Person, group: str | None = None):
    """Put people on the list; return their invitations."""
    audience = survey.audiences.get(code=group) if group else survey.audiences.first()
    return [made for made, _token in invite(audience, people)]


def last_event(assessment: Assessment):
    return assessment.events.order_by("-number").first()


def sent_form(client, survey: Survey, name: str) -> dict[str, str]:
    """Return the fields of a tab's form as its page shows them."""
    form = client.get(tab(survey, name)).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {
        key: _as_sent(value)
        for key, value in values.items()
        if value is not None and value is not False
    }


def _as_sent(value):
    """A value as a browser sends it: a list as several values of one name."""
    if hasattr(value, "hour"):
        return value.strftime("%Y-%m-%dT%H:%M")
    return value if isinstance(value, list) else str(value)
