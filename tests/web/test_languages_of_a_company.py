"""A company asks and reports in its own languages, and meets no field of another."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from materiality import actions
from materiality.actions.drafting import draft_survey
from materiality.locking.snapshots import results_for
from materiality.models import Assessment, StakeholderGroup
from materiality.report.files import package
from surveys.actions.invite import Person, add_people, invite
from surveys.actions.publish import publish
from surveys.fieldwork.readiness import what_is_missing
from surveys.mail.emails import compose
from surveys.models import Invitation, Organisation
from surveys.people.rows import check_people
from surveys.tables.upload import Table
from tests.rounds import answer, ask, close_and_seal, make_round, make_user
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

OTHER = {"en": "zh-hans", "zh-hans": "en"}
WORDS = {
    "en": {"company": "Taste Ltd", "topic": "Water", "group": "Staff"},
    "zh-hans": {"company": "味禾食品", "topic": "水资源", "group": "员工"},
}
PAGES = (
    "", "topics/", "identify/own/", "groups/", "ask/", "engagement/", "people/", "settings/",
    "results/", "changes/", "export/", "index/", "export/look/",
)  # fmt: skip


def company(code: str) -> tuple[Organisation, Assessment]:
    """A company of one language with a round, made as its pages make them."""
    words = WORDS[code]
    owner = make_user("owner")
    made = actions.found_organisation(
        name={code: words["company"]}, contact={code: "csr@example.com"}, by=owner
    )
    return made, actions.start_round(organisation=made, year="2026", by=owner, four_eyes=False)


def filled(code: str) -> Assessment:
    words = WORDS[code]
    _company, made = company(code)
    for number in range(3):
        name = {code: f"{words['topic']} {number}"}
        actions.add_topic(assessment=made, by=None, name=name, category="environment")
    group = [{"code": "staff", "name": {code: words["group"]}}]
    actions.add_groups(assessment=made, groups=group, dimension="stakeholder")
    panel = [{"code": "panel", "name": {code: "Panel"}}]
    kind = StakeholderGroup.Kind.PANEL
    actions.add_groups(assessment=made, groups=panel, dimension="impact", kind=kind)
    return made


@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_no_page_of_a_round_has_a_field_of_another_language(code):
    made = filled(code)
    owner = signed_in("owner")
    surveys = [
        draft_survey(assessment=made, dimension=row, by=None) for row in made.dimensions.all()
    ]
    tabs = [
        f"ask/{survey.pk}/{tab}"
        for survey in surveys
        for tab in ("", "questionnaire/", "invitations/", "mail/", "mail/invitation/",
                    f"questionnaire/wording/?text=prompt:{survey.prompts.first().code}")
    ]  # fmt: skip

    for path in (*PAGES, *tabs):
        answered = owner.get(f"/a/{made.pk}/{path}", follow=True)
        assert answered.status_code == 200, path
        names = re.findall(r'name="([^"]+)"', answered.content.decode())
        assert not [name for name in names if OTHER[code] in name.split(":")], path


@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_no_page_says_that_another_language_is_there_or_missing(code):
    made = filled(code)
    pages = {path: words_of(made, path) for path in ("", "topics/")}

    assert "two languages" not in pages[""]
    assert "Translation missing" not in pages["topics/"]


def test_the_control_a_company_of_two_languages_is_told_of_both():
    assessment = make_round()
    make_user("owner", assessment.organisation)
    topic = assessment.topics.first()
    topic.name = {"en": topic.name["en"]}
    topic.save()

    assert "two languages" in words_of(assessment, "")
    assert "Translation missing" in words_of(assessment, "topics/")


def words_of(assessment: Assessment, path: str) -> str:
    return signed_in("owner").get(f"/a/{assessment.pk}/{path}?lang=en").content.decode()


def test_a_company_of_two_languages_does_have_both_fields():
    assessment = make_round()
    make_user("owner", assessment.organisation)

    page = signed_in("owner").get(f"/a/{assessment.pk}/identify/own/").content.decode()

    assert 'name="name:zh-hans"' in page
    assert 'name="name:en"' in page


@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_nothing_is_missing_before_a_questionnaire_of_one_language_is_published(code):
    made = filled(code)

    for dimension in made.dimensions.all():
        survey = draft_survey(assessment=made, dimension=dimension, by=None)
        assert survey.languages == [code]
        assert what_is_missing(survey) == []
        publish(survey)


def test_a_topic_of_ones_own_needs_its_name_in_the_companys_language_only():
    _organisation, made = company("en")
    owner = signed_in("owner")

    answered = owner.post(
        f"/a/{made.pk}/identify/own/",
        {
            "version": made.version, "name:en": "Water", "definition:en": "How much we use",
            "example:en": "",
            "category": "environment", "more": "",
        },
    )  # fmt: skip

    assert answered.status_code == 302
    assert made.topics.get().name == {"en": "Water"}


def test_people_without_a_language_get_the_surveys_first():
    made = filled("en")
    survey = draft_survey(assessment=made, dimension=made.dimensions.get(code="impact"), by=None)
    table = Table(["name", "email"], [["Ann", "ann@example.com"]])

    checked = check_people(survey, table, {"name": 0, "email": 1}, survey.audiences.get())
    add_people(checked.people)

    assert not checked.errors
    assert Invitation.objects.get().language == "en"


def test_a_mail_is_written_in_the_persons_language_and_its_link_opens_in_it(client):
    assessment = make_round()
    survey, _panel = ask(assessment)
    audience = survey.audiences.get(code="customers")
    [(person, token)] = invite(audience, [Person("Ann", "ann@example.com", "en")])

    letter = compose(person, "invitation", token)
    link = re.search(r"/r/\S+", letter.body)[0]
    opened = client.get(link, HTTP_ACCEPT_LANGUAGE="fr,zh-CN;q=0.8")

    assert link.endswith("?lang=en")
    assert opened.headers["Content-Language"] == "en"
    assert "Which topics matter?" in opened.content.decode()
    assert mail.outbox == []


def test_a_survey_of_one_language_needs_none_in_its_links():
    made = filled("en")
    survey = draft_survey(assessment=made, dimension=made.dimensions.get(code="impact"), by=None)
    [(person, token)] = invite(survey.audiences.get(), [Person("Ann", "ann@example.com")])

    assert "?lang" not in compose(person, "invitation", token).body


@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_files_come_in_the_languages_of_the_round(code):
    made = filled(code)
    for dimension in ("stakeholder", "impact"):
        survey = draft_survey(
            assessment=made, dimension=made.dimensions.get(code=dimension), by=None
        )
        survey.opens_at = timezone.now() - timedelta(days=2)
        publish(survey)
        survey.save(update_fields=["opens_at"])
        answer_all(survey)
        close_and_seal(survey)
    results = results_for(made)

    archive = zipfile.ZipFile(io.BytesIO(package.zip_archive(results, names=["scores.csv"])))

    assert archive.namelist() == [f"{code}/scores.csv"]
    assert results.languages == (code,)
    page = signed_in("owner").get(f"/a/{made.pk}/export/").content.decode()
    assert 'name="language"' not in page
    assert "has no name" not in page


def answer_all(survey):
    number = survey.questions.count()
    for audience in survey.audiences.all():
        answer(survey, {audience.code: [[4] * number] * 6})


def test_a_round_is_asked_in_the_languages_that_its_settings_tick():
    assessment = make_round()
    make_user("owner", assessment.organisation)
    survey = draft_survey(
        assessment=assessment, dimension=assessment.dimensions.get(code="impact"), by=None
    )

    assessment.refresh_from_db()
    answered = signed_in("owner").post(
        f"/a/{assessment.pk}/settings/",
        {"version": assessment.version, "year": "2026", "name:zh-hans": "", "name:en": "",
         "languages": ["en"]},
    )  # fmt: skip

    assert answered.status_code == 302
    assert Assessment.objects.get(pk=assessment.pk).languages == ["en"]
    survey.refresh_from_db()
    assert survey.languages == ["en"]


def test_the_lead_speaks_every_language_the_company_has_a_name_in():
    """A company named in Chinese only gets no half English lead."""
    _organisation, made = company("zh-hans")
    actions.add_topic(assessment=made, by=None, name={"zh-hans": "水"}, category="environment")
    group = [{"code": "staff", "name": {"zh-hans": "员工"}}]
    actions.add_groups(assessment=made, groups=group, dimension="stakeholder")

    survey = draft_survey(
        assessment=made, dimension=made.dimensions.get(code="stakeholder"), by=None
    )

    assert set(survey.lead) == {"zh-hans"}
