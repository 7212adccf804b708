"""What holds of every page: weight, queries, policy, both languages, names shown as text."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache as kept
from django.http import HttpResponse
from django.urls import reverse

from materiality.models import Assessment, Topic
from tests.builders import both
from tests.markup import page_of as markup_of
from tests.web.conftest import signed_in
from tests.web.test_access import ROUND_PAGES, path_of

pytestmark = pytest.mark.django_db


PLAIN_FILES = (
    *("matrix", "explore", "figure", "files", "log_csv"),
    *("evidence_file", "index_csv", "index_xlsx", "archive", "answers_csv"),
    *("preview_page", "person_data", "qr_svg", "qr_png", "curve", "package_state", "comments_csv"),
    *("topic_sheet", "access_csv", "register_sheet", "sources_sheet"),
    "let_many_in",  # only posted to
)
HTML_PAGES = [name for name in ROUND_PAGES if name not in PLAIN_FILES]
KILOBYTE = 1024
MARKUP = """<script>alert("1")</script> & 'q' =1+1 \u202eevil 😀"""


def text(answered) -> str:
    return markup_of(answered)


def loaded_by(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="/static/([^"]+)"', page)


def weight_of(page: str) -> int:
    """Return what a browser loads for this page, compressed, in bytes."""
    return len(gzip.compress(page.encode())) + sum(map(file_weight, set(loaded_by(page))))


@cache
def file_weight(name: str) -> int:
    return len(gzip.compress(Path(finders.find(name)).read_bytes()))


UNREAD = {"opened": "from-a-mail"}
"""What no page looks at: pages stay as they are, and keep it in the address."""

_pages: dict[tuple[str, str], HttpResponse] = {}


@pytest.fixture
def page_of(request):
    """Return a function that gives a page of the round as it is, asked for once for this file."""

    def page(name: str, language: str = "zh-hans") -> HttpResponse:
        if (name, language) not in _pages:
            owner, assessment = map(request.getfixturevalue, ("owner", "assessment"))
            answered = owner.get(path_of(name, assessment), {**UNREAD, "lang": language})
            _pages[name, language] = answered
        return _pages[name, language]

    return page


@pytest.mark.parametrize("name", HTML_PAGES)
def test_a_page_weighs_at_most_60_kilobytes_with_all_it_loads(page_of, name):
    page = text(page_of(name))

    assert len(loaded_by(page)) >= 2
    assert weight_of(page) <= 60 * KILOBYTE


@pytest.mark.parametrize("name", HTML_PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_on_a_page_needs_a_weaker_policy(page_of, name, language):
    answered = page_of(name, language)

    assert policy_breaks(text(answered)) == []
    assert "unsafe" not in answered.headers["Content-Security-Policy"]


def policy_breaks(page: str) -> list[str]:
    """Return what a strict Content-Security-Policy would refuse."""
    breaks = re.findall(r"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)[^>]*>", page)
    # A block of data is not carried out, so the policy lets it stand.
    return [one for one in breaks if 'type="application/json"' not in one]


def test_a_break_of_the_policy_is_noticed():
    data = '<script id="data" type="application/json">{}</script>'
    assert policy_breaks(data) == []
    assert policy_breaks('<p style="x"><style></style><script>a()</script><a onclick="b()">') == [
        " style=",
        "<style",
        "<script>",
        " onclick=",
    ]


# What computing the results of an open round asks for, and the page itself: each table once, the
# block of each survey twice (its counts, and how it was answered), and on every page whether there
# are several organisations to switch between.
LIVE = 34
TRYING = LIVE + 4  # what would be, beside what is
METHOD = LIVE + 9  # the forms, what is asked and published
BEFORE_LOCK = LIVE + 13  # who may approve, comments unread, targets missed, the method fixed
TOPICS, TOPIC, RECORD = 9, 12, 7
GROUPS = 11  # its forms and its list, topics to ask about, panels, and what may still change
QUERIES = {
    "overview": LIVE + 15,  # the steps, context, sources, entries, mails, the last verdict, scores
    "stakeholders": GROUPS + 1,  # whether an axis would stay empty
    "stakeholder": GROUPS,
    "topics": TOPICS,
    "add_topics": TOPICS,
    "topic_table": TOPICS,
    "reorder_topics": TOPICS,
    "carry_over": TOPICS,
    "add_own_topic": 6,
    "topic": TOPIC,
    "screen": TOPIC,
    "take_back": TOPIC,
    "remove_topic": TOPIC,
    "context": 12,
    "carry_context": 12,
    "value_chain": 8,
    "sources": 19,
    "add_source": 5,
    "source": 9,
    "add_passage": 9,
    "passage": 9,
    "change_passage": 9,
    "register": 9,
    "add_iro": 8,
    "register_import": 5,
    "register_before": 6,
    "iro": 16,
    "close_iro": 16,
    "register_assess": 6,
    "register_experts": 10,  # those who have left too
    "register_verdicts": 9,
    "register_pictures": 8,
    "register_scale": 5,
    "score_iro": 12,
    "agree_iro": 12,
    "dossier": LIVE + 12,
    "topic_remark": LIVE + 12,
    "topic_attach": LIVE + 12,
    "record": RECORD,
    "remark": RECORD,
    "attach": RECORD,
    "detach": RECORD,
    "content_index": 12,
    "headings": 12,
    "index_rows": 12,
    "index_tables": 12,
    "evidence": LIVE,
    "ask": 16,
    "end": 5,
    "groups": 15,
    "questionnaire": 15,
    "wording": 12,
    "preview": 11,
    "invitations": 10,
    "people_list": 8,
    "hand_out": 9,
    "person": 8,
    "mail": 15,
    "mail_text": 11,  # two of them read the questionnaire, which a process then remembers
    "survey_progress": LIVE + 12,
    "answer_tables": 6,
    "answer_table": 7,
    "entry": 7,
    "open_answers": 7,
    "picks": 8,
    "comments": 10,
    "quality": 11,  # signs and what exclusions do, counted from the block when nothing is kept
    "results": TRYING,
    "undo_decision": TRYING,
    "judgements": LIVE,
    "known_shares": LIVE + 2,  # the groups, and whether answers are sealed
    "weights": TRYING,
    "method": METHOD,
    "rule": METHOD,
    "try_rule": METHOD,
    "criteria": METHOD,
    "preset": METHOD,
    "tiers": METHOD,
    "impacts": METHOD,
    "scale": METHOD,
    "plan": METHOD,
    "further_group": 15,
    "let_many_in": LIVE + 12,
    "review": LIVE + 1,
    "set_topics": LIVE,
    "lock": BEFORE_LOCK,
    "approve": BEFORE_LOCK,
    "second_person": BEFORE_LOCK,
    "changes": LIVE,
    "explain_method": LIVE,
    "follow": LIVE,
    "last_list": LIVE,
    "engagement": LIVE + 2,
    "export": LIVE + 5,  # and how it looks, its files, its version
    "look": LIVE + 3,  # the matrix in its preview
    "try_look": LIVE + 3,
    "quotes": LIVE + 6,  # the surveys that are sealed, and what was released in each
    "try_quotes": LIVE + 6,
    "word_template": LIVE + 3,
    "slides_template": LIVE + 3,
    "tell": LIVE + 3,
    "standard": LIVE + 1,
    "labels": LIVE + 3,
    "unchanged": 7,
    "settings": 6,
    "people": 6,
    "own_name": 6,
    "log": 11,  # and what its codes stand for: topics, groups, surveys, audiences
}


@pytest.mark.parametrize("name", HTML_PAGES)
def test_a_page_asks_the_database_a_bounded_number_of_questions(
    assessment, owner, name, django_assert_max_num_queries
):
    path = path_of(name, assessment)
    kept.clear()  # what other tests computed is no help
    with django_assert_max_num_queries(QUERIES[name]):
        owner.get(path)


@pytest.mark.parametrize("name", ["topics", "results", "engagement", "export"])
def test_more_topics_need_no_more_queries(db, name, django_assert_max_num_queries):
    from tests.rounds import make_user, sealed_round

    many = [f"topic-{at}" for at in range(20)]
    ratings = {"employees": [[4] * 20] * 6, "customers": [[3] * 20] * 6, "panel": [[4] * 20] * 6}
    assessment = sealed_round(ratings, topics=many)
    make_user("keeper", assessment.organisation)
    keeper = signed_in("keeper")

    path = path_of(name, assessment)
    kept.clear()
    with django_assert_max_num_queries(QUERIES[name]):
        keeper.get(path)


@pytest.mark.parametrize(("name", "queries"), [("results", 8), ("changes", 8), ("export", 13)])
def test_a_locked_page_reads_the_record_and_little_else(
    locked, owner, name, queries, django_assert_max_num_queries
):
    path = path_of(name, locked)
    with django_assert_max_num_queries(queries):
        owner.get(path)


_changed: dict[tuple[str, str], str] = {}


@pytest.fixture
def changed_page(request):
    """Return a function that gives a page of the round when it is simulated and has markup in its
    names, asked for once for this file."""

    def page(name: str, language: str = "zh-hans") -> str:
        if (name, language) not in _changed:
            owner, assessment = map(request.getfixturevalue, ("owner", "assessment"))
            Assessment.objects.filter(pk=assessment.pk).update(simulated=True)
            Topic.objects.filter(code="privacy").update(name=both(MARKUP, MARKUP))
            assessment.groups.filter(code="employees").update(name=both(MARKUP, MARKUP))
            answered = owner.get(path_of(name, assessment), {"lang": language})
            _changed[name, language] = text(answered)
        return _changed[name, language]

    return page


@pytest.mark.parametrize("name", HTML_PAGES)
def test_every_page_of_a_simulated_round_says_so_in_both_languages(changed_page, name):
    for language, words in (("en", "Simulated answers"), ("zh-hans", "模拟回答")):
        assert words in changed_page(name, language)


def test_a_round_that_is_not_simulated_does_not_say_so(page_of):
    for name in HTML_PAGES:
        assert "Simulated" not in text(page_of(name, "en"))


@pytest.mark.parametrize("name", HTML_PAGES)
def test_the_switch_leads_to_the_same_page_and_data_in_the_other_language(page_of, name):
    answered = page_of(name, "en")
    page = text(answered)

    path = f"{answered.request['PATH_INFO']}?opened=from-a-mail"
    assert '<html lang="en">' in page
    assert f'<a href="{path}&amp;lang=zh-hans" lang="zh-Hans"' in page
    assert '<html lang="zh-Hans">' in text(page_of(name, "zh-hans"))


@pytest.mark.parametrize("name", HTML_PAGES)
def test_markup_in_a_name_is_shown_as_text_everywhere(changed_page, name):
    page = changed_page(name)

    assert "<script>alert" not in page
    assert policy_breaks(page) == []


@pytest.mark.parametrize("name", HTML_PAGES)
def test_no_page_claims_to_be_two(page_of, name):
    lists = re.findall(r"<nav.*?</nav>", text(page_of(name)), re.DOTALL)

    assert lists
    assert all(len(current_of(one)) <= 1 for one in lists)


def current_of(part: str) -> list[str]:
    return re.findall(r'aria-current="page"', part)


def test_the_control_two_current_items_are_counted():
    assert len(current_of('<a aria-current="page"></a><a aria-current="page"></a>')) == 2


@pytest.mark.parametrize("name", HTML_PAGES)
def test_each_control_has_a_name_and_each_id_is_unique(page_of, name):
    page = text(page_of(name))

    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)
    labelled = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', page))
    assert labelled <= set(ids)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/nowhere/", 404, "Page not found"), ("/a/123456/", 404, "Page not found")],
)
def test_what_is_not_there_says_so_in_our_words(assessment, owner, path, status, words):
    answered = owner.get(path, {"lang": "en"})

    assert answered.status_code == status
    assert words in text(answered)


def test_a_role_that_may_not_is_told_whom_to_ask(assessment):
    answered = signed_in("viewer").post(path_of("changes", assessment) + "?lang=en")

    assert answered.status_code == 403
    assert "Ask an owner" in text(answered)


def test_an_error_of_ours_has_a_page_that_needs_nothing(assessment, owner, settings, monkeypatch):
    monkeypatch.setattr("materiality.web.round.overview.progress", lambda _assessment: 1 / 0)
    owner.raise_request_exception = False

    answered = owner.get(path_of("overview", assessment))

    assert answered.status_code == 500
    assert "出错了" in text(answered)
    assert "ZeroDivisionError" not in text(answered)


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_sign_in_pages_have_our_look_and_keep_the_policy(client, db, name):
    for language in ("en", "zh-hans"):
        page = text(client.get(reverse(name), {"lang": language}))

        assert "materiality/workspace.css" in page
        assert policy_breaks(page) == []


def test_nobody_signs_up_alone(client, db):
    answered = client.post(reverse("account_signup"), {"email": "x@example.com"})

    from django.contrib.auth.models import User

    assert not User.objects.filter(email="x@example.com").exists()
    assert answered.status_code == 200


def test_the_list_of_rounds_is_newest_first_and_needs_few_queries(
    assessment, owner, django_assert_max_num_queries
):
    from tests.rounds import make_round

    for year in ("2018", "2022", "2021"):
        make_round(year=year, organisation=assessment.organisation)

    with django_assert_max_num_queries(7):
        page = text(owner.get("/a/", {"lang": "en"}))

    assert re.findall(r">(20\d\d)</a>", page) == ["2022", "2021", "2020", "2018"]
