"""The first respondent after a start waits for nothing that could be done before."""

import pytest
from django.template import engines
from django.template.base import Template

from surveys.actions import answer
from surveys.views.warm import warm
from surveys.visit import visits
from tests.builders import consent_of, make_link, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def compiled(monkeypatch):
    """Forget all templates; return a list of those compiled from now on."""
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    names = []
    compile_nodelist = Template.compile_nodelist

    def note(template):
        names.append(template.name)
        return compile_nodelist(template)

    monkeypatch.setattr(Template, "compile_nodelist", note)
    return names


def answer_all(visitor):
    survey = make_survey(topics=2)
    token = make_link(survey)
    visitor.get(f"/r/{token}/")
    answer.start(token, consent_of(survey))
    form = dict.fromkeys((f"q{pk}" for pk in survey.questions.values_list("pk", flat=True)), "3")
    visitor.get(f"/r/{token}/1/")
    visitor.post(f"/r/{token}/end/", form)


def test_no_template_of_a_respondent_is_left_to_compile(visitor, compiled):
    warm()
    before = len(compiled)
    answer_all(visitor)

    assert compiled[before:] == []


def test_the_control_unwarmed_the_first_respondent_compiles_them(visitor, compiled):
    answer_all(visitor)

    assert "surveys/page.html" in compiled


def test_the_query_of_every_page_is_written(monkeypatch):
    monkeypatch.setattr(visits._READ, "_compiled", None)

    warm()

    assert visits._READ._compiled is not None
