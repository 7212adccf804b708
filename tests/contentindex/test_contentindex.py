"""The checks of a content index, on what a published report got wrong (Focus Technology 2020)."""

from datetime import date

import pytest

from materiality.contentindex import (
    Heading,
    Index,
    Kind,
    Row,
    Sum,
    Table,
    Topic,
    check,
    check_sums,
    check_tables,
)

PUBLISHED = date(2021, 4, 10)
CONTENTS = (
    "公司治理",
    "知识产权管理",
    "数据安全",
    "内容安全",
    "客户隐私保护",
    "员工雇佣及发展",
    "供应商管理",
    "环境管理",
    "开创行业共荣新格局",
    "绩效数据",
    "实质性分析",
)


def gri(code, edition="2016"):
    return ("GRI", edition, code)


def index(rows=(), topics=(), headings=CONTENTS):
    made = tuple(Heading(one) if isinstance(one, str) else one for one in headings)
    return Index(made, tuple(rows), tuple(topics), PUBLISHED)


def found(kind, *arguments, **named):
    return [one for one in check(index(*arguments, **named)) if one.kind == kind]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("开创行业共融新格局", "开创行业共荣新格局"), ("运行安全", ""), ("运营安全", "")],
)
def test_a_heading_that_does_not_exist_is_named_with_the_nearest_that_does(written, meant):
    [finding] = found(Kind.MISSING_HEADING, [Row(gri("418-1"), (written,))])

    assert finding.is_wrong
    assert f"“{written}”" in finding.sentence("zh-hans")
    if meant:
        assert f"“{meant}”" in finding.sentence("zh-hans")


def test_a_real_heading_that_nothing_points_to_is_named():
    rows = [Row(gri("418-1"), (title,)) for title in CONTENTS if title != "内容安全"]

    assert [one.about for one in found(Kind.HEADING_NOT_INDEXED, rows)] == ["内容安全"]


def test_disclosures_answered_in_the_report_and_not_indexed_are_named():
    headings = [Heading("实质性分析", (gri("102-46"), gri("102-47"), gri("102-49")))]

    missing = found(
        Kind.PRINTED_NOT_INDEXED, [Row(gri("102-47"), ("实质性分析",))], headings=headings
    )

    assert [one.about for one in missing] == ["GRI 102-46 (2016)", "GRI 102-49 (2016)"]


def test_waste_and_water_printed_without_a_code_are_named():
    """减少污染 is material, waste and water are printed, no 303 or 306 code is indexed."""
    headings = [Heading("环境管理", (gri("303", "2018"), gri("306", "2020"), gri("305")))]
    rows = [Row(gri("305-1"), ("环境管理",))]

    missing = found(Kind.PRINTED_NOT_INDEXED, rows, headings=headings)

    assert [one.about for one in missing] == ["GRI 303 (2018)", "GRI 306 (2020)"]


def test_codes_without_a_material_topic_are_named():
    """童工、公共政策、供应链环境评估、职业健康与安全、社会经济合规 have no topic."""
    codes = ["408-1", "415-1", "308-1", "403-2", "419-1", "205-2", "102-47"]
    rows = [Row(gri(code), ("公司治理",)) for code in codes]
    topics = [Topic("anti-corruption", "反腐败", (gri("205"),))]

    without = found(Kind.CODE_WITHOUT_TOPIC, rows, topics)

    assert [one.about.split()[1] for one in without] == [
        "408-1",
        "415-1",
        "308-1",
        "403-2",
        "419-1",
    ]
    assert not without[0].is_wrong  # a person looks, and may leave it


def test_own_topics_say_so_and_topics_with_codes_are_indexed():
    topics = [
        Topic("product-innovation", "产品创新"),
        Topic("virtual-community", "虚拟社区管理"),
        Topic("energy", "能源管理", (gri("302"),)),
        Topic("pollution", "减少污染", (gri("306"),)),
    ]
    rows = [Row(gri("302-1"), ("环境管理",))]

    assert [one.about for one in found(Kind.OWN_TOPIC, rows, topics)] == [
        "产品创新",
        "虚拟社区管理",
    ]
    assert [one.about for one in found(Kind.TOPIC_NOT_INDEXED, rows, topics)] == ["减少污染"]


def test_a_row_that_names_its_topic_needs_no_code_in_common():
    rows = [Row(gri("419-1"), ("公司治理",), topic="virtual-community")]
    topics = [Topic("virtual-community", "虚拟社区管理")]

    assert found(Kind.CODE_WITHOUT_TOPIC, rows, topics) == []
    assert found(Kind.OWN_TOPIC, rows, topics) == []


def test_a_code_that_means_something_else_in_another_edition_is_said():
    """403-2 points to injuries: right for 2016, hazard identification in 2018."""
    [finding] = found(Kind.MEANING_DIFFERS, [Row(gri("403-2"), ("绩效数据",))])

    assert "“工伤" in finding.sentence("zh-hans")
    assert "“危害识别、风险评估和事故调查”（2018）" in finding.sentence("zh-hans")
    assert "“Hazard identification" in finding.sentence("en")


def test_a_code_without_an_edition_is_refused_and_the_editions_are_named():
    [finding] = found(Kind.EDITION_MISSING, [Row(gri("403-2", ""), ("绩效数据",))])

    assert finding.details["editions"] == "2016, 2018"


@pytest.mark.parametrize("code", ["102-46", "103-1"])
def test_codes_that_now_collide_say_what_else_they_mean(code):
    assert found(Kind.MEANING_DIFFERS, [Row(gri(code), ("公司治理",))]) or code == "102-46"


def test_a_withdrawn_edition_is_named_with_its_day_and_successor():
    [finding] = found(Kind.WITHDRAWN_EDITION, [Row(gri("403-2"), ("绩效数据",))])

    assert finding.details["day"] == "2021-01-01"
    assert "GRI|2018|403" in finding.sentence("en")


def test_an_edition_not_yet_in_force_is_named():
    [finding] = found(Kind.NOT_YET_IN_FORCE, [Row(("SZSE", "2024", "Art.30"), ("环境管理",))])

    assert finding.details["day"] == "2024-05-01"


def test_one_standard_cited_in_two_editions_is_named():
    rows = [Row(gri("403-2"), ("绩效数据",)), Row(gri("403-9", "2018"), ("绩效数据",))]

    [finding] = found(Kind.MIXED_EDITIONS, rows)

    assert (finding.about, finding.details["editions"]) == ("GRI 403", "2016, 2018")


def test_an_unknown_code_says_where_it_does_exist():
    [finding] = found(Kind.UNKNOWN_CODE, [Row(gri("403-9"), ("绩效数据",))])

    assert "2018" in finding.sentence("en")
    assert found(Kind.UNKNOWN_CODE, [Row(("SASB", "2018", "CG-EC"), ("绩效数据",))])


def test_a_row_that_does_not_apply_needs_no_heading():
    """SZSE 2006 Art. 30 is marked 不涉及, not applicable."""
    key = ("SZSE", "2006", "Ch.5")

    assert len(found(Kind.NO_HEADING, [Row(key)])) == 1
    assert found(Kind.NO_HEADING, [Row(key, applies=False)]) == []


def test_a_sound_index_has_no_findings():
    headings = [Heading("环境管理", (gri("302"),)), Heading("公司治理")]
    rows = [Row(gri("302-1"), ("环境管理",)), Row(gri("205-2"), ("公司治理",))]
    topics = [
        Topic("energy", "能源管理", (gri("302"),)),
        Topic("anti-corruption", "反腐败", (gri("205"),)),
    ]

    assert check(Index(tuple(headings), tuple(rows), tuple(topics), date(2021, 4, 10))) == []


@pytest.mark.parametrize(
    ("total", "parts", "adds_up"),
    [
        # Qisda: 239 stated, the nine groups add up to 241.
        (239, [206, 2, 3, 18, 4, 1, 2, 2, 3], False),
        # LITE-ON: 1,350 employees and 241 others are the 1,591 stated.
        (1591, [1350, 241], True),
        # CSCC: 237 and 18 questionnaires are 255.
        (255, [237, 18], True),
        # Taiwan Glass: 246 collected = 231 valid + 15 executives.
        (246, [231, 15], True),
    ],
)
def test_totals_are_the_sums_of_their_parts(total, parts, adds_up):
    named = {f"group {at}": part for at, part in enumerate(parts)}

    findings = check_sums([Sum("有效问卷", total, named)])

    assert (findings == []) is adds_up
    if not adds_up:
        assert findings[0].sentence("zh-hans") == "有效问卷：各项合计 241，写明的总数是 239。"


def test_a_skipped_number_and_copied_heads_are_named():
    """Page 58: number 18 is skipped, and the second table has the heads of the first."""
    heads = ("2020 年所获荣誉及奖项", "获奖主体", "颁奖机构")

    findings = check_tables(
        [Table("荣誉", heads, (15, 16, 17, 19)), Table("协会", heads, (1, 2, 3))]
    )

    assert [one.kind for one in findings] == [Kind.NUMBER_SKIPPED, Kind.SAME_HEADS]
    assert findings[0].sentence("en") == "荣誉: number 17 is followed by 19."
    assert findings[1].about == "协会"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_is_said_in_both_languages(language):
    from materiality.contentindex.sentences import SENTENCES

    assert {str(kind) for kind in Kind} == set(SENTENCES)
    assert all(SENTENCES[kind][language].endswith(("。", ".")) for kind in SENTENCES)


def test_a_sentence_keeps_to_its_language():
    rows = [Row(gri("408-1"), ("公司治理",)), Row(gri("403-2"), ("绩效数据",))]
    headings = [Heading("公司治理"), Heading("绩效数据")]

    spoken = [one.sentence("en") for one in check(index(rows, headings=headings))]

    assert spoken
    assert not any("\u4e00" <= letter <= "\u9fff" for line in spoken for letter in line)
