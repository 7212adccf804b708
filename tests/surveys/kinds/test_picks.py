"""After the ratings: top three, best and worst of small sets, remarks on topics."""

from uuid import uuid4

import pytest

from materiality import analysis
from materiality.inputs import pick_counts
from surveys import answers
from surveys.actions import answer
from surveys.actions.enter import enter
from surveys.actions.publish import close, publish
from surveys.actions.seal import seal
from surveys.errors import InvalidAnswers
from surveys.fieldwork.readiness import what_is_missing
from surveys.kinds import best_worst
from surveys.models import Comment, Intake
from surveys.visit.bots import respond
from surveys.visit.visits import find
from tests.builders import consent_of, make_link, make_survey, ratings_for
from tests.markup import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def picky(db):
    """Six topics, the three that matter most, remarks."""
    return make_survey(topics=6, top_three=True, topic_comments=True)


@pytest.fixture
def comparing(db):
    return make_survey(topics=25, best_worst=True)


def begun(survey):
    token = make_link(survey)
    answer.start(token, consent_of(survey))
    return token


def rated(survey, *ratings):
    token = begun(survey)
    keys = survey.questions.order_by("pk").values_list("pk", flat=True)
    answer.save(token, dict(zip(keys, ratings, strict=True)))
    return token


def taps(survey, *numbers):
    keys = list(survey.questions.order_by("pk").values_list("pk", flat=True))
    return {f"t{keys[number - 1]}": "1" for number in numbers}


def text_of(response):
    """Return a page with its blanks as one."""
    return " ".join(page_of(response).split())


def test_after_the_last_page_people_tap_three_of_the_topics_they_rated(visitor, picky):
    token = rated(picky, 5, 4, 3, "cannot_judge", 2, 1)

    went = visitor.post(f"/r/{token}/1/", {})
    page = text_of(visitor.get(went.url))

    assert went.url == f"/r/{token}/top/1/"
    assert page.count('type="checkbox"') == 5
    assert page.index("Topic 1<") < page.index("Topic 2<") < page.index("Topic 6<")
    assert "Topic 4<" not in page


def test_three_taps_are_kept_and_can_be_taken_back(visitor, picky):
    token = rated(picky, 5, 4, 3, 3, 2, 1)

    went = visitor.post(f"/r/{token}/top/1/", taps(picky, 1, 3, 6))
    assert went.url == f"/r/{token}/end/"
    assert text_of(visitor.get(f"/r/{token}/top/1/")).count(" checked") == 3

    visitor.post(f"/r/{token}/top/1/", taps(picky, 3))
    assert text_of(visitor.get(f"/r/{token}/top/1/")).count(" checked") == 1


def test_four_taps_are_refused_and_stay_on_the_page(visitor, picky):
    token = rated(picky, 5, 4, 3, 3, 2, 1)

    page = visitor.post(f"/r/{token}/top/1/", taps(picky, 1, 2, 3, 4))

    assert page.status_code == 400
    assert "at most 3" in text_of(page)
    assert text_of(page).count(" checked") == 4
    assert not Intake.objects.get().contents.picks


def test_a_topic_rated_no_more_makes_room_for_another(picky):
    token = rated(picky, 5, 4, 3, 3, 2, 1)
    answer.save(token, {}, chosen=taps(picky, 1, 2, 3))
    answer.save(token, {picky.questions.order_by("pk").first().pk: "cannot_judge"})

    answer.save(token, {}, chosen=taps(picky, 2, 3, 4))

    assert [f"t{item}" for item in Intake.objects.get().contents.picks["top"]] == list(
        taps(picky, 2, 3, 4)
    )


def test_a_topic_that_was_not_rated_cannot_be_tapped(picky):
    token = rated(picky, 5, 4, 3, "cannot_judge", 2, 1)

    with pytest.raises(InvalidAnswers):
        answer.save(token, {}, chosen=taps(picky, 4))


def test_with_three_rated_topics_there_is_nothing_to_choose(visitor, picky):
    token = rated(picky, 5, 4, 3, *["cannot_judge"] * 3)

    assert visitor.post(f"/r/{token}/1/", {}).url == f"/r/{token}/end/"
    assert visitor.get(f"/r/{token}/top/1/").url == f"/r/{token}/end/"


def test_each_tap_saves_itself_where_scripts_run(visitor, picky):
    token = rated(picky, 5, 4, 3, 3, 2, 1)

    for number in (1, 2):
        visitor.post(f"/r/{token}/top/1/", taps(picky, number) | {"autosave": "1"})
    [off] = taps(picky, 1)
    done = visitor.post(f"/r/{token}/top/1/", {off: "", "autosave": "1"})

    assert done.status_code == 204
    assert [f"t{item}" for item in Intake.objects.get().contents.picks["top"]] == list(
        taps(picky, 2)
    )


def test_the_way_back_leads_over_the_same_pages(visitor, picky):
    token = rated(picky, 5, 4, 3, 3, 2, 1)

    assert visitor.post(f"/r/{token}/end/", {"go": "back"}).url == f"/r/{token}/top/1/"
    assert visitor.post(f"/r/{token}/top/1/", {"go": "back"}).url == f"/r/{token}/1/"


def sets_of(token):
    visit = find(token)
    return [
        [item.first for item in items] for items in best_worst.sets_of(visit.form, visit.draft.draw)
    ]


def test_sets_hold_four_or_five_topics_and_each_topic_once(comparing):
    sets = sets_of(begun(comparing))

    assert {len(items) for items in sets} <= {4, 5}
    assert sorted(item for items in sets for item in items) == sorted(
        comparing.questions.values_list("pk", flat=True)
    )


def test_best_and_worst_are_chosen_page_by_page(visitor, comparing):
    token = rated(comparing, *[3] * 25)
    sets = sets_of(token)

    first = visitor.post(f"/r/{token}/4/", {"warned": "1"})
    page = text_of(visitor.get(first.url))
    second = visitor.post(first.url, {"b0": sets[0][1], "w0": sets[0][2], "b1": sets[1][0]})
    last = visitor.post(second.url, {})

    assert first.url == f"/r/{token}/best/1/"
    assert page.count("<fieldset") == 3
    assert second.url == f"/r/{token}/best/2/"
    assert last.url == f"/r/{token}/end/"
    picks = Intake.objects.get().contents.picks
    assert picks["best"] == {"0": sets[0][1], "1": sets[1][0]}
    assert picks["worst"] == {"0": sets[0][2]}


@pytest.mark.parametrize(
    "chosen",
    [{"b9": "1"}, {"b0": "other"}, {"b0": "0"}, {"w0": ""}],
    ids=["no such set", "no number", "not in the set", "nothing"],
)
def test_what_no_set_offers_is_refused(comparing, chosen):
    token = begun(comparing)

    with pytest.raises(InvalidAnswers):
        answer.save(token, {}, chosen=chosen)


def test_one_topic_at_both_ends_is_refused_and_shown_again(visitor, comparing):
    token = rated(comparing, *[3] * 25)
    item = sets_of(token)[0][0]

    page = visitor.post(f"/r/{token}/best/1/", {"b0": item, "w0": item})

    assert page.status_code == 400
    assert "both most and least" in text_of(page)


def test_the_last_choice_wins_where_each_saves_itself(comparing):
    token = begun(comparing)
    item = str(sets_of(token)[0][0])

    answer.save(token, {}, chosen={"b0": item})
    answer.save(token, {}, chosen={"w0": item})

    assert Intake.objects.get().contents.picks == {"top": [], "best": {}, "worst": {"0": int(item)}}


def test_best_and_worst_need_twenty_five_topics():
    survey = make_survey(topics=24, best_worst=True, publish_it=False)

    assert any("25" in line for line in what_is_missing(survey))
    survey.best_worst = False
    survey.save()
    publish(survey)


def pick(survey, token, sets):
    """Choose the first of every set best and the second worst; leave the last set half done."""
    ends = {f"b{at}": str(items[0]) for at, items in enumerate(sets)}
    ends |= {f"w{at}": str(items[1]) for at, items in enumerate(sets[:-1])}
    answer.save(token, {}, chosen=ends)
    answer.submit(token, submission=uuid4())


def test_counts_of_best_and_worst_are_those_of_complete_sets(comparing):
    chosen = []
    for _person in range(6):
        token = rated(comparing, *[3] * 25)
        chosen.append(sets_of(token))
        pick(comparing, token, chosen[-1])
    close(comparing)
    seal(comparing)

    counts = answers.pick_counts(comparing)

    item_of = dict(comparing.questions.values_list("pk", "item"))
    at = {item: position for position, item in enumerate(counts.items)}
    for name, choose in {"best": 0, "worst": 1}.items():
        expected = [0] * 25
        for sets in chosen:
            for items in sets[:-1]:
                expected[at[item_of[items[choose]]]] += 1
        assert counts.of[name].tolist() == expected
    assert counts.of["shown"].sum() == 6 * 20
    scores = analysis.best_worst_scores(counts.of["best"], counts.of["worst"], counts.of["shown"])
    assert scores.shown.tolist() == counts.of["shown"].tolist()


def test_counts_of_the_top_three_are_out_of_everybody(picky):
    for numbers in [(1, 2, 3), (1, 2), (1,), (), (6,)]:
        token = rated(picky, 5, 4, 3, 3, 2, 1)
        answer.save(token, {}, chosen=taps(picky, *numbers))
        answer.submit(token, submission=uuid4())
    close(picky)
    seal(picky)

    counts = answers.pick_counts(picky)

    assert counts.people == 5
    assert dict(zip(counts.items, counts.of["top"].tolist(), strict=True)) == {
        "t1": 3, "t2": 2, "t3": 1, "t4": 0, "t5": 0, "t6": 1,
    }  # fmt: skip


def test_picks_of_a_few_people_are_not_told(picky):
    token = rated(picky, 5, 4, 3, 3, 2, 1)
    answer.save(token, {}, chosen=taps(picky, 1))
    answer.submit(token, submission=uuid4())
    close(picky)
    seal(picky)

    assert answers.pick_counts(picky) is None


@pytest.mark.parametrize(("on_pages", "is_told"), [(0, False), (4, False), (5, True)])
def test_answers_entered_by_staff_do_not_hide_a_few_who_picked(picky, on_pages, is_told):
    for _paper in range(5):
        enter(picky.audiences.get(), submission=uuid4(), ratings=ratings_for(picky))
    for _person in range(on_pages):
        token = rated(picky, 5, 4, 3, 3, 2, 1)
        answer.save(token, {}, chosen=taps(picky, 1))
        answer.submit(token, submission=uuid4())
    close(picky)
    seal(picky)

    counts = answers.pick_counts(picky)

    assert (counts is not None) is is_told
    assert counts is None or counts.people == on_pages


def test_a_survey_without_picks_seals_the_block_it_always_did(survey):
    token = begun(survey)
    answer.submit(token, submission=uuid4())
    close(survey)
    seal(survey)

    assert answers.sealed_answers(survey).picks is None
    assert answers.pick_counts(survey) is None


def test_a_remark_on_a_topic_is_kept_shown_again_and_escaped(visitor, picky):
    token = begun(picky)
    [key, *_rest] = picky.questions.values_list("pk", flat=True)

    visitor.post(f"/r/{token}/1/", {f"r{key}": "<b>Why</b> now?"})
    page = text_of(visitor.get(f"/r/{token}/1/"))

    assert "&lt;b&gt;Why&lt;/b&gt; now?" in page
    assert page.count("<details") == 6
    assert page.count('<details class="say" open>') == 1


def test_a_remark_that_is_too_long_loses_nothing(visitor, picky):
    token = begun(picky)
    [key, other, *_rest] = picky.questions.values_list("pk", flat=True)

    page = visitor.post(
        f"/r/{token}/1/", {f"r{key}": "x" * 501, f"r{other}": "short", f"q{key}": "4"}
    )

    assert page.status_code == 400
    assert "x" * 501 in text_of(page)
    assert "short" in text_of(page)
    assert 'value="4" checked' in text_of(page)


def test_remarks_are_refused_where_none_are_asked_for(survey):
    token = begun(survey)
    [key, *_rest] = survey.questions.values_list("pk", flat=True)

    with pytest.raises(InvalidAnswers):
        answer.save(token, {}, remarks={str(key): "Hello"})


def test_a_sealed_remark_names_its_topic_and_nobody(picky):
    [key, *_rest] = picky.questions.values_list("pk", flat=True)
    for said in ["First", "Second"]:
        token = begun(picky)
        answer.save(token, {}, remarks={str(key): said})
        answer.submit(token, submission=uuid4(), comment="At the end")
    close(picky)
    seal(picky)

    told = set(Comment.objects.values_list("question", "audience", "text"))
    assert told == {(key, None, "First"), (key, None, "Second"), (None, None, "At the end")}


def test_without_a_last_comment_the_last_page_only_submits(visitor):
    survey = make_survey(topics=3, last_comment=False)

    page = text_of(visitor.get(f"/r/{begun(survey)}/end/"))

    assert "<textarea" not in page
    assert "Ready to submit" in page


def test_a_respondent_without_scripts_comes_through_all_of_it(visitor):
    survey = make_survey(
        topics=26, top_three=True, best_worst=True, topic_comments=True, last_comment=False
    )

    receipt = respond(visitor, f"/r/{make_link(survey)}/", lambda asked: 4)

    assert receipt == Intake.objects.get().receipt


def test_an_example_stands_under_the_definition(visitor):
    survey = make_survey(topics=2, publish_it=False)
    survey.questions.update(example={"en": "Solar roofs", "zh-hans": "屋顶光伏"})
    publish(survey)

    page = text_of(visitor.get(f"/r/{begun(survey)}/1/"))

    assert page.count("For example: Solar roofs") == 2


def test_the_table_of_picks_orders_the_topics(picky):
    for numbers in [(1, 2, 3), (1, 2), (1,), (), (6,)]:
        token = rated(picky, 5, 4, 3, 3, 2, 1)
        answer.save(token, {}, chosen=taps(picky, *numbers))
        answer.submit(token, submission=uuid4())
    assert pick_counts(picky) == []  # control: nothing before the seal
    close(picky)
    seal(picky)

    rows = pick_counts(picky)

    assert [row.title["en"] for row in rows[:2]] == ["Topic 1", "Topic 2"]
    assert [row.figures for row in rows[:2]] == [
        {"tapped": 3, "share": 0.6},
        {"tapped": 2, "share": 0.4},
    ]
