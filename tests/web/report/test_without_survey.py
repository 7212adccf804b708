"""Pages of a round that experts judged alone tell of no answers, for nobody gave any."""

import pytest

from materiality import actions
from materiality.errors import NobodyAnswered
from materiality.locking.snapshots import lock
from materiality.models import Assessment, Feedback
from tests.alone import empty_alone, scored_alone
from tests.builders import both
from tests.markup import page_of
from tests.registers import fill_register
from tests.rounds import make_user, plan_for, sealed_round
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
STEPS = {"next_steps:en": "We act", "next_steps:zh-hans": "行动", "report": ""}


def page(assessment: Assessment, path: str, language: str = "en") -> str:
    if not assessment.organisation.memberships.filter(user__username="owner").exists():
        make_user("owner", assessment.organisation)
    return page_of(signed_in("owner").get(f"/a/{assessment.pk}/{path}?lang={language}"))


def locked(assessment: Assessment) -> Assessment:
    lock(assessment=assessment, by=None)
    return Assessment.objects.get(pk=assessment.pk)


def test_nobody_is_offered_to_be_told_what_came_of_answers():
    assessment = locked(scored_alone())

    export, tell = page(assessment, "export/"), page(assessment, "export/tell/")

    assert "Those who answered" not in export
    assert "Comments in the report" not in export
    assert "No survey was held in this round" in tell
    for words in ("people from", "all who answered", "personal and open link", "Tell them"):
        assert words not in tell


def test_where_a_survey_was_held_they_are():
    assessment = locked(sealed_round())

    assert "Let those who answered hear" in page(assessment, "export/")
    assert "Each personal and open link" in page(assessment, "export/tell/")


def test_telling_them_all_the_same_is_refused():
    assessment = locked(scored_alone())
    make_user("owner", assessment.organisation)

    with pytest.raises(NobodyAnswered):
        actions.give_feedback(assessment=assessment, next_steps=both("行动", "Act"), by=None)
    response = signed_in("owner").post(f"/a/{assessment.pk}/export/tell/?lang=en", STEPS)

    assert response.status_code == 409
    assert not Feedback.objects.exists()


def test_a_dossier_leads_from_scores_to_approval():
    assessment = scored_alone()

    text = page(assessment, "topics/safety/dossier/")

    assert "From scores to approval" in text
    assert "Scores of the register" in text
    assert "Answers and scores" not in text
    assert "From answers" not in text + page(assessment, "topics/safety/")


def test_the_archive_is_said_to_hold_scores():
    text = page(scored_alone(), "evidence/")

    assert "scores give every printed number" in text
    assert "answers give the counts" not in text


def test_neither_comments_nor_fields_of_answers_are_offered():
    assessment = scored_alone()

    look = page(assessment, "export/look/")

    assert "no comments to print" in page(assessment, "export/quotes/")
    assert "{{ decisions }}" in look
    for name in ("answers", "who_answered", "quotes"):
        assert f"{{{{ {name} }}}}" not in look


def test_a_survey_that_is_drafted_is_not_published_and_the_overview_says_how_to():
    assessment = empty_alone()
    panel = {"code": "panel", "name": both("专家组", "Panel")}
    actions.add_groups(assessment=assessment, groups=[panel], dimension="impact", kind="panel")
    plan = plan_for("impact", assessment)
    actions.ask(assessment=assessment, dimension="impact", plan=plan, by=None)

    text = page(assessment, "")
    assert "Nobody has been asked to score yet" in text
    assert "No survey is published" in text
    assert f'href="/a/{assessment.pk}/ask/"' in text
    assert "No survey is held" not in text
    fill_register(assessment)

    assert "No survey is published: experts have given 12 of 12 scores" in page(assessment, "")
