"""The demonstration case: as printed where it was printed, and honest about the rest."""

import doctest
import math
from collections import Counter
from statistics import fmean

import pytest

from materiality import catalogue
from materiality.demo import ratings
from materiality.demo.case import Text, case
from materiality.demo.ratings import group_offset, mean_rating, rating_probabilities

GROUPS = ("shareholders", "customers", "employees", "regulators", "suppliers", "community")
YEARS = (2019, 2020)
PRINTED_LIST = [  # the list beside the figure, report of 2020, page 57
    "推动全球贸易数字化转型",
    "消费者满意度",
    "用户隐私保护",
    "赋能全球贸易生态",
    "数据安全",
    "产品创新",
    "员工培训与发展",
    "员工权益与福利",
    "虚拟社区管理",
    "知识产权保护",
    "反腐败",
    "减少污染",
    "社区公益",
    "能源管理",
]


def texts(year):
    result = case(year)
    topics = [t for topic in result.topics for t in (topic.name, topic.definition, topic.example)]
    groups = [t for g in result.groups for t in (g.name, *g.expectations, *g.channels)]
    changes = [t for c in result.changes for t in (c.printed_before, c.printed_after, c.reason)]
    return [*topics, *groups, *changes, result.company, result.report, result.x_axis, result.y_axis]


def test_the_topics_of_2020_come_in_printed_order():
    topics = case(2020).topics

    assert [topic.name.zh for topic in topics] == PRINTED_LIST
    assert [topic.list_order for topic in topics] == list(range(1, 15))


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_fourteen_topics_with_codes_of_their_own(year):
    assert len({topic.code for topic in case(year).topics}) == 14


def test_twelve_topics_kept_their_name_and_wording_from_2019_to_2020():
    old = {topic.code: topic for topic in case(2019).topics}
    kept = [topic for topic in case(2020).topics if topic.code in old]

    assert len(kept) == 12
    for topic in kept:
        assert (topic.name, topic.definition) == (old[topic.code].name, old[topic.code].definition)


def test_the_three_changes_are_as_printed():
    printed = [(c.printed_before.zh, c.printed_after.zh, c.reason.zh) for c in case(2020).changes]

    assert printed == [  # report of 2020, page 57
        ("实体经济产业数据化", "推动全球贸易数字化转型", "疫情影响下，将议题范围增大"),
        ("/", "赋能全球贸易生态", "结合市场需求和公司业务动态新增议题"),
        ("帮助用户融入全球化贸易", "/", "已融入“赋能全球贸易生态”"),
    ]


def test_the_changes_lead_from_the_topics_of_2019_to_those_of_2020():
    old = {topic.code for topic in case(2019).topics}
    new = {topic.code for topic in case(2020).topics}
    changes = case(2020).changes

    assert old - new == {change.before for change in changes if change.before}
    assert new - old == {change.after for change in changes}
    assert [change.kind for change in changes] == ["widened", "added", "absorbed"]


def test_the_absorbed_topic_points_at_the_added_one():
    _, added, absorbed = case(2020).changes

    assert absorbed.after == added.after == "trade-ecosystem"
    assert added.before == ""


def test_six_groups_have_twenty_three_expectations_and_twenty_channels():
    groups = case(2020).groups

    assert tuple(group.code for group in groups) == GROUPS
    assert [len(group.expectations) for group in groups] == [3, 5, 3, 4, 4, 4]
    assert [len(group.channels) for group in groups] == [3, 4, 4, 3, 3, 3]


def test_expectations_keep_their_printed_order():
    customers = case(2020).groups[1]

    assert [text.zh for text in customers.expectations] == [
        "服务质量",
        "用户隐私保护",
        "知识产权保护",
        "全球贸易服务支持",
        "数字化转型",
    ]


@pytest.mark.parametrize("year", YEARS)
def test_every_text_is_in_both_languages(year):
    assert [text for text in texts(year) if not (text.zh.strip() and text.en.strip())] == []


def test_a_text_goes_by_the_languages_of_the_product():
    assert Text("反腐败", "Anti-corruption").by_language() == {
        "zh-hans": "反腐败",
        "en": "Anti-corruption",
    }


@pytest.mark.parametrize("year", YEARS)
def test_every_reference_is_in_the_catalogue(year):
    references = [r for topic in case(year).topics for r in topic.references]

    assert references
    assert all(catalogue.find(*reference).key == reference for reference in references)


def test_the_topic_that_no_standard_names_has_no_reference():
    bare = [topic.code for topic in case(2020).topics if not topic.references]

    assert bare == ["virtual-community"]


@pytest.mark.parametrize(("year", "basis"), [(2019, "assumed"), (2020, "estimated")])
def test_coordinates_lie_on_the_axes_and_say_what_they_rest_on(year, basis):
    for topic in case(year).topics:
        assert 0 <= topic.x <= 1
        assert 0 <= topic.y <= 1
        assert topic.coordinates == basis


def test_tiers_are_inferred_for_2020_only():
    assert Counter(topic.inferred_tier for topic in case(2020).topics) == {
        "high": 5,
        "fairly_high": 5,
        "material": 4,
    }
    assert {topic.inferred_tier for topic in case(2019).topics} == {""}


def test_a_year_without_a_case_is_answered_with_those_there_are():
    with pytest.raises(LookupError, match=r"no case for 2021; there are 2019, 2020\. Choose"):
        case(2021)


@pytest.mark.parametrize("coordinate", [step / 20 for step in range(21)])
def test_probabilities_sum_to_one_and_meet_the_stated_mean(coordinate):
    probabilities = rating_probabilities(coordinate)

    assert min(probabilities) >= 0
    assert math.isclose(sum(probabilities), 1, abs_tol=1e-12)
    assert mean_rating(probabilities) == pytest.approx(2.6 + 2.2 * coordinate, abs=0.02)


def test_a_mean_in_the_middle_of_the_scale_gives_the_normal_curve_around_three():
    first, second, third, fourth, fifth = rating_probabilities((3 - 2.6) / 2.2)

    # P(|Z| < 0.5 / 0.85) for a standard normal Z, by the error function
    assert third == pytest.approx(math.erf(0.5 / 0.85 / math.sqrt(2)), abs=1e-9)
    assert (first, second) == pytest.approx((fifth, fourth), abs=1e-9)


def test_an_offset_moves_the_mean_by_itself():
    moved = mean_rating(rating_probabilities(0.3, 0.5))

    assert moved == pytest.approx(2.6 + 2.2 * 0.3 + 0.5, abs=0.02)


@pytest.mark.parametrize(("offset", "mean"), [(3.0, 4.9), (-3.0, 1.1)])
def test_a_mean_off_the_scale_is_kept_on_it(offset, mean):
    assert mean_rating(rating_probabilities(0.5, offset)) == pytest.approx(mean, abs=0.02)


@pytest.mark.parametrize("coordinate", [-0.01, 1.01, math.nan])
def test_a_coordinate_off_the_axis_is_refused(coordinate):
    with pytest.raises(ValueError, match="coordinate must lie between 0 and 1"):
        rating_probabilities(coordinate)


@pytest.mark.parametrize("subject", sorted({topic.subject for topic in case(2020).topics}))
def test_the_offsets_of_a_subject_add_up_to_zero(subject):
    assert math.isclose(sum(group_offset(group, subject) for group in GROUPS), 0, abs_tol=1e-12)


@pytest.mark.parametrize(
    ("subject", "group"),
    [
        ("employees", "employees"),
        ("compliance", "regulators"),
        ("customers", "customers"),
        ("community", "community"),
        ("trade", "shareholders"),
    ],
)
def test_the_group_concerned_rates_a_subject_highest(subject, group):
    assert max(GROUPS, key=lambda each: group_offset(each, subject)) == group


@pytest.mark.parametrize("topic", case(2020).topics, ids=lambda topic: topic.code)
@pytest.mark.parametrize("axis", ["x", "y"])
def test_the_plain_mean_of_the_groups_stays_at_the_figure(topic, axis):
    coordinate = getattr(topic, axis)

    means = [
        mean_rating(rating_probabilities(coordinate, group_offset(group, topic.subject)))
        for group in GROUPS
    ]

    # Keeping means within 4.9 costs at most 0.06 for the topics at the far end.
    assert fmean(means) == pytest.approx(2.6 + 2.2 * coordinate, abs=0.06)


def test_an_unknown_group_is_answered_with_advice():
    with pytest.raises(LookupError, match=r"no offset for group 'press'.*Use the codes of groups"):
        group_offset("press", "trade")


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(ratings)

    assert (result.failed, result.attempted) == (0, 2)
