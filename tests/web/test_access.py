"""Every address of the product, opened by everybody: who sees a page, who may post to it.

The table is complete: an address without an entry fails the test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from materiality.models import Assessment
from surveys.models import Invitation, Role
from tests.markup import page_of
from tests.stored import stored
from tests.web.conftest import signed_in

EVERYBODY = tuple(Role)
EDITORS = (Role.OWNER, Role.EDITOR)
DECIDERS = (Role.OWNER, Role.EDITOR, Role.REVIEWER)


@dataclass(frozen=True)
class Rule:
    """Which members may read and which may post; strangers find nothing.

    `confirmed`: which of it asks for the password, factor or passkey once more.
    """

    write: tuple[Role, ...] = ()
    arguments: tuple[str, ...] = ()
    read: tuple[Role, ...] = EVERYBODY
    confirmed: str = ""


ROUND_PAGES = {
    "overview": Rule(),
    "stakeholders": Rule(write=EDITORS),
    "stakeholder": Rule(write=EDITORS, arguments=("employees",)),
    "topics": Rule(),
    "topic": Rule(write=EDITORS, arguments=("privacy",)),
    "screen": Rule(write=EDITORS, arguments=("privacy",)),
    "take_back": Rule(write=EDITORS, arguments=("privacy",)),
    "remove_topic": Rule(write=EDITORS, arguments=("privacy",)),
    "add_topics": Rule(write=EDITORS),
    "topic_table": Rule(write=EDITORS),
    "topic_sheet": Rule(write=EDITORS),
    "add_own_topic": Rule(write=EDITORS),
    "reorder_topics": Rule(write=EDITORS),
    "carry_over": Rule(write=EDITORS),
    "register": Rule(write=EDITORS),
    "context": Rule(write=EDITORS),
    "carry_context": Rule(write=EDITORS),
    "value_chain": Rule(write=EDITORS),
    "sources": Rule(write=EDITORS),
    "add_source": Rule(write=EDITORS, read=DECIDERS),
    "sources_sheet": Rule(),
    "source": Rule(write=EDITORS, read=DECIDERS, arguments=("S-001",)),
    "add_passage": Rule(write=EDITORS, read=DECIDERS, arguments=("S-001",)),
    "passage": Rule(write=DECIDERS, read=DECIDERS, arguments=("P-001",)),
    "change_passage": Rule(write=EDITORS, read=DECIDERS, arguments=("P-001",)),
    "add_iro": Rule(write=EDITORS),
    "unchanged": Rule(write=DECIDERS),
    "register_scale": Rule(write=DECIDERS),
    "register_import": Rule(write=EDITORS),
    "register_before": Rule(write=EDITORS),
    "register_sheet": Rule(arguments=("en",)),
    "iro": Rule(write=EDITORS, arguments=("IRO-001",)),
    "close_iro": Rule(write=EDITORS, arguments=("IRO-001",)),
    "register_pictures": Rule(),
    "register_assess": Rule(),
    "register_experts": Rule(write=EDITORS),
    "register_verdicts": Rule(write=DECIDERS),
    "score_iro": Rule(write=EVERYBODY, arguments=("IRO-001",)),
    "agree_iro": Rule(write=DECIDERS, arguments=("IRO-001",)),
    "dossier": Rule(arguments=("privacy",)),
    "topic_remark": Rule(write=DECIDERS, arguments=("privacy",)),
    "topic_attach": Rule(write=DECIDERS, arguments=("privacy",)),
    "record": Rule(),
    "remark": Rule(write=DECIDERS),
    "attach": Rule(write=DECIDERS),
    "evidence_file": Rule(arguments=("file",)),
    "detach": Rule(write=EDITORS, arguments=("file",)),
    "content_index": Rule(),
    "headings": Rule(write=EDITORS),
    "index_rows": Rule(write=EDITORS),
    "index_tables": Rule(write=EDITORS),
    "index_csv": Rule(),
    "index_xlsx": Rule(),
    "evidence": Rule(),
    "archive": Rule(read=EDITORS, confirmed="GET"),
    "answers_csv": Rule(read=EDITORS, arguments=("stakeholder",), confirmed="GET"),
    "ask": Rule(write=EDITORS, confirmed="POST"),
    "end": Rule(write=EDITORS, arguments=("survey",), confirmed="POST"),
    "groups": Rule(write=EDITORS, arguments=("survey",)),
    "further_group": Rule(write=EDITORS, arguments=("survey",)),
    "questionnaire": Rule(write=EDITORS, arguments=("survey",)),
    "wording": Rule(write=EDITORS, arguments=("survey",)),
    "preview": Rule(write=EDITORS, arguments=("survey",)),
    "preview_page": Rule(arguments=("survey", "employees", "en", "1")),
    "invitations": Rule(write=EDITORS, arguments=("survey",)),
    "let_many_in": Rule(write=DECIDERS, read=(), arguments=("survey",)),
    "people_list": Rule(write=EDITORS, read=EDITORS, arguments=("survey",)),
    "hand_out": Rule(write=EDITORS, read=EDITORS, arguments=("survey",), confirmed="POST"),
    "person": Rule(write=EDITORS, read=EDITORS, arguments=("survey", "person"), confirmed="POST"),
    "person_data": Rule(read=EDITORS, arguments=("survey", "person"), confirmed="GET"),
    "qr_svg": Rule(arguments=("survey", "employees")),
    "qr_png": Rule(arguments=("survey", "employees")),
    "mail": Rule(write=EDITORS, arguments=("survey",)),
    "mail_text": Rule(write=EDITORS, arguments=("survey", "invitation")),
    "survey_progress": Rule(arguments=("survey",)),
    "curve": Rule(arguments=("survey",)),
    "answer_tables": Rule(write=EDITORS, read=EDITORS, arguments=("survey",)),
    "answer_table": Rule(write=EDITORS, read=EDITORS, arguments=("survey", "table")),
    "entry": Rule(write=EDITORS, read=EDITORS, arguments=("survey",)),
    "open_answers": Rule(write=DECIDERS, arguments=("survey",)),
    "picks": Rule(arguments=("survey",)),
    "comments": Rule(write=DECIDERS, arguments=("survey",)),
    "comments_csv": Rule(arguments=("survey",), confirmed="GET"),
    "quality": Rule(write=DECIDERS, arguments=("survey",)),
    "results": Rule(write=DECIDERS),
    "undo_decision": Rule(write=DECIDERS),
    "judgements": Rule(),
    "weights": Rule(write=DECIDERS, confirmed="POST"),
    "rule": Rule(write=DECIDERS, confirmed="POST"),
    "try_rule": Rule(write=DECIDERS),
    "plan": Rule(write=DECIDERS),
    "review": Rule(write=DECIDERS),
    "method": Rule(),
    "known_shares": Rule(write=DECIDERS),
    "criteria": Rule(write=EDITORS, confirmed="POST"),
    "preset": Rule(write=EDITORS, confirmed="POST"),
    "scale": Rule(write=EDITORS),
    "tiers": Rule(write=DECIDERS, confirmed="POST"),
    "impacts": Rule(write=DECIDERS, confirmed="POST"),
    "set_topics": Rule(write=DECIDERS),
    "matrix": Rule(),
    "explore": Rule(),
    "lock": Rule(write=(Role.OWNER,), confirmed="POST"),
    "approve": Rule(write=DECIDERS, confirmed="POST"),
    "second_person": Rule(write=(Role.OWNER,), confirmed="POST"),
    "changes": Rule(write=EDITORS),
    "explain_method": Rule(write=EDITORS),
    "follow": Rule(write=EDITORS),
    "last_list": Rule(write=EDITORS),
    "engagement": Rule(write=EDITORS),
    "export": Rule(write=EVERYBODY),
    "package_state": Rule(),
    "look": Rule(write=EDITORS),
    "try_look": Rule(write=EDITORS),
    "quotes": Rule(write=EDITORS),
    "try_quotes": Rule(write=EDITORS),
    "tell": Rule(write=(Role.OWNER,)),
    "standard": Rule(arguments=("gri",)),
    "word_template": Rule(write=EDITORS),
    "slides_template": Rule(write=EDITORS),
    "labels": Rule(write=EDITORS),
    "settings": Rule(write=EDITORS, confirmed="POST"),
    "people": Rule(write=(Role.OWNER,), confirmed="POST"),
    "own_name": Rule(write=EVERYBODY),
    "log": Rule(),
    "log_csv": Rule(),
    "access_csv": Rule(read=(Role.OWNER,), confirmed="GET"),
    "figure": Rule(),
}
# Tested one by one, below, in test_export.py, test_published.py,
# test_first_run.py, test_organisations.py, round/test_deleted_clients.py and door/test_tokens.py.
OTHER_PAGES = {
    "home",
    "sign_in",
    "join",
    "assessments",
    "new",
    "files",
    "publish",
    "published",
    "feedback",
    "first",
    "guide_index",
    "guide",
    "guide_picture",
    "new_organisation",
    "organisation",
    "tokens",
    "end_token",
    "webhooks",
    "deleted",
    "certificate",
}
# Not of the workspace: what is here is said by the first word of the name, and tested elsewhere.
FAMILIES = {
    "admin": "staff, by Django",
    "surveys": "respondents, by their link: tests/surveys",
    "respond": "respondents, by their link: tests/surveys",
    "api": "members, by visible_to: tests/api",
    "account": "the signed-in person's own account, by allauth; account_email is shut",
    "mfa": "the signed-in person's own account, by allauth",
    "socialaccount": "the signed-in person's own links to the company's sign-in, by allauth",
    "social": "everybody on the way back from the company's sign-in, by allauth",
    "openid": "everybody: the company's sign-in, which opens accounts that are there",
    "usersessions": "the signed-in person's own sessions, by allauth",
    "healthz": "everybody",
    "readyz": "everybody: whether the site can serve, and nothing about it",
    "metrics": "who has METRICS_TOKEN; nobody else finds it",
}


def addresses(patterns=None, spaces=()) -> Iterator[str]:
    """Yield the full name of every address of the URLconf."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*spaces, pattern.name or str(pattern.pattern)))


def is_known(name: str) -> bool:
    space, _, rest = name.partition(":")
    if space == "materiality":
        return rest in ROUND_PAGES or rest in OTHER_PAGES
    first_word = re.split("[_/]", name)[0]
    return space in FAMILIES or first_word in FAMILIES


def test_every_address_has_an_entry_in_the_table():
    unknown = [name for name in addresses() if not is_known(name)]

    assert not unknown, f"Say who may open these: {unknown}"


def test_an_address_without_an_entry_is_noticed():
    assert not is_known("materiality:backdoor")
    assert not is_known("backdoor")
    assert not is_known("accounting_secrets")


def test_the_table_holds_no_address_that_is_gone():
    known = {name.partition(":")[2] for name in addresses() if name.startswith("materiality:")}

    assert known == set(ROUND_PAGES) | OTHER_PAGES


@pytest.mark.django_db
def test_nobody_changes_a_mail_address_alone_but_a_password(assessment):
    client = signed_in("owner")

    assert client.get("/accounts/email/").status_code == 404
    sent = {"action_add": "", "email": "elsewhere@example.com"}
    assert client.post("/accounts/email/", sent).status_code == 404
    answered = client.get(reverse("account_change_password"), follow=True)
    assert answered.status_code == 200


def path_of(name: str, assessment: Assessment) -> str:
    if not hasattr(assessment, "keys"):
        assessment.keys = keys_of(assessment)  # a test asks for a hundred paths of one round
    extra = [assessment.keys.get(word, word) for word in ROUND_PAGES[name].arguments]
    return reverse(f"materiality:{name}", args=[assessment.pk, *extra])


def keys_of(assessment: Assessment) -> dict[str, object]:
    survey = assessment.surveys.first()
    return {
        "survey": survey.pk,
        "person": Invitation.objects.filter(audience__survey=survey)[0].pk,
        "file": assessment.evidence_files.values_list("pk", flat=True).first(),
        "table": survey.answer_tables.values_list("pk", flat=True).first(),
    }


@pytest.fixture(params=ROUND_PAGES)
def page(request) -> str:
    return request.param


@pytest.mark.django_db
def test_nobody_reads_or_writes_without_signing_in(assessment):
    client = Client()
    for name in ROUND_PAGES:
        path = path_of(name, assessment)
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 302, name
            assert answer.url == f"{reverse('account_login')}?next={path}"


@pytest.mark.django_db
def test_a_member_of_another_organisation_finds_nothing(assessment, stranger):
    client = signed_in("stranger")
    for name in ROUND_PAGES:
        path = path_of(name, assessment)
        nowhere = path.replace(f"/a/{assessment.pk}/", "/a/987654/")
        for visit in (client.get, client.post):
            if visit == client.post and not ROUND_PAGES[name].write:
                continue
            answer, unknown = visit(path), visit(nowhere)
            assert answer.status_code == unknown.status_code == 404, name
            assert len(answer.content) == len(unknown.content) - len("987654") + len(
                str(assessment.pk)
            )


ADDED = {"y:employees": "90", "lock": "1"}
"""What somebody may add to any address."""


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_every_member_reads_what_the_table_says_and_changes_nothing_whatever_is_added(
    assessment, role
):
    client = signed_in(role)
    before = stored()
    for name, rule in ROUND_PAGES.items():
        expected = 200 if role in rule.read else 403
        assert client.get(path_of(name, assessment), ADDED).status_code == expected, name
    assert stored() == before


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_a_post_is_heard_only_from_the_roles_of_the_table(assessment, role):
    client = signed_in(role)
    for name, rule in ROUND_PAGES.items():
        if not rule.write:
            assert client.post(path_of(name, assessment)).status_code == 405, name
        elif role not in rule.write:
            assert client.post(path_of(name, assessment)).status_code == 403, name


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_who_may_post_gets_an_answer_to_the_post(assessment, role):
    client = signed_in(role)
    for name, rule in ROUND_PAGES.items():
        if role in rule.write and name != "lock":
            answer = client.post(path_of(name, assessment))
            assert answer.status_code in (200, 302, 404, 409), name


# ---- who is asked for the password once more ----

OTHERS_CONFIRMED = {
    "files": "GET",
    "webhooks": "GET",
    "tokens": "POST",
    "new_organisation": "POST",
    "organisation": "POST",
}
"""Of the pages outside the table, those that ask."""


def is_asked_again(answer) -> bool:
    return reverse("account_reauthenticate") in answer.headers.get("Location", "")


def other_path(name: str, assessment: Assessment) -> str:
    organisation = (assessment.organisation.pk,)
    arguments = {
        "files": (assessment.pk, "a" * 64),
        "webhooks": organisation,
        "organisation": organisation,
    }
    return reverse(f"materiality:{name}", args=arguments.get(name, ()))


@pytest.fixture
def forgotten_browser(assessment, settings) -> Client:
    """An owner's browser whose sign-in is long ago."""
    settings.REAUTHENTICATE = True
    owner = assessment.organisation.memberships.get(user__username="owner").user
    owner.set_password("correct horse battery")
    owner.save()
    client = Client()
    client.force_login(owner)
    return client


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_the_table_says_is_confirmed_again_and_nothing_else(
    assessment, forgotten_browser, method
):
    for name, rule in ROUND_PAGES.items():
        if method == "POST" and not rule.write:
            continue
        path = path_of(name, assessment)
        answer = forgotten_browser.generic(method, path)
        is_due = rule.confirmed == "GET" or (rule.confirmed == "POST" and method == "POST")
        assert is_asked_again(answer) == is_due, name


@pytest.mark.parametrize("name", OTHERS_CONFIRMED)
def test_other_pages_are_confirmed_again(assessment, forgotten_browser, settings, name):
    path = other_path(name, assessment)
    method = OTHERS_CONFIRMED[name]

    assert is_asked_again(forgotten_browser.generic(method, path))

    settings.REAUTHENTICATE = False
    assert not is_asked_again(forgotten_browser.generic(method, path))


@pytest.mark.django_db
def test_the_control_a_change_is_noticed(assessment):
    before = stored()

    assessment.topics.filter(code="privacy").update(position=9)

    assert stored() != before


@pytest.mark.django_db
def test_the_list_of_rounds_holds_only_ones_own(assessment, stranger):
    assert assessment.organisation.name["en"] in text(signed_in("viewer").get("/a/?lang=en"))
    assert assessment.organisation.name["en"] not in text(signed_in("stranger").get("/a/?lang=en"))
    assert Client().get("/a/").status_code == 302


@pytest.mark.django_db
def test_a_new_round_can_only_be_started_where_one_may_edit(assessment, stranger):
    values = {"organisation": assessment.organisation.pk, "year": "2021"}

    for name in ("stranger", "viewer", "reviewer"):
        assert signed_in(name).post("/a/new/", values).status_code == 404
    assert Assessment.objects.count() == 1

    assert signed_in("editor").post("/a/new/", values).status_code == 302
    assert Assessment.objects.count() == 2


def text(answer) -> str:
    return page_of(answer)
