import itertools
import math

import pytest

from materiality.report.edition import Edition
from materiality.report.figure.layout import bands, boundaries, compose
from materiality.report.figure.layout.candidates import Anchor, Surroundings, Wording, hits, overlap
from materiality.report.figure.layout.compose import _ellipse
from materiality.report.figure.layout.placement import place
from materiality.report.figure.layout.scale import Projection, common_axis
from materiality.report.figure.layout.shapes import Axis, Rect
from materiality.report.sentences import naming
from materiality.results import Rule
from tests.report.rounds import badly_named, results_of, sample, scattered, with_rule
from tests.samples import sample_inputs

LANGUAGES = ["zh-hans", "en"]


def faults(matrix):
    """Count labels that overlap, leave the sheet, cover a foreign sign or lie under a leader."""
    labels = [point.label for point in matrix.points]
    result = 0
    for at, label in enumerate(labels):
        box = label.box
        result += box.x < 0 or box.y < 0 or box.right > matrix.width or box.bottom > matrix.height
        for other, point in enumerate(matrix.points):
            if other == at:
                continue
            mark = point.marker
            result += _share(box, point.label.box)
            result += _share(box, Rect(mark.x - mark.r, mark.y - mark.r, 2 * mark.r, 2 * mark.r))
            result += point.label.leader is not None and _crosses(point.label.leader, box)
    return result


def _share(a, b):
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def _crosses(line, box):
    steps = [at / 200 for at in range(201)]
    places = [(line.x0 + (line.x1 - line.x0) * t, line.y0 + (line.y1 - line.y0) * t) for t in steps]
    return any(box.x < x < box.right and box.y < y < box.bottom for x, y in places)


def test_the_range_is_floored_and_raised_to_a_half():
    assert common_axis([3.2, 4.4], points=5) == Axis(3.0, 4.5, (3.0, 3.5, 4.0, 4.5))


def test_the_range_is_never_narrower_than_one_and_a_half():
    axis = common_axis([4.6, 4.7], points=5)

    assert (axis.low, axis.high) == (3.5, 5.0)


def test_the_range_stays_on_the_scale():
    axis = common_axis([1.0, 1.2], points=5)

    assert (axis.low, axis.high) == (1.0, 2.5)


FRAME = Axis(3.0, 5.0, ())


def line(rule, axis=FRAME):
    return boundaries(rule, axis, points=5)


def test_a_weighted_sum_is_a_line_and_a_band_above_it():
    rule = Rule("weighted_sum", 0.5, 0.5, (4.5, 2.5))

    assert line(rule) == [[(5.0, 4.0), (4.0, 5.0)]]
    assert set(bands(rule, FRAME, points=5)[1][1]) == {(5.0, 4.0), (5.0, 5.0), (4.0, 5.0)}


def test_a_line_through_the_corners_is_drawn():
    assert line(Rule("weighted_sum", 0.5, 0.5, (4.0, 2.0))) == [[(3.0, 5.0), (5.0, 3.0)]]


def test_weights_need_not_add_up_to_one():
    assert line(Rule("weighted_sum", 2, 2, (4.5, 3.5))) == line(
        Rule("weighted_sum", 0.5, 0.5, (4.5, 3.5))
    )


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("either", [(3.0, 4.0), (4.0, 4.0), (4.0, 3.0)]),
        ("both", [(4.0, 5.0), (4.0, 4.0), (5.0, 4.0)]),
    ],
)
def test_an_l_is_a_bent_line(kind, path):
    assert line(Rule(kind, 0.5, 0.5, (4.0, 2.0))) == [path]


def test_a_distance_is_an_arc_about_the_lowest_corner_of_the_scale():
    (path,) = line(Rule("distance", 0.5, 0.5, (0.75, 0.1)))

    assert {round(math.dist(point, (1.0, 1.0)), 9) for point in path} == {
        round(0.75 * 4 * math.sqrt(2), 9)
    }
    # By hand: radius 3 sqrt 2, so that at x = 3 the arc stands at y = 1 + sqrt(18 - 4).
    assert path[0] == pytest.approx((3.0, 1 + math.sqrt(14)))
    assert path[-1] == pytest.approx((1 + math.sqrt(14), 3.0))


def test_a_product_is_a_hyperbola():
    (path,) = line(Rule("product", 0.5, 0.5, (16.0, 4.0)))

    assert {round(x * y, 9) for x, y in path} == {16.0}


def test_quadrants_are_the_cross_of_the_cuts_of_both_axes():
    rule = Rule("quadrants", 0.5, 0.5, (), (4.0,), (3.5,))

    assert line(rule) == [[(4.0, 3.0), (4.0, 5.0)], [(3.0, 3.5), (5.0, 3.5)]]
    assert [tier for tier, _ in bands(rule, FRAME, points=5)] == [2, 1]


def test_a_cut_outside_the_range_draws_no_line():
    for kind in ("either", "both", "weighted_sum", "product"):
        assert line(Rule(kind, 0.5, 0.5, (2.0, 1.5))) == []


RULES = [
    {"kind": "weighted_sum", "cuts": [4.1, 3.6]},
    {"kind": "weighted_sum", "cuts": [4.1, 3.6], "weights": {"x": 0.3, "y": 0.7}},
    {"kind": "either", "cuts": [4.1, 3.6]},
    {"kind": "both", "cuts": [4.1, 3.6]},
    {"kind": "distance", "cuts": [0.75, 0.62]},
    {"kind": "product", "cuts": [16.0, 12.0]},
    {"kind": "quadrants", "axis_cuts": {"x": 3.9, "y": 3.7}},
    {"kind": "natural_breaks"},
    {"kind": "quantiles", "shares": [0.3, 0.3]},
]


@pytest.mark.parametrize("rule", RULES, ids=[rule["kind"] for rule in RULES])
def test_a_point_lies_in_the_band_of_its_tier(rule):
    results = with_rule(rule)
    matrix = compose(Edition(results, "en"))
    zones = {zone.tier: zone.corners for zone in matrix.zones}
    suggested = {topic.code: topic.suggested_tier for topic in results.topics}

    assert set(zones) == {1, 2}
    assert matrix.boundaries
    for point in matrix.points:
        x, y = point.marker.x + 1e-6, point.marker.y - 1e-6  # a score on the cut reaches it
        inside = [tier for tier in zones if _inside(zones[tier], x, y)]
        assert min(inside, default=3) == suggested[point.code]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULES, ids=[rule["kind"] for rule in RULES])
def test_every_rule_is_said_in_the_note_and_in_the_method(rule, language):
    results = with_rule(rule)

    for said in (
        naming.rule_sentences(Edition(results, language)),
        [naming.rule_in_words(Edition(results, language))],
    ):
        assert not any("–" in sentence or "nan" in sentence for sentence in said)


def _inside(corners, x, y):
    """Ray casting."""
    result = False
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (x1 - x0) * (y - y0) / (y1 - y0):
            result = not result
    return result


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", ["half", "full", "square", "column", "screen", "phone"])
def test_the_sample_is_laid_out_without_a_fault(size, language):
    assert faults(compose(Edition(sample(), language).drawn(size=size))) == 0


def test_the_half_page_is_170_by_112_and_names_its_topics():
    matrix = compose(Edition(sample(), "zh-hans"))

    assert (matrix.width, matrix.height, matrix.labels) == (170, 112, "names")


def test_forty_topics_take_a_full_page_and_names_for_the_top_tier_only():
    matrix = compose(Edition(sample(40), "en"))
    named = {
        point.marker.tier for point in matrix.points if point.label.lines[0].isdigit() is False
    }

    assert (matrix.width, matrix.height, matrix.labels) == (170, 240, "mixed")
    assert 1 in named


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topics", [5, 14, 30, 40, 60, 200])
@pytest.mark.parametrize(("size", "tallest"), [("half", 128.5), ("full", 257.0)])
def test_a_figure_keeps_to_its_format_and_cuts_no_name(topics, size, tallest, language):
    matrix = compose(Edition(sample(topics), language).drawn(size=size))
    texts = [line.text for line in matrix.key_lines]
    texts += [line for point in matrix.points for line in point.label.lines]

    assert matrix.height <= tallest
    assert not [text for text in texts if "…" in text]
    assert topics > 60 or faults(matrix) == 0


def test_a_half_page_that_cannot_hold_the_list_says_where_it_is():
    matrix = compose(Edition(sample(60), "en").drawn(size="half"))

    note_text = " ".join(line.text for line in matrix.note)
    assert matrix.labels == "numbers"
    assert "The numbers are those of the list of topics" in note_text


def coinciding(topics):
    """The sample with this many topics rated to the digit as the first."""
    inputs = sample_inputs()
    for dimension in inputs["counts"].values():
        for counts in dimension.values():
            for at in range(topics):
                counts[at] = list(counts[0])
    return results_of(inputs)


@pytest.mark.parametrize("topics", [2, 3, 7])
def test_signs_that_coincide_stand_side_by_side_and_the_note_says_so(topics):
    matrix = compose(Edition(coinciding(topics), "en"))

    aside = [point for point in matrix.points if point.place]
    apart = [
        math.dist((one.marker.x, one.marker.y), (two.marker.x, two.marker.y))
        for at, one in enumerate(aside)
        for two in aside[at + 1 :]
    ]
    assert len(aside) == topics
    assert min(apart) >= 2 * aside[0].marker.r - 1e-6
    assert len({point.place for point in aside}) == 1
    assert "side by side" in " ".join(line.text for line in matrix.note)
    assert faults(matrix) == 0


def test_signs_that_do_not_coincide_stand_at_their_scores():
    assert not [point for point in compose(Edition(sample(), "en")).points if point.place]


@pytest.mark.parametrize("seed", range(12))
def test_random_layouts_have_no_fault(seed):
    matrix = compose(Edition(scattered(seed), LANGUAGES[seed % 2]).drawn(tails=seed % 3 == 0))

    assert faults(matrix) == 0


@pytest.mark.drill
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(200))
def test_two_hundred_random_layouts_have_no_fault(seed, language):
    results = scattered(seed)

    first, second = (compose(Edition(results, language)) for _ in range(2))

    assert faults(first) == 0
    assert first == second


def test_a_slanting_boundary_carries_its_number_and_pauses_behind_it():
    matrix = compose(Edition(sample(), "en"))

    numbers = {line.text: line for line in matrix.tick_labels}
    for cut in sample().rule.cuts:
        line = numbers[f"{cut:.2f}"]
        assert matrix.plot.x < line.x < matrix.plot.right
        assert matrix.plot.y < line.y < matrix.plot.bottom
        pieces = [piece for path in matrix.boundaries for piece in itertools.pairwise(path)]
        assert not any(math.dist(point, (line.x, line.y)) < 1 for pair in pieces for point in pair)


@pytest.mark.parametrize("kind", ["quadrants", "either", "both"])
def test_a_level_boundary_has_its_number_on_both_axes_and_no_tick_beside_it(kind):
    cuts = {"axis_cuts": {"x": 3.95, "y": 3.95}} if kind == "quadrants" else {"cuts": [3.95, 3.2]}
    matrix = compose(Edition(with_rule({"kind": kind, **cuts}), "en"))

    written = [line.text for line in matrix.tick_labels]
    assert written.count("3.95") == 2
    assert "4.0" not in written


def test_without_boundaries_there_are_no_numbers_of_theirs():
    matrix = compose(Edition(sample(), "en").drawn(boundaries=False))

    assert not [line.text for line in matrix.tick_labels if len(line.text) > 3]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_category_stands_beside_each_name_where_it_is_asked_for(language):
    plain, marked = (
        compose(Edition(sample(), language).drawn(categories=asked)) for asked in (False, True)
    )

    marks = ("(E)", "(S)", "(G)", "(Ec)")
    for matrix, there in ((plain, 0), (marked, 14)):
        text = "".join(line.text for line in matrix.key_lines)
        assert sum(text.count(mark) for mark in marks) == there
    assert faults(marked) == 0
    assert "governance" in "".join(line.text for line in marked.note) or language == "zh-hans"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topics", [40, 60, 200])
def test_many_topics_have_no_fault_and_no_cut_name(language, topics):
    matrix = compose(Edition(sample(topics), language))

    assert faults(matrix) == 0
    assert "…" not in "".join(line.text for line in matrix.key_lines)
    assert matrix.height <= 240
    if topics == 200:
        assert matrix.labels == "numbers"


def test_the_count_of_faults_notices_one():
    matrix = compose(Edition(sample(), "en"))
    at = matrix.points[0]
    over = [at, *matrix.points[1:]]
    over[1] = _moved(matrix.points[1], at.label)

    from dataclasses import replace

    assert faults(replace(matrix, points=over)) > 0


def _moved(point, label):
    from dataclasses import replace

    return replace(point, label=label)


def test_the_same_results_give_the_same_layout():
    assert compose(Edition(sample(40), "en")) == compose(Edition(sample(40), "en"))


def test_bad_names_wrap_or_become_numbers_without_a_fault():
    for language in LANGUAGES:
        matrix = compose(Edition(badly_named(), language))

        assert faults(matrix) == 0
        assert all(line.y <= matrix.height for line in matrix.key_lines)


def test_a_topic_without_a_score_is_not_drawn_but_said():
    inputs = sample_inputs(14)
    for counts in inputs["counts"].values():
        for rows in counts.values():
            rows[3] = [0, 0, 0, 0, 0, 4]
    inputs["decisions"] = []

    matrix = compose(Edition(results_of(inputs), "en"))

    assert len(matrix.points) == 13
    said = " ".join(line.text for line in matrix.note)
    assert "Not ranked" in said


def test_a_tier_changed_by_people_is_starred_and_said():
    matrix = compose(Edition(sample(), "en"))

    starred = [point.code for point in matrix.points if point.label.lines[-1].endswith("*")]
    assert starred == ["rights"]
    assert any("*" in line.text for line in matrix.note)


def test_last_years_places_are_drawn_when_asked_for():
    matrix = compose(Edition(sample(), "en").drawn(tails=True))

    tails = {point.code for point in matrix.points if point.tail}
    assert "ecosystem" not in tails
    assert {point.code for point in matrix.points if point.is_new} == {"ecosystem"}
    assert "digital-trade" in tails
    assert matrix.key_tail is not None


def test_boundaries_pause_behind_labels():
    matrix = compose(Edition(sample(), "en"))

    for path in matrix.boundaries:
        (x0, y0), (x1, y1) = path[0], path[-1]
        middle = ((x0 + x1) / 2, (y0 + y1) / 2)
        boxes = [point.label.box for point in matrix.points]
        assert not any(b.x < middle[0] < b.right and b.y < middle[1] < b.bottom for b in boxes)


def test_an_ellipse_turns_with_the_scale_of_the_axes():
    # Equal scales keep half axes and angle; doubling the vertical one doubles a vertical half axis.
    plain = Projection(Axis(3.0, 5.0, ()), Rect(0, 0, 20, 20))
    tall = Projection(Axis(3.0, 5.0, ()), Rect(0, 0, 20, 40))
    upright = {"rx": 0.3, "ry": 0.1, "angle": 90.0}

    same, stretched = _ellipse(upright, plain), _ellipse(upright, tall)

    assert (same.rx, same.ry, abs(same.degrees)) == pytest.approx((3.0, 1.0, 90.0))
    assert (stretched.rx, stretched.ry, abs(stretched.degrees)) == pytest.approx((6.0, 1.0, 90.0))


def test_a_segment_meets_the_boxes_it_passes_through():
    import numpy as np

    segment = np.array([[0.0, 0.0, 10.0, 10.0]])
    boxes = np.array([[4.0, 4.0, 2.0, 2.0], [4.0, 0.0, 2.0, 2.0], [11.0, 11.0, 2.0, 2.0]])

    assert hits(segment, boxes, 0.0).tolist() == [[True, False, False]]
    assert overlap(boxes, boxes, 0.0).diagonal().tolist() == [4.0, 4.0, 4.0]


def test_labels_of_one_point_only_stand_at_its_right():
    anchor = Anchor(50, 50, 1, (Wording(("name",), 10, 3),))

    result = place([anchor], Surroundings(3, Rect(0, 0, 100, 100)))

    assert result.faults == 0
    assert result.labels[0].box.x > 51
    assert result.labels[0].leader is None


def test_labels_that_cannot_fit_are_reported():
    anchor = Anchor(5, 5, 1, (Wording(("name",), 100, 3),))

    assert place([anchor], Surroundings(3, Rect(0, 0, 10, 10))).faults == 1


def test_a_label_moved_by_hand_stays_there_and_the_others_give_way():
    moved = compose(Edition(sample(), "en").drawn(moved={"privacy": (14.0, -9.0)}))
    point = next(point for point in moved.points if point.code == "privacy")
    box, mark = point.label.box, point.marker

    assert (box.x + box.w / 2 - mark.x, box.y + box.h / 2 - mark.y) == pytest.approx((14.0, -9.0))
    assert faults(moved) == 0


def test_an_unknown_size_is_refused():
    with pytest.raises(ValueError, match="size must be one of"):
        compose(Edition(sample(), "en").drawn(size="poster"))


def test_two_hundred_topics_are_numbered_on_a_page_and_listed_elsewhere():
    matrix = compose(Edition(sample(200), "en").drawn(size="full"))

    assert (matrix.labels, faults(matrix)) == ("numbers", 0)
    assert matrix.height <= 257
    assert not matrix.rules
    assert matrix.key_markers
