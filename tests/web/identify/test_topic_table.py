"""Topics come described from the standards, all at once, and are edited many at once."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from materiality import actions, catalogue
from materiality.actions.drafting import draft_survey
from materiality.models import Topic
from surveys.models import Question
from tests.builders import make_organisation
from tests.rounds import make_round, make_user
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(db):
    assessment = actions.start_round(
        organisation=make_organisation(), year="2026", by=None, four_eyes=False
    )
    make_user("owner", assessment.organisation)
    return assessment


@pytest.fixture
def owner(made):
    return signed_in("owner")


def url(made, name: str) -> str:
    return f"/a/{made.pk}/identify/{name}"


def add_all(owner, made, shelf: str):
    page = owner.get(f"/a/{made.pk}/topics/", {"standard": shelf, "lang": "en"}).content.decode()
    version = owner.get(f"/a/{made.pk}/topics/").context["adding"]["version"].value()
    return page, owner.post(url(made, "add/"), {"version": version, "all": shelf})


@pytest.mark.parametrize(("shelf", "number"), [("SZSE|2024", 21), ("ESRS|2026", 10)])
def test_all_of_a_standard_is_added_by_one_button_with_definitions_and_examples(
    made, owner, shelf, number
):
    page, answered = add_all(owner, made, shelf)

    assert f"Add all {number} of this standard" in " ".join(page.split())
    assert answered.status_code == 302
    topics = list(made.topics.all())
    assert len(topics) == number
    for topic in topics:
        assert all(topic.definition[code] and topic.example[code] for code in ("zh-hans", "en"))


def test_what_is_screened_out_or_listed_is_not_added_again(made, owner):
    add_all(owner, made, "SZSE|2024")

    page, _answered = add_all(owner, made, "SZSE|2024")

    assert "of this standard are considered" in " ".join(page.split())
    assert made.topics.count() == 21


def test_every_topic_standard_in_force_is_explained_in_both_languages():
    for standard, edition in (("SZSE", "2024"), ("ESRS", "2026")):
        for entry in catalogue.entries(standard, edition):
            assert catalogue.explanation_of(entry), entry.reference
    for entry in catalogue.entries("GRI"):
        if entry.kind == "topic standard" and not entry.withdrawn:
            assert catalogue.explanation_of(entry), entry.reference


def test_respondents_are_asked_with_the_example_that_the_page_has_a_field_for(made, owner):
    answered = owner.post(
        url(made, "own/"),
        {"version": made.version, "name:zh-hans": "水", "name:en": "Water",
         "definition:zh-hans": "用水", "definition:en": "Use of water",
         "example:zh-hans": "中水回用", "example:en": "Reuse", "category": "environment",
         "more": "GRI 416-1（2016）；ＧＲＩ 303-3 (2018)"},
    )  # fmt: skip
    group = [{"code": "staff", "name": {"zh-hans": "员工", "en": "Staff"}}]
    actions.add_groups(assessment=made, groups=group, dimension="stakeholder")
    dimension = made.dimensions.get(code="stakeholder")
    draft_survey(assessment=made, dimension=dimension, by=None)

    assert answered.status_code == 302
    topic = made.topics.get()
    assert topic.references == [["GRI", "2016", "416-1"], ["GRI", "2018", "303-3"]]
    assert Question.objects.get().example == {"zh-hans": "中水回用", "en": "Reuse"}


def test_a_search_finds_words_of_definitions(made, owner):
    page = owner.get(f"/a/{made.pk}/topics/", {"q": "solar", "lang": "en"}).content.decode()

    assert "Energy use" in page


def test_many_topics_are_edited_in_one_table():
    assessment = make_round()
    make_user("owner", assessment.organisation)
    owner = signed_in("owner")
    form = owner.get(url(assessment, "table/")).context["form"]
    sent = {field.html_name: field.value() or "" for field in form}

    saved = owner.post(
        url(assessment, "table/"),
        sent | {"energy.definition:en": "Use of energy", "safety.example:en": "Helmets"},
    )

    assert saved.status_code == 302
    topics = {topic.code: topic for topic in assessment.topics.all()}
    assert topics["energy"].definition["en"] == "Use of energy"
    assert topics["energy"].definition["zh-hans"] == "energy的含义"
    assert topics["safety"].example["en"] == "Helmets"
    described = assessment.events.filter(verb="describe_topic")
    assert sorted(described.values_list("subject", flat=True)) == ["energy", "safety"]


def test_a_name_that_was_emptied_in_the_table_is_refused_and_the_rest_kept(made, owner):
    actions.add_topic(
        assessment=made, by=None, name={"zh-hans": "水", "en": "Water"}, category="environment"
    )
    code = made.topics.get().code
    form = owner.get(url(made, "table/")).context["form"]
    sent = {field.html_name: field.value() or "" for field in form}
    changed = {f"{code}.name:en": "", f"{code}.definition:en": "Typed"}

    refused = owner.post(url(made, "table/"), sent | changed)

    assert "Typed" in refused.content.decode()
    assert made.topics.get().definition.get("en", "") == ""


def sheet(*rows) -> SimpleUploadedFile:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return SimpleUploadedFile("topics.xlsx", target.getvalue())


HEAD = (
    "Name · 中文",
    "Name · English",
    "Definition · English",
    "Category",
    "References",
    "Sources",
)


def take_in(owner, made, *rows):
    return owner.post(url(made, "topics.xlsx"), {"file": sheet(*rows)})


def test_a_spreadsheet_adds_topics_and_changes_those_of_the_same_name(made, owner):
    actions.add_topic(
        assessment=made, by=None, category="social",
        name={"zh-hans": "水资源", "en": "Water"}, definition={"zh-hans": "用水"},
    )  # fmt: skip

    answered = take_in(
        owner, made, HEAD,
        ("水资源", "Water", "How water is used", "环境", "GRI 303-3（2018）；SZSE Art.36", ""),
        ("数据安全", "Data security", "", "Governance", "", "Experts; 专家意见"),
    )  # fmt: skip

    assert answered.status_code == 302, answered.context["upload"].errors
    water, data = made.topics.order_by("position")
    assert water.definition == {"zh-hans": "用水", "en": "How water is used"}
    assert (water.category, water.references) == (
        "environment", [["GRI", "2018", "303-3"], ["SZSE", "2024", "Art.36"]],
    )  # fmt: skip
    assert (data.name["zh-hans"], data.category) == ("数据安全", "governance")
    assert set(data.sources) == {"experts"}


def test_a_file_that_does_not_tell_its_encoding_is_asked_about_and_kept_meanwhile(made, owner):
    rows = "Name,Definition\nAnti-corruption,反腐敗與誠信\n".encode("big5hkscs")
    page = owner.post(url(made, "topics.xlsx"), {"file": SimpleUploadedFile("topics.csv", rows)})
    upload = page.context["upload"]
    assert not made.topics.exists()
    assert ("big5hkscs", "Big5", "反腐敗與誠信") in upload.choices

    told = {"carried": upload.content_kept, "reading": "big5hkscs"}
    assert owner.post(url(made, "topics.xlsx"), told).status_code == 302

    assert "反腐敗與誠信" in made.topics.get().definition.values()


def test_a_file_whose_headings_tell_its_encoding_is_taken_at_once(made, owner):
    rows = "名称 · 中文,名称 · English,类别\n数据安全,Data security,治理\n".encode("gb18030")
    file = SimpleUploadedFile("topics.csv", rows)

    assert owner.post(url(made, "topics.xlsx"), {"file": file}).status_code == 302
    assert made.topics.get().name["zh-hans"] == "数据安全"


def test_a_row_that_cannot_be_used_is_named_and_nothing_is_taken(made, owner):
    refused = take_in(
        owner, made, HEAD,
        ("水", "Water", "", "Environment", "", ""),
        ("", "", "No name", "Environment", "", ""),
        ("空气", "Air", "", "Weather", "", ""),
        ("噪声", "Noise", "", "", "GRI 999-9", ""),
    )  # fmt: skip
    page = refused.content.decode()

    assert made.topics.count() == 0
    for number in (3, 4, 5):
        assert f"第 {number} 行" in page or f"Row {number}" in page


def test_what_was_downloaded_can_be_taken_in_again_and_changes_nothing():
    assessment = make_round()
    make_user("owner", assessment.organisation)
    owner = signed_in("owner")
    before = list(assessment.topics.values("code", "name", "definition", "category", "references"))

    file = owner.get(url(assessment, "topics.xlsx"), {"lang": "en"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    again = owner.post(
        url(assessment, "topics.xlsx"), {"file": SimpleUploadedFile("topics.xlsx", file)}
    )

    assert rows[0][:3] == ["Code", "Name · 中文", "Name · English"]
    assert again.status_code == 302
    after = Topic.objects.filter(assessment=assessment)
    assert list(after.values("code", "name", "definition", "category", "references")) == before


def test_a_spreadsheet_of_an_english_company_needs_no_language_in_its_headings(db):
    owner_account = make_user("owner")
    company = actions.found_organisation(
        name={"en": "Taste"}, contact={"en": "a@b.example"}, by=owner_account
    )
    assessment = actions.start_round(organisation=company, year="2026", by=owner_account)

    take_in(signed_in("owner"), assessment, ("Name", "Definition"), ("Water", "How water is used"))

    topic = assessment.topics.get()
    assert (topic.name, topic.definition) == ({"en": "Water"}, {"en": "How water is used"})
