"""What people do in a browser where experts judge alone, from the topics to the consensus."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.browser.manager import IN
from tests.browser.people import Person

PHONE = {"width": 390, "height": 780}
DUST, FINE, WATER = "Dust harms workers’ lungs", "Fines for dust", "Wells fall dry"


def round_of(person: Person) -> str:
    """Return the address of the round somebody is in, or of the only one they may see."""
    links = person.page.locator("a").evaluate_all("all => all.map(one => one.href)")
    for address in (person.page.url, *links):
        if match := re.search(r"/a/\d+/", address):
            return match.group()
    person.open("/a/")
    return round_of(person)


def choose_two_topics(person: Person) -> list[str]:
    """Tick the first two topics of the catalogue; return what they are called."""
    with person.doing("two topics"):
        person.press("Choose topics")
        boxes = person.page.locator("#catalogue input[name=keys]")
        for at in range(2):
            boxes.nth(at).evaluate("box => { box.closest('details').open = true }")
            boxes.nth(at).check()
        person.press("Add what is ticked")
    person.sees("2 topics to ask about")


def rest_on_the_register(person: Person) -> None:
    with person.doing("the setting"):
        person.open(f"{round_of(person)}")
        person.sees("No survey is to be held?")
        person.press("Score", within="header nav", exact=True)
        person.press("Settle how topics are judged")
        person.choose("The axes rest on", "The register alone")
        person.page.locator("form:has([name=register_feeds]) button.btn").first.click()
        person.page.wait_for_load_state()
    person.open(f"{round_of(person)}")
    person.sees("Write the register")


def say_what_it_is_about(person: Person) -> None:
    with person.doing("the context"):
        person.press("Context", within="ol.steps")
        for name in ("entity", "scope"):
            person.page.locator(f"[name='{name}:en']").fill("Mining Works and its two quarries")
        person.press("Save", within="main", exact=True)
    person.sees("Saved.")


def write_register(person: Person, entries: Sequence[tuple[int, str, str]]) -> None:
    """Add entries: the place of the topic in the list, kind and title of each."""
    with person.doing("the register"):
        person.open(f"{round_of(person)}")
        person.press("Open the register")
        for topic, kind, title in entries:
            person.press("Add an entry")
            person.page.locator("[name=topic]").select_option(index=topic)
            person.page.locator("[name=kind]").select_option(kind)
            person.page.locator("[name='title:en']").fill(title)
            person.press("Add to the register")


def let_in_expert(person: Person, people: Any, post: Any, name: str, **options: Any) -> Person:
    mail = f"{name.lower()}@example.com"
    person.press("Li Min", within="header")
    person.type("Name", name, within=IN)
    person.type("Mail address", mail)
    person.choose("Role", "Reviewer", within=IN)
    person.press("Invite", within=IN)
    expert: Person = people(**options)
    expert.open(post.link_for(mail))
    expert.press("Sign in", within="main")
    return expert


def assign(person: Person, names: Sequence[str], topic: int) -> None:
    """Ask experts to score the entries of a topic, by its place in the list."""
    person.open(f"{round_of(person)}register/experts/")
    for name in names:
        person.page.locator("label", has_text=name).locator("input[name=experts]").check()
    person.page.locator("input[name=topics]").nth(topic).check()
    person.press("Assign", within="main", exact=True)


def set_thresholds(person: Person) -> None:
    person.open(f"{round_of(person)}register/topics/")
    for kind in ("negative", "risk"):
        person.page.locator(f"[name={kind}]").fill("3")
        person.page.locator(f"[name='{kind}.why:en']").fill("The appetite of the board")
    person.press("Save the thresholds")


def score(person: Person, code: str, marks: Mapping[str, int]) -> None:
    """Open an entry from one's own list, mark it, and save."""
    person.open(f"{round_of(person)}")
    person.press("My entries to score")
    person.page.locator(f"main a[href*='{code}']").first.click()
    person.page.wait_for_url(re.compile(f"/{code}/score/"))
    width = person.page.viewport_size["width"]
    assert person.page.evaluate("document.documentElement.scrollWidth") <= width
    form = person.page.locator("form[aria-labelledby=own]")
    for name, value in marks.items():
        form.locator(f"input[name={name}][value='{value}']").check()
    form.locator("[name=reason]").fill("As the audit says")
    form.get_by_role("button", name="Save and go on").click()
    person.page.wait_for_load_state()


def grave(scale: int) -> dict[str, int]:
    """Return marks of a negative impact that may happen."""
    return {"scale": scale, "scope": 1, "irremediability": 1, "likelihood": 5}


def costly(magnitude: int) -> dict[str, int]:
    """Return marks of a risk that lies in the long term alone."""
    horizons = ("short", "medium", "long")
    marks = {f"{mark}_{at}": 0 for at in horizons for mark in ("magnitude", "likelihood")}
    return marks | {"magnitude_long": magnitude, "likelihood_long": 5}


def agree(person: Person, code: str, scale: int) -> None:
    """Write down a consensus on a negative impact."""
    person.open(f"{round_of(person)}register/{code}/score/")
    person.page.get_by_text("Write down a consensus").click()
    form = person.page.locator("form[action$='/consensus/']").first
    for name, value in grave(scale).items():
        form.locator(f"input[name={name}][value='{value}']").check()
    form.locator("[name=reason]").fill("The second audit counts")
    form.get_by_role("button").first.click()
    person.page.wait_for_load_state()
