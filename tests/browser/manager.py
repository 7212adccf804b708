"""What a manager does in a browser from the first link to the files, a function a phase.

Everything is clicked or typed, and counted: `counted` gives clicks, fields and pages by phase.
"""

import csv
import io
import itertools
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from tests import files
from tests.browser.people import Person, answer_survey

PASSWORD = "a-long-password"


OWN_NAME = {"en": "Li Min", "zh-hans": "李敏"}
NAME = {"en": "Name", "zh-hans": "姓名"}
IN = "section[aria-labelledby=in]"
COLLEAGUE = {"en": "Wang Fang", "zh-hans": "王芳"}


def begin(person: Person, link: str, *, company: dict[str, str], preset: str = "") -> None:
    with person.doing("to the first round"):
        person.open(f"{link}?lang={person.language}")
        for language in ("中文", "English"):
            if language not in company:
                person.tick(language, on=False)
        for language, name in company.items():
            person.type(person.word("Company · %(language)s") % {"language": language}, name)
        person.type("Your name", OWN_NAME[person.language])
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


THREE = ["Employees", "Suppliers and partners", "Communities and the public"]


def table_of(topics: Mapping[str, str]) -> bytes:
    lines = ["Name · 中文,Name · English,Definition · English,Category"]
    lines += [f"{zh},{en},What {en.lower()} means,Social" for zh, en in topics.items()]
    return "\n".join(lines).encode("utf-8-sig")


def take_in_topics(person: Person, topics: Mapping[str, str]) -> None:
    with person.doing("18 topics by table"):
        person.press("Next: the topics")
        person.press("All topics in a table")
        person.attach("Spreadsheet (XLSX or CSV)", "topics.csv", table_of(topics))
        person.press("Import", within="main form", exact=True)
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
        person.press("Import", within="main form", exact=True)
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


HEADINGS = ("Name", "Mail address", "Group", "Language")


def invite(
    person: Person,
    survey: str,
    rows: Sequence[tuple[str, ...]],
    *,
    headings: Sequence[str] = HEADINGS,
) -> None:
    table = io.StringIO()
    written = csv.writer(table)
    written.writerow(headings)
    written.writerows(rows)
    with person.doing("the people"):
        person.open(survey)
        person.press("Invitations", within="nav.subnav", exact=True)
        person.press("Add a list (CSV, XLSX)")
        person.attach(
            "List of people: XLSX, XLS, ODS or CSV",
            "people.csv",
            table.getvalue().encode("utf-8-sig"),
        )
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
            match = re.search(r"(?:This sends|将发送) (\d+) (?:mails|封)", person.text())
            assert match, person.text()
            person.type("Type the number of mails", match[1])
            person.press("Send", within="main", exact=False)
    call_command("send_due_mail")


def everybody_answers(people: Any, post: Any, *, language: str = "en") -> list[str]:
    """Everybody who got a mail answers by its link, on a phone; the first and last by hand.

    Return the English words that who reads Chinese has met.
    """
    met: list[str] = []
    phone = {"viewport": {"width": 390, "height": 760}}
    liked = itertools.cycle([5, 4, 4, 3, 5, 2, 4, 3, 5, 4, 3])
    everybody = list(dict.fromkeys(sent["X-RcptTo"] for sent in post.mails))
    for address in everybody:
        guest = people(language=language, **phone)
        by_hand = address in (everybody[0], everybody[-1])
        answer_survey(guest, post.link_for(address), liked, by_hand=by_hand)
        guest.leave()
        met += guest.english
    return met


SAID = ["Not at all", "Slightly", "Fairly", "Very", "Extremely"]
"""The answers of the questionnaire, as they stand on paper."""


def bring_in_answers(
    person: Person, survey: str, groups: Mapping[str, int], topics: Sequence[str]
) -> None:
    """Import a table of answers on paper, a row a person."""
    liked = itertools.cycle([5, 4, 4, 3, 5, 2, 4, 3, 5, 4, 3])
    table = io.StringIO()
    written = csv.writer(table)
    written.writerow(["Group", *topics])
    for _name, _address, group, _language in rows_of(groups):
        written.writerow([group, *(SAID[next(liked) - 1] for _topic in topics)])
    with person.doing("answers by table"):
        person.open(survey)
        person.press("Import", within="nav.subnav", exact=True)
        person.attach("Table of answers", "paper.csv", table.getvalue().encode("utf-8-sig"))
        person.press("Read the file")
        person.press(f"Import {sum(groups.values())} answers")
    person.sees("paper.csv")


def close_and_seal(person: Person, survey: str) -> None:
    with person.doing("the seal"):
        person.open(survey)
        person.press("Close and seal")
        person.press("Close and seal", within="main form")
    person.sees("are sealed")


def let_in(person: Person, people: Any, post: Any) -> Person:
    with person.doing("a colleague"):
        person.press(OWN_NAME[person.language], within="header")
        person.type(NAME[person.language], COLLEAGUE[person.language], within=IN)
        person.type("Mail address", "wang.fang@example.com")
        person.choose("Role", "Reviewer", within=IN)
        person.press("Invite", within=IN)
    colleague = people(language=person.language)
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


def open_files(person: Person, *, languages: Sequence[str]) -> dict[str, str]:
    """Make the files, download them, open each; return what they say, by name."""
    with person.doing("the files"):
        person.press("Report", within="header nav", exact=True)
        prepare = person.word("Prepare the files (ZIP)")
        if person.page.get_by_role("button", name=prepare).count():
            person.press(prepare)
        link = person.page.locator("a[download]", has_text="ZIP")
        link.wait_for(timeout=120_000)
        with person.page.expect_download() as downloading:
            link.click()
    content = Path(downloading.value.path()).read_bytes()
    return files.opened(files.unpacked(content), languages=languages)


def counted(person: Person) -> str:
    """Return the phases of what was done and what each took."""
    lines = ["phase: clicks / fields / pages, seconds"]
    for phase, count in person.count.items():
        done = f"{count['clicks']} / {count['fields']} / {count['pages']}"
        lines.append(f"{phase}: {done}, {person.seconds[phase]:.0f} s")
    return "\n".join(lines)
