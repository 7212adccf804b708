"""The register in every file: the same values, reasons and pictures, and nothing without one."""

import base64
import copy
import csv
import hashlib
import io
import json
import re
import zipfile

import pytest
from docx import Document
from pptx import Presentation
from python_calamine import CalamineWorkbook

from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings
from materiality.report.figure.register.results import entries_of as result_entries
from materiality.report.files import package
from materiality.report.sentences import register as said
from materiality.report.tables import register, shown
from materiality.report.words import LANGUAGES, WORDS
from materiality.results import Results
from tests.report.rounds import double_round, register_round, results_of

OWN = {
    *(f"{stem}.{ending}" for stem in ("heat", "chain") for ending in ("svg", "pdf", "png")),
    "register.html", "iros.csv", "iros.json",
}  # fmt: skip


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request):
    """The files of the round with a register, in one language."""
    edition = Edition(register_round(), request.param)
    return edition, package.files(edition, package.NAMES)


def word(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in document.paragraphs), *cells]


def sheets(content):
    book = CalamineWorkbook.from_object(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def slide_texts(content):
    texts = []
    for slide in Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            if shape.has_table:
                texts += [cell.text for row in shape.table.rows for cell in row.cells]
    return texts


def test_a_round_with_a_register_has_its_files_and_another_has_none(made):
    edition, files = made

    assert set(files) >= OWN
    assert not OWN & set(package.names_of(double_round()))
    with pytest.raises(KeyError):
        package.file(Edition(double_round(), edition.language), "iros.csv")


def test_the_table_of_entries_is_the_same_in_every_file(made):
    edition, files = made
    table = register.entries(edition)
    rows = [
        [shown(value, column.form) for value, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    document = Document(io.BytesIO(files["section.docx"]))
    printed = [
        [[cell.text for cell in row.cells] for row in grid.rows[1:]] for grid in document.tables
    ]

    assert len(rows) == 6
    assert rows in printed
    page = files["register.html"].decode()
    for row in rows:
        assert row[1] in page
        assert row[1] in files["section.tex"].decode()
        assert row[1] in files["section.md"].decode()
    whole = sheets(files["tables.xlsx"])[edition.say("sheet_iros")]
    assert {line[0] for line in whole[2:]} == {row[0] for row in rows}


def test_the_values_of_csv_and_json_are_those_of_the_results(made):
    edition, files = made
    lines = list(csv.DictReader(io.StringIO(files["iros.csv"].decode("utf-8-sig"))))
    told = {row["code"]: row for row in json.loads(files["iros.json"])["entries"]}

    for entry in edition.results.register.entries:
        row = next(line for line in lines if line["code"] == entry.code)
        assert row["value"] == ("" if entry.value is None else str(entry.value))
        assert told[entry.code]["value"] == entry.value
        assert told[entry.code]["material"] == entry.is_material
    one = told["IRO-003"]
    assert (one["severity_or_magnitude"], one["likelihood"], one["value"]) == (3.0, None, 3.0)
    assert told["IRO-002"]["likelihood"] == 4


def test_no_expert_is_named_in_the_open_data(made):
    _edition, files = made

    for name in ("iros.csv", "iros.json"):
        assert "Erin" not in files[name].decode()
        assert "As seen" not in files[name].decode()


def test_every_column_of_the_csv_is_explained(made):
    edition, files = made
    header = files["iros.csv"].decode("utf-8-sig").splitlines()[0].split(",")
    rows = list(csv.reader(io.StringIO(files["dictionary.csv"].decode("utf-8-sig"))))

    assert [row[1] for row in rows if row[0] == "iros.csv"] == header
    assert all(row[2] for row in rows)
    value = next(row[2] for row in rows if row[:2] == ["iros.csv", "value"])
    assert value == WORDS[edition.language]["dictionary_iro_value"]


def test_the_page_may_load_and_run_nothing_but_its_own_style(made):
    page = made[1]["register.html"].decode()
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'" in page
    assert "style=" not in page


def test_what_is_material_stands_with_its_reasons(made):
    edition, files = made
    rows = {row[0]: row for row in register.material(edition).rows}

    assert list(rows) == ["IRO-001", "IRO-002", "IRO-004", "IRO-003"]
    why = rows["IRO-001"][-1]
    assert "4.50" in why
    assert "3.00" in why
    assert why.count("As seen on IRO-001") == 1
    assert edition.say("iro_human_rights_rule") in rows["IRO-003"][-1]
    assert "=The fund" in rows["IRO-004"][-1]
    assert "As seen" not in rows["IRO-004"][-1]
    assert why in word(files["section.docx"])
    assert any(why in text for text in slide_texts(files["slides.pptx"]))
    cells = [cell for row in sheets(files["tables.xlsx"])[edition.say("sheet_material_iros")]
             for cell in row]  # fmt: skip
    assert why in cells


def test_english_says_what_carries_a_value_and_when_thresholds_were_set():
    edition = Edition(register_round(), "en")
    why = {row[0]: row[-1] for row in register.material(edition).rows}

    assert why["IRO-001"] == (
        "4.50 by scale, scope; material from 3.00 (median of the experts); "
        "Reasons: As seen on IRO-001"
    )
    assert why["IRO-002"].startswith("4.00 by its effect in the long term; material from 3.00")
    assert [row[-1] for row in register.thresholds(edition).rows] == [
        "before any score of the kind was known",
        "when 2 scores of the kind were known",
        "when 1 score of the kind was known",
    ]


def scaled_round(words=("无", "小", "中", "大", "极大")):
    """The round with a register whose numbers have words and, in the long term, money bands."""
    inputs = copy.deepcopy(register_round().inputs)
    inputs["register"]["scales"] = [
        {"criterion": "magnitude", "horizon": "long", "currency": "CNY", "scores_before": 2,
         "limits": [1e6, 5e6, 2e7, 1.5e8]},
        {"criterion": "scope", "scores_before": 0,
         "words": [{"zh-hans": word, "en": f"{at} of five"} for at, word in enumerate(words, 1)]},
    ]  # fmt: skip
    return results_of(inputs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_and_money_bands_stand_once_in_the_method_note_and_in_the_workbook(language):
    edition = Edition(scaled_round(), language)
    files = package.files(edition, ["method.docx", "tables.xlsx"])
    rows = register.scales(edition).rows
    note, book = word(files["method.docx"]), sheets(files["tables.xlsx"])

    assert len(rows) == 10
    printed = [cell for row in book[edition.say("sheet_iro_scales")] for cell in row]
    for text in {row[2] or row[3] for row in rows}:
        assert note.count(text) == 1
        assert text in printed
    plain_note = package.files(Edition(register_round(), language), ["method.docx"])
    assert edition.say("sheet_iro_scales") in note
    assert edition.say("sheet_iro_scales") not in word(plain_note["method.docx"])


def test_english_says_what_a_number_means_in_words_and_in_money():
    rows = register.scales(Edition(scaled_round(), "en")).rows

    before, after = "before any score by it was known", "when 2 scores by it were known"
    assert rows[0] == ["Scope", 1, "1 of five", "", before]
    assert rows[5] == ["Magnitude, Long term", 1, "", "under 1,000,000 CNY", after]
    assert rows[6][3] == "1,000,000 to under 5,000,000 CNY"
    assert rows[9][3] == "150,000,000 CNY and more"


def test_verdicts_say_what_is_disputed_open_and_not_scored():
    rows = {row[0]: row[-1] for row in register.entries(Edition(register_round(), "en")).rows}

    assert rows == {
        "IRO-001": "material",
        "IRO-002": "material",
        "IRO-003": "material, disputed",
        "IRO-004": "material",
        "IRO-005": "no threshold",
        "IRO-006": "not scored",
    }


@pytest.mark.parametrize(
    ("language", "verdict", "fact"),
    [
        ("en", "material, disputed before the consensus", "On 1 they disagreed before they agreed"),
        ("zh-hans", "重要、达成共识前有分歧", "其中 1 个起初意见不一，后已达成共识"),
    ],
)
def test_what_was_disputed_and_is_agreed_on_is_said_to_be_settled(language, verdict, fact):
    inputs = copy.deepcopy(register_round().inputs)
    agreed = {"scale": 4, "scope": 1, "likelihood": 1, "reason": "The second audit counts"}
    inputs["register"]["entries"][2]["consensus"] = agreed
    edition = Edition(results_of(inputs), language)

    rows = {row[0]: row[-1] for row in register.entries(edition).rows}
    sentences = said.sentences(edition)

    assert rows["IRO-003"] == verdict
    assert any(one.startswith(fact) for one in sentences)
    assert not any("disagree whether" in one or "是否重要专家意见不一" in one for one in sentences)
    [place] = [one for one in result_entries(edition) if one.code == "IRO-003"]
    assert not place.is_disputed


def test_a_verdict_has_its_probability_and_the_note_says_what_that_is():
    edition = Edition(sure_round(), "en")
    rows = {row[0]: row[-1] for row in register.entries(edition).rows}

    assert rows["IRO-003"] == "material, disputed, probability 87%"
    assert any(one.startswith("The probability of being") for one in said.sentences(edition))
    # The control: where none is given, nothing is said of it.
    plain = said.sentences(Edition(register_round(), "en"))
    assert not any(one.startswith("The probability of being") for one in plain)


def sure_round():
    """Return the round, with a probability for one of its entries and for its topic."""
    document = copy.deepcopy(register_round().document)
    register_ = document["results"]["register"]
    register_["entries"][2]["probability"] = 0.87
    register_["topics"][1]["probability"] = 0.93
    return Results(document)


def older_round():
    """Return the round as documents were before probabilities were worked out."""
    document = copy.deepcopy(register_round().document)
    register_ = document["results"]["register"]
    for row in (*register_["entries"], *register_["topics"]):
        del row["probability"]
    return Results(document)


WHY_NONE = {
    "IRO-001": "few", "IRO-002": "few", "IRO-003": "", "IRO-004": "consensus",
    "IRO-005": "threshold", "IRO-006": "few",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_probability_or_why_there_is_none_is_in_open_data_and_workbook(language):
    edition = Edition(sure_round(), language)
    files = package.files(edition, ["iros.csv", "iros.json", "tables.xlsx"])
    lines = csv.DictReader(io.StringIO(files["iros.csv"].decode("utf-8-sig")))
    open_data = json.loads(files["iros.json"])
    book = sheets(files["tables.xlsx"])
    _stamp, heading, *cells = book[edition.say("sheet_iros")]
    at = heading.index(edition.say("iro_probability_of_entry"))
    in_book = {row[0]: row[at : at + 2] for row in cells}

    in_lines = {row["code"]: (row["probability"], row["probability_missing"]) for row in lines}
    in_json = {
        row["code"]: (row["probability"], row["probability_missing"])
        for row in open_data["entries"]
    }
    for code, why in WHY_NONE.items():
        word = edition.say(f"iro_no_probability_{why}") if why else ""
        value = None if why else 0.87
        assert in_lines[code] == ("" if why else "0.87", why)
        assert in_json[code] == (value, why)
        assert in_book[code] == ["" if why else 0.87, word]
    topics = [(row["probability"], row["probability_missing"]) for row in open_data["topics"]]
    assert topics == [(None, "entries"), (0.93, "")]
    _stamp, heading, *cells = book[edition.say("sheet_iro_topics")]
    assert heading[-2:] == [
        edition.say("iro_probability_of_topic"), edition.say("iro_probability_missing"),
    ]  # fmt: skip
    assert [row[-2:] for row in cells] == [
        ["", edition.say("iro_no_probability_entries")], [0.93, ""],
    ]  # fmt: skip


def test_an_older_document_says_that_it_holds_no_probability():
    rows = json.loads(package.file(Edition(older_round(), "en"), "iros.json"))

    every = [*rows["entries"], *rows["topics"]]
    assert {(row["probability"], row["probability_missing"]) for row in every} == {(None, "older")}


def test_slides_document_and_page_name_the_probability_of_what_is_material():
    edition = Edition(sure_round(), "en")
    files = package.files(edition, ["slides.pptx", "section.docx", "register.html"])

    assert any("; probability 87%; " in text for text in slide_texts(files["slides.pptx"]))
    assert any("; probability 87%; " in text for text in word(files["section.docx"]))
    page = files["register.html"].decode()
    assert "; probability 87%; " in page
    assert "probability 93%" in page


def test_a_topic_is_told_by_its_worst_entries():
    rows = register.topics(Edition(register_round(), "en")).rows

    assert rows[0][1:] == ["IRO-001 Entry 1: 4.50", "IRO-002 Entry 2: 4.00", "impact and finances"]


def test_the_sentences_tell_who_judged_and_what_came_of_it():
    sentences = said.sentences(Edition(register_round(), "en"))

    assert sentences[0] == (
        "The register holds 6 entries under 2 topics: Negative impacts 2, Positive impacts 1, "
        "Risks 2, Opportunities 1"
    )
    assert any("王芳, Erin" in sentence for sentence in sentences)
    assert sentences[-3:] == [
        "4 of 5 scored entries are material",
        "On 1 the experts disagree whether they are: IRO-003",
        "1 are not scored: IRO-006",
    ]
    assert not said.sentences(Edition(double_round(), "en"))


def test_the_pictures_are_in_document_slides_workbook_and_page_with_their_words(made):
    edition, files = made
    heat = edition.wording("heat_title")
    document = Document(io.BytesIO(files["section.docx"]))
    told = [shape._inline.docPr.get("title") for shape in document.inline_shapes]
    assert heat in told
    assert edition.wording("chain_title") in told

    described = [
        shape._element.nvPicPr.cNvPr.get("descr")
        for slide in Presentation(io.BytesIO(files["slides.pptx"])).slides
        for shape in slide.shapes
        if shape.shape_type == 13
    ]
    assert len([text for text in described if text]) == 3

    book = zipfile.ZipFile(io.BytesIO(files["tables.xlsx"]))
    drawings = "".join(
        book.read(name).decode() for name in book.namelist() if "drawings/drawing" in name
    )
    assert len(re.findall("<xdr:pic>", drawings)) == 2

    page = files["register.html"].decode()
    assert page.count("<svg") == 2
    assert "<script" not in page
    assert "heat.svg" in files["section.md"].decode()
    assert "chain.pdf" in files["section.tex"].decode()


def test_named_stages_of_the_context_are_in_the_printed_chain_and_in_the_table():
    inputs = copy.deepcopy(dict(register_round().inputs))
    inputs["context"] = {"chain": [
        {"code": "s1", "side": "upstream", "name": {"zh-hans": "采矿", "en": "Mining"},
         "places": "Suzhou", "relation": {"zh-hans": "供应商", "en": "Suppliers"}},
    ]}  # fmt: skip
    inputs["register"]["entries"][0]["step"] = "s1"
    edition = Edition(results_of(inputs), "en")

    assert (
        "Upstream, Mining: Negative impacts: 1, 1 material." in Drawings(edition).chain.description
    )
    assert {row[0]: row[4] for row in register.entries(edition).rows}["IRO-001"] == "Mining, Suzhou"
    assert (
        "Upstream: Negative impacts" in Drawings(Edition(register_round(), "en")).chain.description
    )


@pytest.mark.parametrize(("language", "stage"), [("en", "Mining"), ("zh-hans", "采矿")])
def test_the_named_stage_is_in_the_open_data_and_the_workbook(language, stage):
    inputs = copy.deepcopy(dict(register_round().inputs))
    name = {"zh-hans": "采矿", "en": "Mining"}
    inputs["context"] = {"chain": [{"code": "s1", "side": "upstream", "name": name}]}
    inputs["register"]["entries"][0]["step"] = "s1"
    edition = Edition(results_of(inputs), language)

    text = package.file(edition, "iros.csv").decode("utf-8-sig")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(text))}
    told = {row["code"]: row for row in json.loads(package.file(edition, "iros.json"))["entries"]}
    details = register.details(edition)
    at = [column.heading for column in details.columns].index(edition.say("iro_step"))
    cells = {row[0]: row[at] for row in details.rows}

    for named in (rows["IRO-001"]["named_stage"], told["IRO-001"]["named_stage"], cells["IRO-001"]):
        assert named == stage
    assert (rows["IRO-002"]["named_stage"], cells["IRO-002"]) == ("", "")
    dictionary = package.file(edition, "dictionary.csv").decode("utf-8-sig")
    assert "iros.csv,named_stage," in dictionary


def test_the_method_note_tells_how_the_register_was_judged(made):
    edition, files = made
    told = word(files["method.docx"])
    plain = word(package.file(Edition(double_round(), edition.language), "method.docx"))

    assert edition.say("chapter_register") in told
    assert any("王芳" in text and "Erin" in text for text in told)
    assert edition.say("iro_threshold_why") in told
    assert edition.say("chapter_register") not in plain


def test_lines_say_what_was_split_is_new_ended_and_closed():
    rows = register.lines(Edition(register_round(), "en")).rows

    assert [row[2] for row in rows] == [
        "split", "split", "not carried on", "new", "new", "new", "new", "closed in this round",
    ]  # fmt: skip
    assert rows[-1] == ["", "IRO-007 Old", "closed in this round", "Sold"]


def test_scores_stand_by_name_with_the_consensus_last(made):
    edition, files = made
    rows = sheets(files["tables.xlsx"])[edition.say("sheet_iro_scores")]
    about_fourth = [row for row in rows if row[0] == "IRO-004"]

    assert [row[2] for row in about_fourth] == ["王芳", "Erin", edition.say("iro_consensus")]
    assert about_fourth[-1][3:7] == [4, 3, "", 5]
    assert about_fourth[-1][-1] == "=The fund"


def test_gross_stands_beside_net_and_links_are_named_on_both_ends(made):
    edition, files = made
    told = {row["code"]: row for row in json.loads(files["iros.json"])["entries"]}

    assert (told["IRO-003"]["net"], told["IRO-003"]["beside"]) == (True, 5.0)
    assert told["IRO-001"]["beside"] is None
    assert (told["IRO-001"]["linked_with"], told["IRO-002"]["linked_with"]) == (
        "IRO-002", "IRO-001",
    )  # fmt: skip
    rows = {row[0]: row for row in register.details(edition).rows}
    assert rows["IRO-001"][-1] == edition.say("iro_link_impact_to", code="IRO-002")
    assert rows["IRO-002"][-1] == edition.say("iro_link_impact_from", code="IRO-001")
    assert rows["IRO-003"][-3] == 5.0


def test_the_same_round_gives_the_same_bytes(made):
    edition, files = made
    again = package.files(edition, ["tables.xlsx", "slides.pptx", "section.docx", "report.pdf"])

    assert all(files[name] == content for name, content in again.items())
