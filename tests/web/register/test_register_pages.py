"""The register as people use it: looked through, filled in, taken in as a table, carried over."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from materiality import actions
from materiality.actions import register_sheets
from materiality.actions.register import IroRow, origins
from materiality.locking import snapshots
from materiality.models import Assessment, Iro
from surveys.models import Role
from tests.builders import both
from tests.markup import page_of
from tests.rounds import make_round, make_user, sealed_round
from tests.web.conftest import signed_in
from tests.web.register.quickness import cpu_seconds_of

pytestmark = pytest.mark.django_db
DUST = both("粉尘损害工人肺部", "Dust harms workers’ lungs")
FIELDS = {
    "topic": "safety", "kind": "negative", "is_actual": "1", "title:zh-hans": DUST["zh-hans"],
    "title:en": DUST["en"], "stage": "own", "place": "Suzhou", "horizon": "short",
    "human_rights": "", "involvement": "caused", "is_net": "", "evidence": "", "evidence_file": "",
    "more_links_impact": "", "more_links_dependency": "",
    **{f"{part}:{code}": "" for part in ("description", "affected", "dependency", "mitigation")
       for code in ("zh-hans", "en")},
}  # fmt: skip


@pytest.fixture
def made():
    assessment = make_round()
    for role in (Role.OWNER, Role.VIEWER):
        make_user(str(role), assessment.organisation, role)
    return assessment


@pytest.fixture
def owner(made):
    return signed_in("owner")


def filled(form) -> dict:
    """Return what a browser sends of a form as it is shown: nothing of boxes without a tick."""
    return {field.html_name: field.value() or "" for field in form if field.value() != []}


def url(assessment, rest: str = "") -> str:
    return f"/a/{assessment.pk}/register/{rest}"


def add(assessment, **facts) -> Iro:
    given = {"topic": "safety", "kind": "negative", "title": DUST, "by": None} | facts
    return actions.add_iro(assessment=assessment, **given)


def text(client, path, **query) -> str:
    return page_of(client.get(path, {"lang": "en"} | query))


# ---- entries ----


def test_a_manager_finds_the_register_beside_the_topics(made, owner):
    assert f'href="{url(made)}"' in text(owner, f"/a/{made.pk}/topics/")
    page = text(owner, url(made))
    assert "No entry yet" in page
    assert "Add an entry" in page


def test_an_entry_is_added_and_the_list_leads_to_it(made, owner):
    answered = owner.post(url(made, "add/"), FIELDS | {"version": made.version})

    assert answered.status_code == 302
    assert answered.url == url(made) + "#IRO-001"
    row = made.iros.get()
    assert (row.title, row.is_actual, row.involvement) == (DUST, True, "caused")
    page = text(owner, url(made))
    assert 'id="IRO-001"' in page
    assert "Negative impact, actual" in page
    assert "missing: description, who is affected" in page
    assert made.events.get(verb="add_iro").by.username == "owner"


def test_another_one_begins_under_the_same_topic(made, owner):
    sent = FIELDS | {"version": made.version, "more": "1"}

    page = page_of(owner.post(url(made, "add/"), sent, follow=True))

    assert '<option value="safety" selected>' in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"kind": "risk"}, "Only an impact can be actual"),
        ({"is_net": "1"}, "Net is refused without evidence"),
        ({"title:en": ""}, "is empty"),
        ({"topic": ""}, "is empty"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_written(made, owner, sent, words):
    answered = owner.post(url(made, "add/") + "?lang=en", FIELDS | {"version": made.version} | sent)

    page = page_of(answered)
    assert words in page
    assert 'role="alert"' in page
    assert "Suzhou" in page
    assert not made.iros.exists()


def test_two_who_edit_at_once_are_told_and_may_save_over_it(made, owner):
    row = add(made)
    seen = row.version
    actions.describe_iro(iro=row, by=None, place="Wuxi")

    sent = FIELDS | {"version": seen}
    answered = owner.post(url(made, "IRO-001/") + "?lang=en", sent)

    assert answered.status_code == 409
    assert "Somebody else saved this entry" in page_of(answered)
    assert "Suzhou" in page_of(answered)
    row.refresh_from_db()
    assert row.place == "Wuxi"
    again = answered.context["form"]["version"].value()
    assert owner.post(url(made, "IRO-001/"), FIELDS | {"version": again}).status_code == 302
    row.refresh_from_db()
    assert row.place == "Suzhou"


def test_a_form_that_arrives_cut_short_saves_nothing(made, owner):
    row = add(made, place="Wuxi")
    cut = {name: value for name, value in FIELDS.items() if name != "place"}

    answered = owner.post(url(made, "IRO-001/"), cut | {"version": row.version})

    assert answered.status_code == 409
    row.refresh_from_db()
    assert row.place == "Wuxi"


def test_an_entry_is_closed_with_a_reason_and_opened_again(made, owner):
    row = add(made)
    path = url(made, "IRO-001/close/")

    refused = owner.post(path + "?lang=en", {"version": row.version, "why:en": "Sold"})
    assert "is empty" in page_of(refused)
    owner.post(path, {"version": row.version, "why:en": "Sold", "why:zh-hans": "已出售"})

    assert "Sold" in text(owner, url(made, "IRO-001/"))
    assert "No entry is like that" in text(owner, url(made))
    assert "IRO-001" in text(owner, url(made), state="closed")
    row.refresh_from_db()
    owner.post(path, {"version": row.version})
    row.refresh_from_db()
    assert not row.is_closed


def test_a_viewer_reads_and_is_shown_no_button(made):
    add(made)
    viewer = signed_in("viewer")

    for path in ("", "IRO-001/", "add/", "import/", "last-round/"):
        page = text(viewer, url(made, path))
        assert "Save</button>" not in page
        assert "Add to the register" not in page
        assert "Read the file" not in page


def test_a_locked_round_shows_its_register_and_refuses_a_change_with_a_sentence():
    assessment = sealed_round()
    make_user("owner", assessment.organisation)
    owner, row = signed_in("owner"), add(assessment)
    snapshots.lock(assessment=assessment, by=None)

    answered = owner.post(
        url(assessment, "IRO-001/") + "?lang=en", FIELDS | {"version": row.version}
    )

    assert "This round is locked" in page_of(answered)
    assert DUST["en"] in text(owner, url(assessment))
    row.refresh_from_db()
    assert row.place == ""


# ---- looking through many ----


@pytest.fixture
def many(made):
    """Four hundred entries under the four topics."""
    topics = list(made.topics.all())
    Iro.objects.bulk_create(
        Iro(
            assessment=made,
            topic=topics[at % 4],
            code=f"IRO-{at + 1:03d}",
            kind=("negative", "positive", "risk", "opportunity")[at // 4 % 4],
            title=both(f"条目{at}的标题", f"Title of entry {at}"),
            description=both("描述" * 40, "A description of some length. " * 8),
            stage=("own", "upstream", "downstream")[at % 3],
            horizon=("short", "medium", "long")[at % 3],
        )
        for at in range(400)
    )
    return made


def test_four_hundred_entries_open_quickly_with_as_many_queries_as_one(
    many, owner, django_assert_num_queries
):
    text(owner, url(many))
    with django_assert_num_queries(9):
        page = text(owner, url(many))

    assert page.count('class="nm"') == 400
    assert cpu_seconds_of(lambda: text(owner, url(many))) < 0.5


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"topic": "privacy"}, 100),
        ({"kind": "risk"}, 100),
        ({"stage": "own"}, 134),
        ({"horizon": "long"}, 133),
        ({"topic": "privacy", "kind": "risk"}, 25),
        ({"q": "title 399"}, 2),
        ({"q": "条目399"}, 1),
        ({"q": "IRO-400"}, 1),
        ({"kind": "nonsense"}, 400),
        ({"state": "all"}, 400),
        ({"state": "closed"}, 0),
        ({"q": "nowhere"}, 0),
    ],
)
def test_search_and_filters_find_what_they_say(many, owner, query, number):
    assert text(owner, url(many), **query).count('class="nm"') == number


def test_topics_without_an_entry_are_named(made, owner):
    add(made)

    page = text(owner, url(made))

    _list, _heading, rest = page.partition("Topics without an entry")
    assert "Energy" in rest
    assert "Safety" not in rest


# ---- tables ----


def sheet_of(rows, name="register.xlsx") -> SimpleUploadedFile:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return SimpleUploadedFile(name, target.getvalue())


def read(client, path):
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(path).content))
    return book.get_sheet_by_index(0).to_python()


def take(client, assessment, answered):
    """Confirm what a preview shows, as its button does."""
    carried = answered.context["carried"]
    sent = {"carried": carried, "reading": "", "take": "1"}
    return client.post(url(assessment, "import/") + "?lang=en", sent)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_export_comes_back_unchanged_in_each_language(made, owner, language):
    add(
        made,
        is_actual=True,
        human_rights=True,
        involvement="linked",
        stage="upstream",
        place="苏州 Suzhou",
        description=both("描述", "Described"),
        is_net=True,
        mitigation=both("除尘", "Filters"),
        evidence="Audit 7",
    )
    add(made, topic="energy", kind="opportunity", title=both("节能", "Saving"), horizon="long")
    path = url(made, f"{language}.xlsx")
    content = owner.get(path).content

    answered = owner.post(
        url(made, "import/"), {"file": SimpleUploadedFile("register.xlsx", content)}
    )

    plan = answered.context["plan"]
    assert (plan.rows, plan.faults, plan.unchanged) == ([], [], 2)
    heading, *rows = read(owner, path)
    assert (
        heading[:3]
        == {"en": ["Code", "Topic", "Kind"], "zh-hans": ["编号", "议题", "类型"]}[language]
    )
    assert [row[0] for row in rows] == ["IRO-002", "IRO-001"]
    assert made.events.filter(verb="import_iros").count() == 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_register_goes_into_another_round_as_it_is(made, owner, language):
    add(made, is_actual=True, description=both("描述", "Described"), place="Suzhou")
    add(made, topic="energy", kind="risk", title=both("电价", "Power prices"), stage="upstream")
    heading, *rows = read(owner, url(made, f"{language}.xlsx"))
    other = make_round(year="2031")

    without_codes = sheet_of([heading, *(["", *row[1:]] for row in rows)])
    answered = owner.post(url(other, "import/"), {"file": without_codes})
    assert not other.iros.exists()
    assert take(owner, other, answered).status_code == 302

    facts = ("topic__code", "kind", "title", "description", "stage", "place", "is_actual")
    assert list(other.iros.values_list(*facts)) == list(made.iros.values_list(*facts))


def test_a_preview_says_what_each_bad_row_lacks_and_the_good_ones_are_taken(made, owner):
    there = add(made)
    file = sheet_of(
        [
            ["Code", "Topic", "Kind", "Actual", "Title (English)", "标题", "Net", "Colour"],
            ["", "Energy", "Risk", "", "Power prices", "电价", "", "red"],
            ["", "Nothing", "Risk", "", "No topic", "没有议题", "", ""],
            ["", "Energy", "Issue", "", "No kind", "没有类型", "", ""],
            ["", "Energy", "Risk", "Actual", "Not yet", "尚未", "", ""],
            ["IRO-099", "", "", "", "Who", "谁", "", ""],
            ["", "Energy", "Opportunity", "", "Only English", "", "", ""],
            [there.code, "", "", "", "Dust and noise", "", "", ""],
            [there.code, "", "", "", "Again", "", "", ""],
            ["", "", "", "", "", "", "", ""],
        ]
    )

    answered = owner.post(url(made, "import/") + "?lang=en", {"file": file})

    page = page_of(answered)
    plan = answered.context["plan"]
    assert (plan.added, plan.changed) == (1, 1)
    assert [fault.row for fault in plan.faults] == [3, 4, 5, 6, 7, 9]
    for words in (
        "“Nothing” is no topic of the short list", "“Issue” is none of:",
        "Only an impact can be actual", "“IRO-099” is the code of no entry",
        "Write the title in: 中文", "Another row is of the entry IRO-001 too",
        "Columns that are not read: Net, Colour.",
    ):  # fmt: skip
        assert words in page
    assert made.iros.count() == 1

    done = take(owner, made, answered)

    assert "Only an impact can be actual" in page_of(done)
    assert set(made.iros.values_list("code", flat=True)) == {"IRO-001", "IRO-002"}
    there.refresh_from_db()
    assert there.title == {"zh-hans": DUST["zh-hans"], "en": "Dust and noise"}
    event = made.events.get(verb="import_iros")
    assert event.by.username == "owner"


def test_a_corrected_file_taken_in_again_adds_nothing_twice(made, owner):
    rows = [
        ["Topic", "Kind", "Title (English)", "Title (Chinese)"],
        ["Energy", "Risk", "Power prices", "电价"],
        ["Energy", "Issue", "Sun", "太阳"],
    ]
    take(owner, made, owner.post(url(made, "import/"), {"file": sheet_of(rows)}))
    rows[2][1] = "机遇"

    answered = owner.post(url(made, "import/"), {"file": sheet_of(rows)})

    assert answered.context["plan"].unchanged == 1
    take(owner, made, answered)
    assert sorted(made.iros.values_list("kind", flat=True)) == ["opportunity", "risk"]


def taken_back(owner, assessment, change=lambda rows: rows):
    """What the page says that the exported register, or a change of it, would do."""
    rows = change(read(owner, url(assessment, "en.xlsx")))
    return owner.post(url(assessment, "import/") + "?lang=en", {"file": sheet_of(rows)})


def test_an_export_with_a_file_as_evidence_comes_back_unchanged(made, owner):
    file = actions.attach(assessment=made, name="audit.pdf", content=b"x", by=None)
    add(made, evidence_file=file, mitigation=both("除尘", "Filters"), is_net=True)

    plan = taken_back(owner, made).context["plan"]
    assert (plan.rows, plan.faults, plan.unchanged) == ([], [], 1)

    def other(rows):
        return [[cell.replace("audit.pdf", "Audit 7, page 3") for cell in row] for row in rows]

    plan = taken_back(owner, made, other).context["plan"]  # the control: it names something else
    assert [row.fields["evidence"] for row in plan.rows] == ["Audit 7, page 3"]


def test_entries_of_a_topic_that_was_screened_out_come_back_unchanged(made, owner):
    add(made, topic="energy")
    reason = both("已覆盖", "Covered")
    actions.screen_out(assessment=made, topic="energy", kind="covered", reason=reason, by=None)

    plan = taken_back(owner, made).context["plan"]
    assert (plan.rows, plan.faults, plan.unchanged) == ([], [], 1)

    answered = taken_back(owner, made, lambda rows: [[*rows[0]], ["", *rows[1][1:]]])
    assert "no topic of the short list" in page_of(answered)  # the control: a new entry


def test_entries_of_two_topics_of_one_name_stay_and_none_moves_unsaid(made, owner):
    made.topics.filter(code="privacy").update(name=made.topics.get(code="energy").name)
    add(made, topic="energy")
    add(made, topic="privacy", kind="risk")

    plan = taken_back(owner, made).context["plan"]
    assert (plan.rows, plan.faults, plan.unchanged) == ([], [], 2)

    new = ["", "Energy", "Opportunity", "", "节能", "Saving"]
    answered = taken_back(owner, made, lambda rows: [rows[0][:6], new])
    assert "names several topics. Write the code of one: energy, privacy" in page_of(answered)

    def to(code):
        return lambda rows: [rows[0], *([row[0], code, *row[2:]] for row in rows[1:])]

    for code, moved in (("energy", "IRO-002"), ("privacy", "IRO-001")):
        plan = taken_back(owner, made, to(code)).context["plan"]
        assert [(row.code, row.topic) for row in plan.rows] == [(moved, code)]


POWER = [
    ["Topic", "Kind", "Title (English)", "Title (Chinese)"],
    ["Energy", "Risk", "Power prices", "电价"],
]


def test_a_second_click_finds_what_the_first_took_in_while_it_waited(made, owner, monkeypatch):
    """The round is held before the file is read against it, so nothing is added twice."""
    hold = register_sheets.hold_open

    def held_after_the_first_click(assessment):
        row = {"kind": "risk", "title": both("电价", "Power prices")}
        actions.take_in_iros(assessment=assessment, rows=[IroRow("", "energy", row)], by=None)
        return hold(assessment)

    shown = owner.post(url(made, "import/"), {"file": sheet_of(POWER)})
    assert shown.context["plan"].added == 1
    monkeypatch.setattr(register_sheets, "hold_open", held_after_the_first_click)

    assert take(owner, made, shown).status_code == 302

    assert made.iros.count() == 1


def test_one_table_names_an_entry_once(made, owner):
    rows = [*POWER, ["energy", "风险", "Power prices!", "别的"], ["Safety", *POWER[1][1:]]]

    answered = owner.post(url(made, "import/") + "?lang=en", {"file": sheet_of(rows)})

    assert "Another row has the same topic, kind and title" in page_of(answered)
    assert [fault.row for fault in answered.context["plan"].faults] == [3]
    assert answered.context["plan"].added == 2


def test_a_table_of_more_rows_than_a_register_has_is_refused(made, owner, monkeypatch):
    monkeypatch.setattr(register_sheets, "MOST_ROWS", 2)
    rows = [*POWER, *(["Safety", "Risk", f"Entry {at}", f"条目{at}"] for at in range(2))]

    refused = owner.post(url(made, "import/") + "?lang=en", {"file": sheet_of(rows)})
    assert "The table has 3 rows; at most 2" in page_of(refused)

    taken = owner.post(url(made, "import/") + "?lang=en", {"file": sheet_of(rows[:3])})
    assert taken.context["plan"].added == 2


def test_a_large_table_is_numbered_without_a_look_at_the_codes_for_each_row(
    made, django_assert_max_num_queries
):
    rows = [
        IroRow("", "energy", {"kind": "risk", "title": both(f"条目{at}", f"Entry {at}")})
        for at in range(40)
    ]
    with django_assert_max_num_queries(40 * 3 + 12):
        taken = actions.take_in_iros(assessment=made, rows=rows, by=None)

    assert (taken.added[0], taken.added[-1]) == ("IRO-001", "IRO-040")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (sheet_of([["Colour"], ["red"]]), "No column is headed"),
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04 no workbook"), 'role="alert"'),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.7"), 'role="alert"'),
        (SimpleUploadedFile("a.csv", b"x" * ((1 << 20) + 1)), "larger than 1 MB"),
        (None, "Choose a file"),
    ],
    ids=["no heading", "broken", "no table", "large", "none"],
)
def test_a_file_that_is_no_register_says_so(made, owner, file, words):
    sent = {"file": file} if file else {}

    assert words in page_of(owner.post(url(made, "import/") + "?lang=en", sent))
    assert not made.iros.exists()


def test_only_a_language_of_the_round_is_exported(made, owner):
    assert owner.get(url(made, "fr.xlsx")).status_code == 404
    assert owner.get(url(made, "IRO-404/")).status_code == 404


# ---- the next round ----


@pytest.fixture
def this(made, owner):
    add(made)
    add(made, topic="energy", kind="risk", title=both("电价", "Power prices"))
    add(made, topic="ethics", kind="risk", title=both("贿赂", "Bribes"))
    assessment = make_round(year="2021", previous=Assessment.objects.get(pk=made.pk))
    actions.remove_topic(assessment=assessment, topic="ethics", by=None)
    return assessment


def test_last_rounds_register_is_taken_over_split_and_closed_by_pages(this, owner):
    assert "Nothing is said yet of 3 entries" in text(owner, url(this))
    path = url(this, "last-round/")
    page = text(owner, path)
    assert "2 entries can be taken over" in page
    assert "The topic of 1 entry does not go on" in page

    owner.post(path, {"carry": "1"})
    start = owner.get(url(this, "add/"), {"from": "IRO-001"}).context["form"]
    sent = filled(start)
    assert (sent["before"], sent["topic"], sent["title:en"]) == ("IRO-001", "safety", DUST["en"])
    owner.post(url(this, "add/"), sent | {"title:en": "Noise", "version": this.version})
    owner.post(
        path,
        {"version": this.version, "codes": ["IRO-003"], "why:zh-hans": "不再", "why:en": "Gone"},
    )

    page = text(owner, path)
    assert "Split" in page
    assert "Closed: Gone" in page
    assert "Nothing is said yet" not in text(owner, url(this))
    assert "Comes from IRO-001 of 2020" in text(owner, url(this, "IRO-004/"))
    assert "Goes on in the next round as IRO-001" in text(owner, url(this.previous, "IRO-001/"))

    owner.post(path, {"resume": "IRO-003"})
    assert "Nothing is said yet of 1 entry" in text(owner, url(this))


def test_closing_last_rounds_entries_without_a_choice_or_reason_is_refused(this, owner):
    sent = {"version": this.version, "codes": [], "why:zh-hans": "不再", "why:en": "Gone"}
    answered = owner.post(url(this, "last-round/") + "?lang=en", sent)
    assert "Choose the entries that do not go on" in page_of(answered)

    sent = {"version": this.version, "codes": ["IRO-001"], "why:zh-hans": "不再", "why:en": ""}
    answered = owner.post(url(this, "last-round/") + "?lang=en", sent)
    assert "is empty" in page_of(answered)
    assert 'value="IRO-001" checked' in page_of(answered)
    assert not this.iro_lines.exists()


def test_an_entry_that_is_ticked_twice_is_closed_once(this, owner):
    sent = {"version": this.version, "codes": ["IRO-001"] * 2, "why:zh-hans": "不再"}

    answered = owner.post(url(this, "last-round/"), sent | {"why:en": "Gone"})

    assert answered.status_code == 302
    assert [line.before.code for line in this.iro_lines.all()] == ["IRO-001"]


def test_an_entry_is_edited_though_last_rounds_was_closed_afterwards(this, owner):
    """By its form and by a table: the line to last round is there already, and stays."""
    actions.carry_iros(assessment=this, by=None)
    old = this.previous.iros.get(code="IRO-001")
    actions.close_iro(iro=old, reason=both("已出售", "Sold"), by=None)
    form = owner.get(url(this, "IRO-001/")).context["form"]
    sent = filled(form)
    assert sent["before"] == "IRO-001"

    assert owner.post(url(this, "IRO-001/"), sent | {"place": "Wuxi"}).status_code == 302

    row = this.iros.get(code="IRO-001")
    assert (row.place, origins(row)) == ("Wuxi", ["IRO-001"])
    plan = taken_back(owner, this).context["plan"]
    assert (plan.faults, plan.unchanged) == ([], this.iros.count())
    sent |= {"version": row.version, "before": "IRO-001; IRO-002"}
    owner.post(url(this, "IRO-001/"), sent)
    assert origins(row) == ["IRO-001", "IRO-002"]

    other = FIELDS | {"version": this.version, "before": "IRO-001"}  # the control: a new line
    assert owner.post(url(this, "add/"), other).status_code == 409
    assert this.iros.count() == 2


def test_a_code_that_last_round_does_not_have_is_told_at_its_field(this, owner):
    sent = FIELDS | {"version": this.version, "before": "IRO-077"}

    page = page_of(owner.post(url(this, "add/") + "?lang=en", sent))

    assert "no open entry IRO-077" in page
    assert not this.iros.exists()


def test_a_round_without_a_last_one_says_so(made, owner):
    assert "This round succeeds no other" in text(owner, url(made, "last-round/"))


def test_what_a_file_would_do_is_said_in_the_readers_language(made):
    owner = signed_in("owner")
    rows = [
        ["Topic", "Kind", "标题", "Title (English)"],
        ["Energy", "Risk", "电价", "Power prices"],
    ]

    in_english = page_of(owner.post(url_of_import(made, "en"), {"file": sheet_of(rows)}))
    in_chinese = page_of(owner.post(url_of_import(made, "zh-hans"), {"file": sheet_of(rows)}))

    assert ["Power prices" in in_english, "电价" in in_english] == [True, False]
    assert ["Power prices" in in_chinese, "电价" in in_chinese] == [False, True]


@pytest.mark.parametrize(("why", "is_said"), [("", False), ("Sold", True)])
def test_the_column_of_closing_is_named_as_not_read_where_it_says_something(made, why, is_said):
    head = ["Topic", "Kind", "标题", "Title (English)", "Closed because · English"]
    file = sheet_of([head, ["Energy", "Risk", "电价", "Power prices", why]])

    page = page_of(signed_in("owner").post(url_of_import(made, "en"), {"file": file}))

    assert ("Columns that are not read: Closed because · English." in page) is is_said


def url_of_import(assessment, language) -> str:
    return f"/a/{assessment.pk}/register/import/?lang={language}"
