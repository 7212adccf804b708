"""The first day: any company, from an empty installation to the printed report, by pages alone.

Everything is clicked and typed in a browser, mails go through a real mail server; no builder makes
a row. The counts of clicks, fields, pages and seconds of each phase are printed.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from materiality.catalogue.groups import suggestions
from materiality.project.welcome import welcome
from surveys.actions import mail
from tests.browser.experts import (
    DUST,
    FINE,
    PHONE,
    WATER,
    agree,
    assign,
    choose_two_topics,
    costly,
    grave,
    let_in_expert,
    rest_on_the_register,
    round_of,
    say_what_it_is_about,
    score,
    set_thresholds,
    write_register,
)
from tests.browser.manager import (
    NOT_ASKED,
    SIXTY,
    THREE,
    TOPICS,
    approve_and_lock,
    ask_all_criteria,
    begin,
    begin_second_year,
    bring_in_answers,
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
from tests.browser.people import Person, english_in, post_office

PANELS = ["Company managers", "External experts"]
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


@pytest.mark.browser
def test_the_second_year_of_a_company(people, site, post, capsys):
    """After a first round on paper: a merge, a split and a new topic, explained and printed."""
    manager = people()
    five = dict.fromkeys(SIXTY, 5)
    colleague = first_round(manager, people, post, capsys, groups=five, on_paper=True)
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


@pytest.mark.browser
def test_a_company_that_lets_experts_judge_alone(people, site, post, capsys):
    """No survey, no group: a register, two experts, one at a phone, a lock, the printed table."""
    manager = people()
    double = "Double materiality: impact × financial effect"
    begin(manager, printed_link(capsys), company={"English": "Mining Works"}, preset=double)
    choose_two_topics(manager)
    rest_on_the_register(manager)
    say_what_it_is_about(manager)
    write_register(manager, [(1, "negative", DUST), (1, "risk", FINE), (2, "negative", WATER)])
    erin = let_in_expert(manager, people, post, "Erin", viewport=PHONE)
    frank = let_in_expert(manager, people, post, "Frank")
    assign(manager, ["Erin", "Frank"], topic=0)
    set_thresholds(manager)

    score(erin, "IRO-001", grave(5))
    score(erin, "IRO-002", costly(4))
    erin.press("Score", within="header nav", exact=True)
    erin.sees("Entries of the register wait for scores of who was asked: IRO-001, IRO-002.")
    assert "5.00" not in erin.text()
    score(frank, "IRO-001", grave(2))
    score(frank, "IRO-002", costly(3))

    manager.open(f"{round_of(manager)}lock/")
    manager.sees("Nobody has scored an entry of the register: IRO-003.")
    assert "Lock tiers" not in manager.text()
    assign(manager, ["Frank"], topic=1)
    score(frank, "IRO-003", grave(3))
    agree(manager, "IRO-001", 4)

    manager.open(round_of(manager))
    manager.sees("The results are ready")
    decide(manager)
    manager.sees("No survey was held: experts scored the register.")
    approve_and_lock(manager, erin)
    files = open_files(manager, languages=("en",))
    printed = next(text for name, text in files.items() if name.endswith("section.docx"))
    for words in (DUST, FINE, WATER, "IRO-001", "No survey was held", "4.00"):
        assert words in printed
    assert "rated by" not in printed
    assert not manager.chinese
    tell(manager, capsys)


def ask_everybody(
    manager: Person, people, post, surveys, *, groups: dict[str, int], on_paper: bool = False
) -> None:
    """Invite so many of each group, and a panel of four; all answer, and the surveys are sealed.

    :param on_paper: the groups answer on paper, which is brought in as a table.
    """
    if not on_paper:
        invite(manager, surveys["stakeholder"], rows_of(groups))
    invite(manager, surveys["impact"], four_judges())
    publish(manager)
    send_invitations(manager, [surveys["impact"]] if on_paper else surveys.values())
    assert len(post.mails) == (0 if on_paper else sum(groups.values())) + 4
    everybody_answers(people, post)
    if on_paper:
        bring_in_answers(manager, surveys["stakeholder"], groups, list(TOPICS.values()))
    for survey in surveys.values():
        close_and_seal(manager, survey)


def first_round(
    manager: Person, people, post, capsys, *, groups: dict[str, int], on_paper: bool = False
) -> Person:
    """Take a company in two languages to the files of its first round; return the colleague."""
    begin(manager, printed_link(capsys), company={"中文": "味禾食品", "English": "Weihe Foods"})
    choose_groups(manager, others=["Media", "Financial institutions"])
    take_in_topics(manager, TOPICS)
    ask_all_criteria(manager)
    surveys = make_questionnaires(manager)
    ask_everybody(manager, people, post, surveys, groups=groups, on_paper=on_paper)
    colleague = let_in(manager, people, post)
    decide(manager)
    approve_and_lock(manager, colleague)
    if not on_paper:
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


@pytest.mark.browser
def test_a_chinese_only_company_meets_no_english(people, site, post, capsys):
    """Every word of every page, mail and file is looked at but names of standards and files."""
    manager = people(language="zh-hans")
    begin(manager, printed_link(capsys), company={"中文": "味禾食品"})
    manager.press("Identify", within="header nav", exact=True)
    manager.press("Add a topic of your own")
    manager.page.locator("main form input[type=text]").first.fill(" ")
    manager.press("Add to the list")  # without a name: an error
    choose_groups(manager, others=[], without=in_chinese(NOT_ASKED[:3]))
    choose_topics(manager, 4)
    surveys = make_questionnaires(manager)
    headings = ["姓名", "邮箱", "群体"]
    for dimension, rows in people_in_chinese().items():
        invite(manager, surveys[dimension], rows, headings=headings)
    publish(manager)
    send_invitations(manager, surveys.values())
    manager.english += everybody_answers(people, post, language="zh-hans")
    for survey in surveys.values():
        close_and_seal(manager, survey)
    colleague = let_in(manager, people, post)
    decide(manager)
    for name in ("engagement", "record", "log", "people", "settings", "method", "review", "look"):
        manager.open(page_of_round(manager, name))
        manager.look_for_another_language()
    approve_and_lock(manager, colleague)
    files = open_files(manager, languages=("zh-hans",))
    assert not [name for name in files if "en" in name.split("/")]
    for sent in post.mails:
        text = f"{sent['Subject']} {sent.get_body(('plain',)).get_content()}"
        manager.english += [f"mail: {word}" for word in english_in(text)]
    for name, text in files.items():
        if name.endswith((".docx", ".pdf", ".pptx")):
            manager.english += [f"{name}: {word}" for word in english_in(text)]
    assert [*manager.english, *colleague.english] == []


def in_chinese(names: Sequence[str]) -> list[str]:
    """Return the names of suggested groups as the catalogue has them."""
    known = {row.name["en"]: row.name["zh-hans"] for row in suggestions()}
    return [known[name] for name in names]


def people_in_chinese() -> dict[str, list[tuple[str, ...]]]:
    """Five of each of three groups, and two judges of each panel, without a language."""
    groups = [group for group in in_chinese(THREE) for _person in range(5)]
    panels = [group for group in in_chinese(PANELS) for _person in range(2)]
    return {
        "stakeholder": [("张三", f"p{at}@example.com", group) for at, group in enumerate(groups)],
        "impact": [("李四", f"j{at}@example.com", group) for at, group in enumerate(panels)],
    }


def page_of_round(person: Person, name: str) -> str:
    round_ = re.search(r"/a/(\d+)/", person.page.url)
    assert round_, person.page.url
    return reverse(f"materiality:{name}", args=[round_[1]])


@pytest.mark.browser
def test_the_control_an_english_word_is_noticed():
    text = "请填写 Name，见 GRI 302；发给 a@b.cn，文件 zh/report.pdf，摘要 sha256:3befcd0142"

    assert english_in(text) == ["Name"]
