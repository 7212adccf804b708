"""Mail scanners and chat previews fetch every link; only a pressed button may change a row."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.urls import get_resolver, reverse

from surveys.actions import answer
from tests.builders import consent_of, make_link, make_survey

pytestmark = pytest.mark.django_db
TIMES = 10


@pytest.fixture
def survey(db):
    survey = make_survey(topics=26, top_three=True, best_worst=True, topic_comments=True)
    survey.audiences.update(open_link=True)
    return survey


def rows():
    """Return every row of the collecting half."""
    models = apps.get_app_config("surveys").get_models()
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def addresses(survey, token):
    """Return every address a respondent may hold, from the address book itself."""
    known = {"token": token, "slug": survey.slug, "code": "customers", "number": 1}
    for name, patterns in get_resolver("surveys.urls").reverse_dict.lists():
        if isinstance(name, str) and name != "bounces":  # a service posts there, with a secret
            [(_path, wanted)] = patterns[0][0]
            yield reverse(f"surveys:{name}", kwargs={one: known[one] for one in wanted})


def begun(survey):
    token = make_link(survey)
    answer.start(token, consent_of(survey))
    keys = survey.questions.values_list("pk", flat=True)
    answer.save(token, dict.fromkeys(keys, 4))
    return token


def handed_in(survey):
    token = begun(survey)
    answer.submit(token, submission=uuid4())
    return token


@pytest.mark.parametrize("link", [make_link, begun, handed_in], ids=["new", "begun", "handed in"])
def test_ten_fetches_of_every_link_change_no_row(visitor, survey, link):
    token = link(survey)
    before = rows()

    for address in addresses(survey, token):
        for _time in range(TIMES):
            assert visitor.get(address).status_code in (200, 302), address
            assert visitor.head(address).status_code in (200, 302), address
            assert visitor.options(address).status_code == 405, address

    assert rows() == before


def test_the_control_pressing_agree_changes_a_row(visitor, survey):
    token = make_link(survey)
    before = rows()

    visitor.post(f"/r/{token}/", {"consent": consent_of(survey)})

    assert rows() != before
