"""The register in a browser: from the round's context to the printed table, by pages alone.

A manager at a desk says what the round is about, draws its value chain, writes entries, assigns
them, sets thresholds and locks; two experts score on phones. Only the round with its answers is
made by the builders.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from docx import Document

from surveys.models import Role
from tests import files
from tests.browser.axe import axe_violations
from tests.builders import both
from tests.registers import fill_register
from tests.rounds import make_user, sealed_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 780}
QUARRY = "Quarries of suppliers"
DUST, FINE = "Dust harms workers’ lungs", "Fines for dust above the limit"


@pytest.fixture
def made(settings, tmp_path) -> Any:
    """A round whose answers are sealed, its owner and two experts."""
    settings.MEDIA_ROOT = tmp_path
    assessment = sealed_round(cut_high=4.0, cut_low=3.5)
    make_user("owner", assessment.organisation, Role.OWNER)
    for name in ("erin", "frank"):
        make_user(name, assessment.organisation, Role.REVIEWER)
    return assessment


@pytest.fixture
def at(chromium, live_server, made) -> Iterator[Any]:
    """Open a page of the round as one of them; `at("erin", "register/assess/", PHONE)`."""
    contexts: dict[str, Any] = {}

    def visit(name: str, path: str, size: dict[str, int] = DESK) -> Any:
        if name not in contexts:
            client = Client()
            client.force_login(User.objects.get(username=name))
            context = contexts[name] = chromium.new_context(viewport=size)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
            context.add_cookies([cookie | {"url": live_server.url}])
            context.new_page()
        page = contexts[name].pages[0]
        page.goto(f"{live_server.url}/a/{made.pk}/{path}?lang=en")
        return page

    yield visit
    for context in contexts.values():
        context.close()


def write(page: Any, name: str, text: str) -> None:
    for language in ("zh-hans", "en"):
        page.locator(f"[name='{name}:{language}']").fill(text)


def describe(page: Any) -> None:
    """Say on the page of the context what the round is about, and save it."""
    write(page, "entity", "Mining Works, quarries and sells sand")
    write(page, "scope", "The parent and its two quarries")
    write(page, "due_diligence", "Quarries are audited once a year")
    write(page, "approver", "the board of directors")
    days = {"period_start": "2025-01-01", "period_end": "2025-12-31", "approved_on": "2026-03-10",
            "last_revision": "2025-03-10", "next_revision": "2027-03-10"}  # fmt: skip
    for name, day in days.items():
        page.locator(f"[name={name}]").fill(day)
    page.locator("[name=as_annual_report]").select_option("yes")
    page.locator("[name=approach]").select_option("both")
    page.locator("[name=standards][value='gri:2021']").check()
    page.locator("[name=short_years]").fill("1")
    page.locator("[name=medium_years]").fill("5")
    page.get_by_role("button", name="Save", exact=True).click()


def draw_chain(page: Any) -> None:
    """Name a stage on each of two sides of the value chain."""
    for at, (side, name) in enumerate((("upstream", QUARRY), ("own", "Sorting"))):
        page.locator(f"[name='{at}-side']").select_option(side)
        write(page, f"{at}-name", name)
        page.locator(f"[name='{at}-places']").fill("Suzhou")
    page.get_by_role("button", name="Save", exact=True).click()


def add(page: Any, kind: str, title: str, *, actual: bool = False) -> None:
    page.locator("[name=topic]").select_option("safety")
    page.locator("[name=kind]").select_option(kind)
    if actual:
        page.locator("[name=is_actual]").select_option("1")
    write(page, "title", title)
    page.locator("[name=stage]").select_option(label=QUARRY)
    page.get_by_role("button", name="Add to the register").click()


def mark(page: Any, marks: dict[str, int], why: str) -> None:
    """Fill a sheet on a phone and save it."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    form = page.locator("form[aria-labelledby=own]")
    for name, value in marks.items():
        form.locator(f"input[name={name}][value='{value}']").check()
    form.locator("[name=reason]").fill(why)
    form.get_by_role("button", name="Save and go on").click()


def money(magnitude: int, likelihood: int) -> dict[str, int]:
    marks = {f"{what}_{at}": 0 for at in ("short", "medium", "long")
             for what in ("magnitude", "likelihood")}  # fmt: skip
    return marks | {"magnitude_long": magnitude, "likelihood_long": likelihood}


def test_from_the_context_to_the_printed_table(at, made):
    manager = at("owner", "context/")
    assert "that standards ask for are missing" in manager.content()
    describe(manager)
    draw_chain(at("owner", "context/value-chain/"))
    manager = at("owner", "context/")
    assert "Nothing that the standards ask of the context is missing." in manager.content()
    told = manager.locator("section[aria-labelledby=chain]").inner_text()
    assert QUARRY in told
    assert "Suzhou" in told
    assert not axe_violations(manager)

    manager = at("owner", "register/add/")
    add(manager, "negative", DUST, actual=True)
    add(at("owner", "register/add/"), "risk", FINE)

    manager = at("owner", "register/experts/")
    for box in manager.locator("input[name=experts]").all():
        if "owner" not in (box.locator("xpath=ancestor::label").text_content() or ""):
            box.check()
    manager.locator("input[name=topics][value=safety]").check()
    manager.get_by_role("button", name="Assign", exact=True).click()

    manager = at("owner", "register/topics/")
    for kind in ("negative", "risk"):
        manager.locator(f"[name={kind}]").fill("3")
        for field in manager.locator(f"[name^='{kind}.why']").all():
            field.fill("The appetite of the board")
    manager.get_by_role("button", name="Save the thresholds").click()
    assert "set before any score of the kind was known" in manager.content()

    for name, scale, size in (("erin", 5, 4), ("frank", 2, 2)):
        expert = at(name, "register/assess/", PHONE)
        assert "0 of 2 scored" in expert.content()
        expert.goto(expert.url.replace("assess/", "IRO-001/score/"))
        mark(expert, {"scale": scale, "scope": 1, "irremediability": 1}, f"Audit by {name}")
        mark(expert, money(size, 5), f"Notices seen by {name}")
        assert "2 of 2 scored" in expert.content()
        assert not axe_violations(expert)

    manager = at("owner", "register/IRO-001/score/")
    assert "disagree on whether it is material" in manager.content()
    manager.get_by_text("Write down a consensus").click()
    form = manager.locator("form[action$='/consensus/']").first
    for name, value in {"scale": 4, "scope": 2, "irremediability": 1}.items():
        form.locator(f"input[name={name}][value='{value}']").check()
    form.locator("[name=reason]").fill("The second audit counts")
    form.get_by_role("button").first.click()

    assert "by impact and financially" in at("owner", "register/topics/").content()

    manager = at("owner", "register/pictures/")
    sign = manager.locator("a[aria-label*='IRO-001']").first
    assert sign.get_attribute("aria-label") == f"1 {DUST}, IRO-001, 4.00, material"
    assert not axe_violations(manager)
    sign.focus()
    manager.keyboard.press("Enter")
    manager.wait_for_url("**/register/IRO-001/**")

    manager = at("owner", "lock/")
    manager.get_by_role("button", name="Lock tiers").click()
    manager.wait_for_url("**/export/**")
    printed = printed_table(manager)

    rows = {row[0]: row for row in printed}
    assert rows["IRO-001"][1:4] == [DUST, "Safety", "Negative impact, actual"]
    assert rows["IRO-001"][4] == QUARRY
    assert rows["IRO-001"][-2:] == ["4.00", "material, disputed before the consensus"]
    assert rows["IRO-002"][-2:] == ["3.00", "material, disputed"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_verdict_and_value_are_in_a_phones_first_view(at, made, language):
    fill_register(made)
    dust = "Dust harms the lungs of workers and neighbours"
    title = both("粉尘长期损害采石场及周边社区工人和居民的肺部健康", dust)
    made.iros.update(title=title)
    visit = f"&lang={language}"
    page = at("owner", "register/topics/", PHONE)
    page.goto(page.url.replace("?lang=en", f"?x=1{visit}"))
    verdicts = page.locator("table.t tbody .tag")

    assert verdicts.count() >= 4
    assert max(right_edges(verdicts)) <= PHONE["width"]

    page = at("owner", "register/IRO-004/score/", PHONE)
    page.goto(page.url.replace("?lang=en", f"?x=1{visit}"))
    assert max(right_edges(page.locator("section[aria-labelledby=said] td:nth-child(2)"))) <= 390
    verdict, table = (
        page.locator(f"section[aria-labelledby=said] {part}").first for part in (".tag.on", "table")
    )
    assert verdict.bounding_box()["y"] < table.bounding_box()["y"]


def right_edges(cells: Any) -> list[float]:
    return [box["x"] + box["width"] for box in map(box_of, cells.all())]


def box_of(cell: Any) -> dict[str, float]:
    box: dict[str, float] = cell.bounding_box()
    return box


def printed_table(manager: Any) -> list[list[str]]:
    """Prepare the files, download them and return the table of entries of the English section."""
    prepare = manager.get_by_role("button", name="Prepare the files (ZIP)")
    if prepare.count():
        prepare.click()
    link = manager.locator("a[download]", has_text="ZIP")
    link.wait_for(timeout=120_000)
    with manager.expect_download() as downloading:
        link.click()
    package = files.unpacked(Path(downloading.value.path()).read_bytes())
    name = next(name for name in package if name.endswith("en/section.docx"))
    for table in Document(io.BytesIO(package[name])).tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if rows[0][:2] == ["No.", "Entry"] and rows[0][-1] == "Verdict":
            return rows[1:]
    raise AssertionError("the document has no table of entries")
