"""Comments in the report: chosen of what was released, never of a few, the same after the lock."""

import io

import pytest
from docx import Document
from pypdf import PdfReader

from materiality.actions import redact_comments, set_quotes
from materiality.errors import RoundLocked
from materiality.inputs import printable_comments
from materiality.locking import snapshots
from materiality.models import Event
from materiality.report.files.make import make
from materiality.selectors.looks import look_of
from surveys.actions.redact import CommentReading, redact
from surveys.errors import RuleBroken
from surveys.models import Comment, Intake
from surveys.people.contacts import BLACK
from tests.builders import rewrite
from tests.markup import page_of
from tests.rounds import STEADY, answer, ask, close_and_seal
from tests.web.conftest import signed_in
from tests.web.report.exporting import AS_USUAL, at, packed, text

pytestmark = pytest.mark.django_db
SAID = {
    "employees": f"Less water & <b>energy</b> _now_, says {BLACK}",
    "customers": "请减少包装",
    "regulators": "Report in time",
    "panel": "Ask the suppliers",
}
WITHHELD, UNREAD = "I am the only one in Sales", "Nobody has read this yet"
FEW = STEADY | {"regulators": STEADY["regulators"][:3]}
OF_FEW = STEADY | {"panel": STEADY["panel"][:4]}


def round_with_comments(round_, ratings=STEADY):
    """Seal both surveys; somebody of each group wrote something, which was released as it is."""
    for survey in ask(round_):
        answer(survey, ratings)
        first = []
        for audience in survey.audiences.all():
            drafts = Intake.objects.filter(invitation__audience=audience).order_by("pk")
            texts = [SAID[audience.code]]
            texts += [WITHHELD, UNREAD] if audience.code == "employees" else []
            first += zip(drafts, texts, strict=False)
        for draft, text_ in first:
            rewrite(Intake.objects.filter(pk=draft.pk), comment=text_)
        close_and_seal(survey)
        rows = survey.comments.exclude(text=UNREAD)
        redact(survey, {row.pk: CommentReading("", released(row.text)) for row in rows})
    return round_


def released(written: str) -> str:
    return "" if written == WITHHELD else written


@pytest.fixture
def commented(round_):
    return round_with_comments(round_)


def tick(assessment, *texts: str) -> None:
    """Choose these on the page, as an editor does."""
    wanted = [str(row.pk) for row in Comment.objects.filter(text__in=texts)]
    answered = signed_in("editor").post(at(assessment, "quotes"), {"chosen": wanted})
    assert answered.status_code == 302, text(answered)


def printed(assessment) -> dict[str, str]:
    """The text of each file that quotes, in English, taken as people take it."""
    files = packed(signed_in("viewer"), assessment, parts=["report"], **AS_USUAL)
    pages = PdfReader(io.BytesIO(files.read("en/report.pdf"))).pages
    return section(assessment) | {"pdf": "\n".join(page.extract_text() for page in pages)}


def section(assessment) -> dict[str, str]:
    """The same of the section alone, which is made in a third of the time."""
    files = packed(signed_in("viewer"), assessment, parts=["section"], **AS_USUAL)
    word = Document(io.BytesIO(files.read("en/section.docx")))
    return {
        "docx": "\n".join(paragraph.text for paragraph in word.paragraphs),
        "md": files.read("en/section.md").decode(),
        "tex": files.read("en/section.tex").decode(),
    }


def test_nothing_is_quoted_unless_it_is_chosen(commented):
    for name, content in printed(commented).items():
        assert "In their words" not in content, name
        assert "suppliers" not in content, name


def test_what_is_ticked_is_quoted_in_every_file_with_its_group(commented):
    tick(commented, SAID["employees"], SAID["panel"])

    files = printed(commented)

    for name, content in files.items():
        flat = " ".join(content.split())
        assert "In their words" in flat, name
        assert "“Ask the suppliers” Panel" in flat.replace("> ", "").replace("— ", "").replace(
            "\\hfill {\\small ", ""
        ), name
        assert "2 of the 4 comments" in flat, name
        assert "could have named somebody" in flat, name
        assert "Employees" in flat, name
        assert SAID["customers"] not in flat, name
    assert f"“{SAID['employees']}”" in files["docx"]
    assert r"\<b\>energy\</b\> \_now\_" in files["md"]
    assert r"\textless{}b\textgreater{}energy" in files["tex"]
    assert r"\_now\_" in files["tex"]


def test_the_page_offers_and_previews_what_was_released_and_saves_nothing_by_that(commented):
    editor = signed_in("editor")
    page = text(editor.get(at(commented, "quotes") + "?lang=en"))
    assert [said in page for said in (WITHHELD, UNREAD, SAID["panel"])] == [False, False, True]
    assert "The report quotes no comment." in page

    chosen = [str(row.pk) for row in Comment.objects.filter(text=SAID["panel"])]
    tried = text(editor.post(at(commented, "try_quotes") + "?lang=en", {"chosen": chosen}))

    assert "“Ask the suppliers”" in tried.split('id="preview"')[1]
    assert look_of(commented).quotes == []

    tick(commented, SAID["panel"])
    event = Event.objects.filter(assessment=commented).last()
    assert (event.verb, event.before, event.after) == ("set_look", {"quotes": 0}, {"quotes": 1})
    assert "“Ask the suppliers”" in text(editor.get(at(commented) + "?lang=en"))


def test_what_was_not_released_or_is_of_a_few_is_neither_offered_nor_taken(round_):
    """Control for the guards: with enough answers all four groups are offered, see above."""
    few = round_with_comments(round_, FEW)
    anonymous = few.surveys.get(mode="anonymous")
    offered = {row.quote.text for row in printable_comments(few)}

    # Regulators are three; with the next group beside them nobody can tell who of both wrote.
    assert offered == {SAID["employees"], SAID["panel"]}
    for said in (WITHHELD, UNREAD, SAID["regulators"], SAID["customers"]):
        row = anonymous.comments.get(text=said)
        with pytest.raises(RuleBroken):
            set_quotes(assessment=few, by=None, chosen=[row.pk])
        refused = signed_in("editor").post(at(few, "quotes"), {"chosen": [str(row.pk)]})
        assert refused.status_code == 200
        assert "errlist" in page_of(refused) or 'role="alert"' in page_of(refused)
    assert look_of(few).quotes == []


def test_a_named_survey_of_a_few_is_not_quoted_either(round_):
    assert SAID["panel"] not in {
        row.quote.text for row in printable_comments(round_with_comments(round_, OF_FEW))
    }


def test_the_topic_is_told_only_where_enough_were_asked_about_it(commented):
    survey = commented.surveys.get(mode="anonymous")
    row = survey.comments.get(text=SAID["employees"])
    row.question = survey.questions.get(item="energy")
    row.save()
    told = {row.quote.text: bool(row.quote.topic) for row in printable_comments(commented)}
    assert told[SAID["employees"]] is True
    assert told[SAID["customers"]] is False  # it is about no topic

    tick(commented, SAID["employees"])
    assert "Employees, on Energy" in section(commented)["docx"]


def test_on_every_database_a_comment_on_no_topic_stands_before_those_on_one(commented):
    """SQLite and PostgreSQL put what is no question at different ends; digests cover the order."""
    survey = commented.surveys.get(mode="anonymous")
    one = survey.comments.get(text=SAID["employees"])
    other = survey.comments.get(text=SAID["customers"])
    other.audience, one.question = one.audience, survey.questions.get(item="energy")
    one.save()
    other.save()

    said = [row.quote.text for row in printable_comments(commented)]
    assert said.index(SAID["customers"]) + 1 == said.index(SAID["employees"])

    one.question, other.question = None, one.question  # the control: it is not their ids
    one.save()
    other.save()
    said = [row.quote.text for row in printable_comments(commented)]
    assert said.index(SAID["employees"]) + 1 == said.index(SAID["customers"])


def test_what_is_withheld_after_it_was_chosen_is_quoted_no_more(commented):
    tick(commented, SAID["employees"], SAID["panel"])
    before = section(commented)["md"]
    survey = commented.surveys.get(mode="anonymous")
    row = survey.comments.get(text=SAID["employees"])
    redact(survey, {row.pk: CommentReading(row.reading, "")})

    after = section(commented)["md"]

    assert ("Less water" in before, "Less water" in after) == (True, False)
    assert "1 of the 3 comments" in after


def test_after_the_lock_comments_stay_and_the_same_choice_gives_the_same_bytes(commented):
    snapshots.lock(assessment=commented, by=None)
    locked = type(commented).objects.get(pk=commented.pk)
    survey = locked.surveys.get(mode="anonymous")
    row = survey.comments.get(text=UNREAD)
    with pytest.raises(RoundLocked):
        redact_comments(
            assessment=locked, survey=survey, by=None, readings={row.pk: CommentReading("", UNREAD)}
        )
    tick(locked, SAID["panel"])
    first = taken(locked)
    tick(locked, SAID["customers"])
    other = taken(locked)
    tick(locked, SAID["panel"])
    locked.packages.all().delete()

    assert taken(locked) == first != other
    assert UNREAD.encode() not in first


def taken(assessment) -> bytes:
    files = packed(signed_in("viewer"), assessment, parts=["section"], **AS_USUAL)
    return b"".join(files.read(name) for name in sorted(files.namelist()))


def test_files_asked_for_before_another_choice_are_not_made_of_the_new_one(commented):
    tick(commented, SAID["panel"])
    viewer = signed_in("viewer")
    viewer.post(at(commented), {"prepare": "", "parts": ["section"], **AS_USUAL})
    tick(commented, SAID["customers"])
    package = commented.packages.get()

    make(package.pk)

    package.refresh_from_db()
    assert package.has_failed


def test_no_more_than_twenty_are_quoted(commented):
    survey = commented.surveys.get(mode="anonymous")
    like = survey.comments.get(text=SAID["employees"])
    more = [
        Comment(survey=survey, audience=like.audience, text=f"{at}", released=f"{at}")
        for at in range(21)
    ]
    Comment.objects.bulk_create(more)

    set_quotes(assessment=commented, by=None, chosen=[row.pk for row in more[:20]])
    with pytest.raises(RuleBroken, match="20"):
        set_quotes(assessment=commented, by=None, chosen=[row.pk for row in more])
