"""The first day: any company, from an empty installation to the printed report, by pages alone.

Everything is clicked and typed in a browser, mails go through a real mail server; no builder makes
a row. The counts of clicks, fields and pages are printed: `pytest -s -m browser` on this file.
"""

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pptx
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from materiality.project.welcome import welcome
from surveys.actions import mail
from tests.browser.people import Person, answer_survey, post_office

pytestmark = [pytest.mark.drill, pytest.mark.machine, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-password"
STANDARD = "Shenzhen"


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


def printed_link(capsys) -> str:
    """Start the server, as far as it speaks: return the link it prints."""
    welcome()
    return str(capsys.readouterr().err.rsplit(" ", 1)[-1].strip())


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
    groups = ["Employees", "Suppliers and partners", "Communities and the public"]
    invite(manager, surveys["stakeholder"], rows_of(dict.fromkeys(groups, 5)))
    invite(manager, surveys["impact"], four_judges())
    publish(manager)
    send_invitations(manager, surveys.values())
    everybody_answers(people, post)
    for survey in surveys.values():
        close_and_seal(manager, survey)
    colleague = let_in(manager, people, post)
    decide(manager)
    approve_and_lock(manager, colleague)
    files = read_files(open_files(manager), languages=("en",))
    assert not [name for name in files if "zh" in name]
    assert not manager.chinese


def test_a_company_that_is_not_the_demo(people, site, post, capsys):
    """Eight groups, 18 topics by table, a panel of four with all criteria, sixty people, a lock,
    files; then a second year with a merge, a split and a new topic."""
    manager = people()
    begin(manager, printed_link(capsys), company={"中文": "味禾食品", "English": "Weihe Foods"})
    choose_groups(manager, others=["Media", "Financial institutions"])
    take_in_topics(manager, TOPICS)
    ask_all_criteria(manager)
    surveys = make_questionnaires(manager)
    invite(manager, surveys["stakeholder"], rows_of(SIXTY))
    invite(manager, surveys["impact"], four_judges())
    publish(manager)
    send_invitations(manager, surveys.values())
    assert len(post.mails) == 64
    everybody_answers(people, post)
    for survey in surveys.values():
        close_and_seal(manager, survey)
    colleague = let_in(manager, people, post)
    decide(manager)
    approve_and_lock(manager, colleague)
    read_files(open_files(manager), languages=("zh-hans", "en"))
    with capsys.disabled():
        print(counted(manager))

    post.mails.clear()
    begin_second_year(manager)
    merge_and_split_groups(manager)
    change_topics(manager)
    drafts = open_drafts(manager)
    few = {"Media and financiers": 5, "Workers": 5, "Office staff": 5}
    invite(manager, drafts["stakeholder"], rows_of(few))
    invite(manager, drafts["impact"], four_judges())
    publish(manager)
    send_invitations(manager, drafts.values())
    everybody_answers(people, post)
    for survey in drafts.values():
        close_and_seal(manager, survey)
    explain_changes(manager)
    decide(manager)
    approve_and_lock(manager, colleague)
    files = read_files(open_files(manager), languages=("zh-hans", "en"))
    printed = next(text for name, text in files.items() if name.endswith(".docx") and "en" in name)
    for words in ("Artificial intelligence", "Two topics are managed as one"):
        assert words in printed
    with capsys.disabled():
        print(counted(manager))


def test_a_double_round(people, site, post, capsys):
    """Impact and financial effect, judged by a panel of four, into both axes of every file."""
    manager = people()
    begin(
        manager,
        printed_link(capsys),
        company={"English": "Weihe Foods"},
        preset="Double materiality: impact × financial effect",
    )
    choose_groups(manager, others=[], without=NOT_ASKED)
    choose_topics(manager, 4)
    [survey] = make_questionnaires(manager, ("impact",)).values()
    invite(manager, survey, four_judges())
    publish(manager, surveys=1)
    send_invitations(manager, [survey])
    everybody_answers(people, post)
    close_and_seal(manager, survey)
    colleague = let_in(manager, people, post)
    decide(manager)
    approve_and_lock(manager, colleague)
    files = read_files(open_files(manager), languages=("en",))
    assert any(name.endswith("double.svg") for name in files)


def begin(person: Person, link: str, *, company: dict[str, str], preset: str = "") -> None:
    with person.doing("to the first round"):
        person.open(link + "?lang=en")
        for language in ("中文", "English"):
            if language not in company:
                person.tick(language, on=False)
        for language, name in company.items():
            person.type(f"Company · {language}", name)
        person.type("Your name", "Li Min")
        person.type("Your mail address", "li.min@example.com")
        person.type("Password", PASSWORD)
        person.press("Begin")
        if preset:
            person.choose("What the matrix shows", preset)
        person.press("Start")
    person.sees("Choose the topics to ask about.")


def choose_groups(person: Person, others: list[str], without: Sequence[str] = ()) -> None:
    with person.doing("eight groups and two panels"):
        person.press("Identify")
        person.press("Groups and panels")
        for name in others:
            person.tick(name)
        for name in without:
            person.tick(name, on=False)
        person.press("Add the ticked groups")
    person.sees("Groups of this round")


def choose_topics(person: Person, count: int) -> None:
    with person.doing("the topics"):
        person.press("Next: the topics")
        boxes = person.page.locator("#catalogue input[name=keys]")
        for at in range(count):
            boxes.nth(at).evaluate("box => { box.closest('details').open = true }")
            person.count[person.phase]["clicks"] += 1
            boxes.nth(at).check()
        person.press("Add what is ticked")
    person.sees(f"{count} topics to ask about")


TOPICS = {
    f"议题{at}": name
    for at, name in enumerate(
        (
            "Climate change", "Energy", "Water", "Waste", "Packaging", "Biodiversity",
            "Food safety",
            "Nutrition", "Animal welfare", "Fair pay", "Health and safety", "Diversity", "Training",
            "Suppliers", "Communities", "Data protection", "Anti-corruption", "Taxes",
        ),
        1,
    )
}  # fmt: skip
"""Eighteen topics as a table names them, in both languages."""
NOT_ASKED = [
    "Shareholders and investors",
    "Customers and consumers",
    "Government and regulators",
    "Employees",
    "Suppliers and partners",
    "Communities and the public",
]


def table_of(topics: Mapping[str, str]) -> bytes:
    lines = ["Name · 中文,Name · English,Definition · English,Category"]
    lines += [f"{zh},{en},What {en.lower()} means,Social" for zh, en in topics.items()]
    return "\n".join(lines).encode("utf-8-sig")


def take_in_topics(person: Person, topics: Mapping[str, str]) -> None:
    with person.doing("18 topics by table"):
        person.press("Next: the topics")
        person.press("All topics in a table")
        person.attach("Spreadsheet (XLSX or CSV)", "topics.csv", table_of(topics))
        person.press("Take in", exact=True)
    person.sees(f"{len(topics)} topics to ask about")


def ask_all_criteria(person: Person) -> None:
    with person.doing("the criteria of the panel"):
        person.press("Score", within="header nav", exact=True)
        person.press("Settle how topics are judged")
        for criterion in (
            "Scale: how grave, or how beneficial",
            "Scope: how widespread",
            "How hard to put right",
            "Likelihood",
        ):
            person.tick(criterion, within="form[aria-labelledby=crit]")
        person.press("Save questions")


def begin_second_year(person: Person) -> None:
    with person.doing("to the second round"):
        person.open("/a/")
        person.press("New assessment")
        person.press("Start")


def merge_and_split_groups(person: Person) -> None:
    with person.doing("a merge and a split of groups"):
        person.press("Identify", within="header nav", exact=True)
        person.press("Groups and panels")
        person.tap("summary:has-text('Merge groups')")
        for name in ("Media", "Financial institutions"):
            person.tick(name, within="details:has-text('Groups to merge')")
        person.type("Name · 中文", "媒体与金融机构", within="details:has-text('Groups to merge')")
        person.type(
            "Name · English", "Media and financiers", within="details:has-text('Groups to')"
        )
        person.press("Merge", within="details", exact=True)
        person.page.locator("tr#g-employees a", has_text="Split or remove").click()
        for at, (zh, en) in enumerate({"一线员工": "Workers", "职员": "Office staff"}.items()):
            person.type("Name · 中文", zh, nth=at)
            person.type("Name · English", en, nth=at)
        person.press("Split", within="main", exact=True)
    person.sees("Groups of this round")


def change_topics(person: Person) -> None:
    """Two topics become one, and one is new."""
    with person.doing("the topics of the second round"):
        for topic in ("Energy", "Climate change"):
            person.press("Identify", within="header nav", exact=True)
            person.press(topic, within="main", exact=True)
            person.press("Remove from the list")
        person.press("All topics in a table")
        new = {"能源与气候": "Energy and climate", "人工智能": "Artificial intelligence"}
        person.attach("Spreadsheet (XLSX or CSV)", "new.csv", table_of(new))
        person.press("Take in", exact=True)
    person.sees("18 topics to ask about")


def open_drafts(person: Person) -> dict[str, str]:
    """Open the questionnaires that last year left; return their addresses."""
    found = {}
    with person.doing("the questionnaires of the second round"):
        for at, dimension in enumerate(("stakeholder", "impact")):
            person.press("Ask", within="header nav", exact=True)
            person.press("Groups and questionnaire", nth=at)
            found[dimension] = person.page.url
            person.press("Questionnaire", within="nav.subnav", exact=True)
            person.type("Opens", f"{timezone.localdate() - timedelta(days=1)}T09:00")
            person.press("Save")
    return found


def explain_changes(person: Person) -> None:
    with person.doing("the changes"):
        person.press("Decide", within="header nav", exact=True)
        person.tap("#new summary")
        for name in ("Climate change", "Energy"):
            person.tick(name, within="#new fieldset >> nth=0")
        person.choose("Change", "Combined as new", within="#new")
        person.tick("Energy and climate", within="#new fieldset >> nth=1")
        person.type("中文", "两项合并管理", within="#new")
        person.type("English", "Two topics are managed as one", within="#new")
        person.press("Save this change")
        for line in person.page.locator("#changes .errm").all():
            assert line
        lines = person.page.locator("textarea[aria-invalid]")
        texts = {"zh": "新业务", "en": "A new business"}
        for at in range(lines.count()):
            name = lines.nth(at).get_attribute("name") or ""
            person.count[person.phase]["fields"] += 1
            lines.nth(at).fill(texts["zh" if "zh" in name else "en"])
        person.press("Save", within="main", exact=True)
        method = person.page.locator("#method form")
        if method.count():
            person.type("中文", "群体有合并与拆分", within="#method")
            person.type("English", "Groups were merged and split", within="#method")
            person.press("Save the reason")


def make_questionnaires(
    person: Person, dimensions: Sequence[str] = ("stakeholder", "impact")
) -> dict[str, str]:
    """Make the questionnaires, open from now; return their addresses."""
    addresses = {}
    with person.doing("the questionnaires"):
        for dimension in dimensions:
            person.press("Ask", within="header nav", exact=True)
            person.press("Make the questionnaire")
            addresses[dimension] = person.page.url
            person.press("Questionnaire", within="nav.subnav", exact=True)
            person.type("Opens", f"{timezone.localdate() - timedelta(days=1)}T09:00")
            person.press("Save")
    return addresses


SIXTY = {
    "Shareholders and investors": 7,
    "Customers and consumers": 8,
    "Employees": 9,
    "Government and regulators": 7,
    "Suppliers and partners": 8,
    "Communities and the public": 7,
    "Media": 7,
    "Financial institutions": 7,
}


def rows_of(groups: Mapping[str, int]) -> list[tuple[str, str, str, str]]:
    people = [group for group, count in groups.items() for _person in range(count)]
    return [(f"Person {at}", f"p{at}@example.com", group, "en") for at, group in enumerate(people)]


def four_judges() -> list[tuple[str, str, str, str]]:
    groups = ["Company managers", "Company managers", "External experts", "External experts"]
    return [(f"Judge {at}", f"j{at}@example.com", group, "en") for at, group in enumerate(groups)]


def invite(person: Person, survey: str, rows: list[tuple[str, str, str, str]]) -> None:
    table = io.StringIO()
    written = csv.writer(table)
    written.writerow(["Name", "Mail address", "Group", "Language"])
    written.writerows(rows)
    with person.doing("the people"):
        person.open(survey)
        person.press("Invitations", within="nav.subnav", exact=True)
        person.press("Add a list (CSV, XLSX)")
        person.attach("List of people", "people.csv", table.getvalue().encode("utf-8-sig"))
        person.press("Read the file")
        person.sees(f"{len(rows)} people will be added.")
        person.press("Add these people")
        person.sees(f"{len(rows)} people added.")


def publish(person: Person, surveys: int = 2) -> None:
    with person.doing("publishing"):
        person.press("Ask", within="header nav", exact=True)
        for _survey in range(surveys):
            person.press("Publish", within="main", exact=True)


def send_invitations(person: Person, surveys: Any) -> None:
    """Send the invitations; the server's worker takes them two minutes later, here at once."""
    with person.doing("mail"):
        for survey in surveys:
            person.open(survey)
            person.press("Mail", within="nav.subnav", exact=True)
            match = re.search(r"This sends (\d+) mails", person.text())
            assert match, person.text()
            person.type("Type the number of mails", match[1])
            person.press("Send", within="main", exact=False)
    call_command("send_due_mail")


def everybody_answers(people: Any, post: Any) -> None:
    """Everybody who got a mail answers by its link, on a phone."""
    phone = {"viewport": {"width": 390, "height": 760}}
    liked = itertools.cycle([5, 4, 4, 3, 5, 2, 4, 3, 5, 4, 3])
    for address in dict.fromkeys(sent["X-RcptTo"] for sent in post.mails):
        guest = people(**phone)
        answer_survey(guest, post.link_for(address), liked)
        guest.leave()


def close_and_seal(person: Person, survey: str) -> None:
    with person.doing("the seal"):
        person.open(survey)
        person.press("Close and seal")
        person.press("Close and seal", within="main form")
    person.sees("are sealed")


def let_in(person: Person, people: Any, post: Any) -> Person:
    with person.doing("a colleague"):
        person.press("Li Min", within="header")
        person.type("Name", "Wang Fang", within="section[aria-labelledby=in]")
        person.type("Mail address", "wang.fang@example.com")
        person.choose("Role", "Reviewer", within="section[aria-labelledby=in]")
        person.press("Let in", within="section[aria-labelledby=in]")
    colleague = people()
    colleague.open(post.link_for("wang.fang@example.com"))
    colleague.press("Sign in", within="main")
    return colleague


def decide(person: Person) -> None:
    with person.doing("the decisions"):
        person.press("Score", within="header nav", exact=True)
        person.press("Save draft")


def approve_and_lock(person: Person, colleague: Person) -> None:
    colleague.open("/a/")
    colleague.press("Score and decide")
    colleague.press("Decide", within="header nav", exact=True)
    colleague.press("Approve and lock", exact=True)
    colleague.press("Approve these results")
    with person.doing("the lock"):
        person.press("Decide", within="header nav", exact=True)
        person.press("Approve and lock", exact=True)
        person.press("Lock tiers")
    person.sees("The round is locked.")


def open_files(person: Person) -> bytes:
    with person.doing("the files"):
        person.press("Report", within="header nav", exact=True)
        if person.page.get_by_role("button", name="Prepare the files").count():
            person.press("Prepare the files")
        link = person.page.locator("a[download]", has_text="Download (ZIP")
        link.wait_for(timeout=120_000)
        with person.page.expect_download() as downloading:
            link.click()
    return Path(downloading.value.path()).read_bytes()


def read_files(content: bytes, *, languages: Sequence[str]) -> dict[str, str]:
    """Open each file with a program that reads its kind; return what it says, by name."""
    packed = zipfile.ZipFile(io.BytesIO(content))
    assert packed.testzip() is None
    texts = {name: text_of(name, packed.read(name)) for name in packed.namelist()}
    for ending in (".pdf", ".docx", ".pptx", ".xlsx", ".svg", ".csv"):
        named = [name for name in texts if name.endswith(ending)]
        assert named, (ending, list(texts))
        assert all(texts[name].strip() for name in named), named
    spoken = {"en": "Material", "zh-hans": "重要"}
    for language in languages:
        assert any(spoken[language] in text for text in texts.values()), language
    return texts


def text_of(name: str, content: bytes) -> str:
    file = io.BytesIO(content)
    if name.endswith(".pdf"):
        return "".join(page.extract_text() for page in PdfReader(file).pages)
    if name.endswith(".docx"):
        document = docx.Document(file)
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(one.text for one in document.paragraphs), *cells])
    if name.endswith(".pptx"):
        shapes = [shape for slide in pptx.Presentation(file).slides for shape in slide.shapes]
        return "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    if name.endswith(".xlsx"):
        book = CalamineWorkbook.from_filelike(file)
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return "\n".join(str(value) for rows in sheets for row in rows for value in row)
    if name.endswith((".png", ".ttf", ".otf")):
        return "picture" if content else ""
    return content.decode("utf-8-sig")


def counted(person: Person) -> str:
    lines = ["phase: clicks / fields / pages"]
    for phase, count in person.count.items():
        lines.append(f"{phase}: {count['clicks']} / {count['fields']} / {count['pages']}")
    return "\n".join(lines)
