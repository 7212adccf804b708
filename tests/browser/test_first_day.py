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

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from materiality.project.welcome import welcome
from surveys.actions import mail
from tests.browser.people import Person, answer_survey, post_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
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
        without=[
            "Shareholders and investors",
            "Customers and consumers",
            "Government and regulators",
        ],
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
    names = open_files(manager)
    assert not [name for name in names if "zh" in name]
    assert not manager.chinese


def test_a_company_that_is_not_the_demo(people, site, post, capsys):
    """Eight groups, topics of a standard, a panel of four, sixty people, a lock, files."""
    manager = people()
    begin(manager, printed_link(capsys), company={"中文": "味禾食品", "English": "Weihe Foods"})
    choose_groups(manager, others=["Media", "Financial institutions"])
    choose_topics(manager, 18)
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
    open_files(manager)
    with capsys.disabled():
        print(counted(manager))


def begin(person: Person, link: str, *, company: dict[str, str]) -> None:
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


def make_questionnaires(person: Person) -> dict[str, str]:
    """Make both questionnaires, open from now; return their addresses."""
    result = {}
    with person.doing("the questionnaires"):
        for dimension in ("stakeholder", "impact"):
            person.press("Ask", within="header nav", exact=True)
            person.press("Make the questionnaire")
            result[dimension] = person.page.url
            person.press("Questionnaire", within="nav.subnav", exact=True)
            person.type("Opens", f"{timezone.localdate() - timedelta(days=1)}T09:00")
            person.press("Save")
    return result


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


def publish(person: Person) -> None:
    with person.doing("publishing"):
        person.press("Ask", within="header nav", exact=True)
        for _survey in range(2):
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
    mail.deliver_all()


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


def open_files(person: Person) -> list[str]:
    with person.doing("the files"):
        person.press("Report", within="header nav", exact=True)
        if person.page.get_by_role("button", name="Prepare the files").count():
            person.press("Prepare the files")
        link = person.page.locator("a[download]", has_text="Download (ZIP")
        link.wait_for(timeout=120_000)
        with person.page.expect_download() as downloading:
            link.click()
    content = Path(downloading.value.path()).read_bytes()
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert any(name.endswith("section.docx") for name in names), names
    return names


def counted(person: Person) -> str:
    lines = ["phase: clicks / fields / pages"]
    for phase, count in person.count.items():
        lines.append(f"{phase}: {count['clicks']} / {count['fields']} / {count['pages']}")
    return "\n".join(lines)
