"""The first day: any company, from an empty installation to the printed report, by pages alone.

Everything is clicked and typed in a browser, mails go through a real mail server; no builder makes
a row. The counts of clicks, fields, pages and seconds of each phase are printed.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from materiality.project.welcome import welcome
from surveys.actions import mail
from tests.browser.manager import (
    NOT_ASKED,
    SIXTY,
    THREE,
    TOPICS,
    approve_and_lock,
    ask_all_criteria,
    begin,
    begin_second_year,
    change_topics,
    choose_groups,
    choose_topics,
    close_and_seal,
    counted,
    decide,
    everybody_answers,
    explain_changes,
    four_judges,
    invite,
    let_in,
    make_questionnaires,
    merge_and_split_groups,
    open_drafts,
    open_files,
    publish,
    rows_of,
    send_invitations,
    take_in_topics,
)
from tests.browser.people import Person, post_office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def post(settings, monkeypatch) -> Iterator[Any]:
    with post_office() as (post, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.MAIL_IS_LIVE = True
        monkeypatch.setattr(mail, "DELAY", timedelta(0))
        yield post


@pytest.fixture
def site(live_server, settings, tmp_path) -> str:
    settings.SITE_URL = live_server.url
    settings.MEDIA_ROOT = tmp_path
    assert not User.objects.exists()
    return str(live_server.url)


@pytest.fixture
def people(chromium, site) -> Iterator[Any]:
    """Make people at browsers of their own; all leave at the end."""
    made: list[Person] = []

    def come(**options: Any) -> Person:
        made.append(Person(chromium, site, **options))
        return made[-1]

    yield come
    for person in made:
        person.leave()


def tell(person: Person, capsys) -> None:
    with capsys.disabled():
        print(f"\n{counted(person)}")


def printed_link(capsys) -> str:
    """Start the server, as far as it speaks: return the link it prints."""
    welcome()
    return str(capsys.readouterr().err.rsplit(" ", 1)[-1].strip())


@pytest.mark.browser
def test_an_english_only_company_meets_no_chinese_field(people, site, post, capsys):
    """Three groups and a panel; one language on every page, in every mail and file."""
    manager = people()
    begin(manager, printed_link(capsys), company={"English": "Weihe Foods"})
    choose_groups(
        manager,
        others=[],
        without=NOT_ASKED[:3],
    )
    choose_topics(manager, 4)
    surveys = make_questionnaires(manager)
    ask_everybody(manager, people, post, surveys, groups=dict.fromkeys(THREE, 5))
    colleague = let_in(manager, people, post)
    decide(manager)
    approve_and_lock(manager, colleague)
    files = open_files(manager, languages=("en",))
    assert not [name for name in files if "zh" in name]
    assert not manager.chinese


@pytest.mark.browser
def test_a_company_that_is_not_the_demo(people, site, post, capsys):
    """Eight groups, 18 topics by table, a panel of four with all criteria, sixty people, a lock,
    files."""
    manager = people()
    first_round(manager, people, post, capsys, groups=SIXTY)
    tell(manager, capsys)


@pytest.mark.drill
@pytest.mark.machine
def test_the_second_year_of_a_company(people, site, post, capsys):
    """After a small first round: a merge, a split and a new topic, explained and printed."""
    manager = people()
    colleague = first_round(manager, people, post, capsys, groups=dict.fromkeys(SIXTY, 5))
    manager.count.clear()
    post.mails.clear()
    begin_second_year(manager)
    merge_and_split_groups(manager)
    change_topics(manager)
    drafts = open_drafts(manager)
    few = {"Media and financiers": 5, "Workers": 5, "Office staff": 5}
    ask_everybody(manager, people, post, drafts, groups=few)
    explain_changes(manager)
    decide(manager)
    approve_and_lock(manager, colleague)
    files = open_files(manager, languages=("zh-hans", "en"))
    printed = next(text for name, text in files.items() if name.endswith(".docx") and "en" in name)
    for words in ("Artificial intelligence", "Two topics are managed as one"):
        assert words in printed
    tell(manager, capsys)


def ask_everybody(manager: Person, people, post, surveys, *, groups: dict[str, int]) -> None:
    """Invite so many of each group, and a panel of four; all answer, and the surveys are sealed."""
    invite(manager, surveys["stakeholder"], rows_of(groups))
    invite(manager, surveys["impact"], four_judges())
    publish(manager)
    send_invitations(manager, surveys.values())
    assert len(post.mails) == sum(groups.values()) + 4
    everybody_answers(people, post)
    for survey in surveys.values():
        close_and_seal(manager, survey)


def first_round(manager: Person, people, post, capsys, *, groups: dict[str, int]) -> Person:
    """Take a company in two languages to the files of its first round; return the colleague."""
    begin(manager, printed_link(capsys), company={"中文": "味禾食品", "English": "Weihe Foods"})
    choose_groups(manager, others=["Media", "Financial institutions"])
    take_in_topics(manager, TOPICS)
    ask_all_criteria(manager)
    surveys = make_questionnaires(manager)
    ask_everybody(manager, people, post, surveys, groups=groups)
    colleague = let_in(manager, people, post)
    decide(manager)
    approve_and_lock(manager, colleague)
    open_files(manager, languages=("zh-hans", "en"))
    return colleague


@pytest.mark.browser
def test_a_double_round(people, site, post, capsys):
    """Three groups beside a panel of four on impact and finances: both axes in every file."""
    manager = people()
    begin(
        manager,
        printed_link(capsys),
        company={"English": "Weihe Foods"},
        preset="Double materiality: impact × financial effect",
    )
    choose_groups(manager, others=[], without=NOT_ASKED[:3])
    choose_topics(manager, 4)
    surveys = make_questionnaires(manager, ("impact", "stakeholder"))
    ask_everybody(manager, people, post, surveys, groups=dict.fromkeys(THREE, 5))
    colleague = let_in(manager, people, post)
    decide(manager)
    approve_and_lock(manager, colleague)
    files = open_files(manager, languages=("en",))
    assert any(name.endswith("double.svg") for name in files)


@pytest.mark.browser
def test_a_small_company_whose_panel_judges_both_sides(people, site, post, capsys):
    """No survey among stakeholders: a named panel of four, both axes from them, every file."""
    manager = people()
    begin(
        manager,
        printed_link(capsys),
        company={"English": "Weihe Foods"},
        preset="Double materiality: impact × financial effect",
    )
    choose_groups(manager, others=[], without=NOT_ASKED)
    manager.sees("The panel alone judges both sides of double materiality")
    choose_topics(manager, 4)
    surveys = make_questionnaires(manager, ("impact",))
    invite(manager, surveys["impact"], four_judges())
    publish(manager, surveys=1)
    send_invitations(manager, surveys.values())
    everybody_answers(people, post)
    close_and_seal(manager, surveys["impact"])
    colleague = let_in(manager, people, post)
    decide(manager)
    approve_and_lock(manager, colleague)
    files = open_files(manager, languages=("en",))
    assert any(name.endswith("double.svg") for name in files)
