"""Export: the files are made once, behind the request; their look; the figure on other sites."""

import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import docx
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from materiality import snapshots
from materiality.actions import ask_for_package, look_of, publish_figure, set_look
from materiality.bundle import read
from materiality.models import Assessment, Event, Package, PublishedFigure
from materiality.report import package, packing
from materiality.tasks import make_package
from surveys.models import Role
from tests.rounds import make_round
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

AS_USUAL = {
    "size": "half", "language": "en", "palette": "colour", "labels": "names", "note": "on",
    "boundaries": "on",
}  # fmt: skip
DATA = AS_USUAL | {"parts": ["data"]}


def text(answered) -> str:
    return unescape(answered.content.decode())


def at(assessment, name="export", *more) -> str:
    return reverse(f"materiality:{name}", args=[assessment.pk, *more])


def prepared(client, assessment, **chosen):
    """Press the button, let a worker do it, and return the page that then shows the link."""
    client.post(at(assessment), chosen | {"prepare": ""})
    for row in Package.objects.free(timezone.now()):
        make_package.call(row.pk)
    return text(client.get(at(assessment), chosen | {"lang": "en"}))


def packed(client, assessment, **chosen) -> zipfile.ZipFile:
    page = prepared(client, assessment, **chosen)
    link = re.search(r'href="(/a/\d+/export/files/\w+/)"', page)[1]
    return zipfile.ZipFile(io.BytesIO(client.get(link).content))


# -- which files ---------------------------------------------------------------------------------


def test_only_the_chosen_parts_are_made_in_both_languages(locked, owner, monkeypatch):
    def refused(*_):
        raise AssertionError("not chosen")

    monkeypatch.setattr(package.slides, "slides", refused)

    names = packed(owner, locked, **DATA).namelist()

    files = ("scores.csv", "groups.csv", "dictionary.csv", "scores.json")
    assert names == [f"{code}/{name}" for code in ("zh-hans", "en") for name in files]


def test_who_may_edit_takes_the_bundle_that_was_locked(locked):
    editor = signed_in("editor")

    archive = packed(editor, locked, **AS_USUAL, parts=["bundle"])

    assert archive.namelist() == ["bundle.json"]
    assert read(archive.read("bundle.json")) == read(locked.snapshot.document)


@pytest.mark.parametrize("role", ["reviewer", "viewer"])
def test_nobody_else_is_offered_or_given_the_bundle(locked, role):
    person = signed_in(role)

    archive = packed(person, locked, **AS_USUAL, parts=["data", "bundle"])

    assert "bundle.json" not in archive.namelist()
    assert 'value="bundle"' not in text(person.get(at(locked)))


def test_a_bundle_that_somebody_had_made_is_not_handed_on(locked, owner):
    packed(owner, locked, **AS_USUAL, parts=["bundle"])
    made = Package.objects.get()

    assert owner.get(at(locked, "files", made.key)).status_code == 200
    assert signed_in("viewer").get(at(locked, "files", made.key)).status_code == 404


def test_files_are_named_after_company_year_and_version(locked, owner):
    prepared(owner, locked, **DATA)
    made = Package.objects.get()

    answered = owner.get(at(locked, "files", made.key), {"lang": "en"})

    assert answered.headers["Content-Disposition"].endswith('-2020-v1.zip"')


def test_a_round_that_corrects_another_is_the_next_version(locked):
    second = make_round(year="2020", organisation=locked.organisation, previous=locked)

    assert snapshots.printed(locked).version == 1
    assert Assessment.objects.filter(year="2020", pk__lt=second.pk).count() == 1


# -- made once, behind the request ---------------------------------------------------------------


def test_asking_for_files_only_notes_it_and_the_page_says_preparing(locked, owner):
    answered = owner.post(at(locked), DATA | {"prepare": ""})
    page = text(owner.get(answered.url, {"lang": "en"} | DATA))

    assert answered.status_code == 302
    assert Package.objects.get().state == "waiting"
    assert "Preparing…" in page
    assert 'name="prepare"' not in page


def test_after_a_reload_the_link_is_there(locked, owner):
    prepared(owner, locked, **DATA)

    for _ in range(2):
        assert "Download (ZIP" in text(owner.get(at(locked), DATA | {"lang": "en"}))


def test_nothing_changed_gives_the_same_file_without_making_it_again(locked, owner, monkeypatch):
    first = packed(owner, locked, **DATA)
    monkeypatch.setattr(package, "zip_archive", None)

    again = packed(owner, locked, **DATA)

    assert Package.objects.count() == 1
    assert again.fp.getvalue() == first.fp.getvalue()


@pytest.mark.parametrize("change", [{"size": "full"}, {"palette": "grey"}, {"parts": ["tables"]}])
def test_other_options_are_other_files(locked, owner, change):
    prepared(owner, locked, **DATA)

    page = text(owner.get(at(locked), DATA | change | {"lang": "en"}))

    assert "Prepare the files" in page
    assert "Download (ZIP" not in page


def test_the_language_of_the_preview_makes_no_other_file(locked, owner):
    prepared(owner, locked, **DATA)

    page = text(owner.get(at(locked), DATA | {"language": "zh-hans", "lang": "en"}))

    assert "Download (ZIP" in page


def test_what_was_made_of_a_draft_is_no_longer_offered_once_it_is_locked(assessment, owner):
    prepared(owner, assessment, **DATA)
    snapshots.lock(assessment=assessment, by=None)

    assert "Prepare the files" in text(owner.get(at(assessment), DATA | {"lang": "en"}))


def test_a_package_is_made_once_though_two_workers_are_called(locked, owner):
    owner.post(at(locked), DATA | {"prepare": ""})
    waiting = Package.objects.get()

    for _ in range(2):
        packing.make(waiting.pk)

    assert Package.objects.get().attempts == 1


def test_a_worker_that_died_is_followed_by_the_next_one(locked, owner):
    owner.post(at(locked), DATA | {"prepare": ""})
    past = timezone.now() - timedelta(seconds=1)
    Package.objects.update(state="making", lease_until=past, attempts=1)

    packing.make(Package.objects.get().pk)

    assert Package.objects.get().is_ready


def test_what_three_workers_died_of_has_failed(locked, owner):
    owner.post(at(locked), DATA | {"prepare": ""})
    past = timezone.now() - timedelta(seconds=1)
    Package.objects.update(state="making", lease_until=past, attempts=3)

    packing.make(Package.objects.get().pk)

    assert Package.objects.get().has_failed


def test_who_waits_without_any_worker_has_the_files_made(locked, owner):
    owner.post(at(locked), DATA | {"prepare": ""})
    owner.post(at(locked), DATA | {"wait": ""})
    assert Package.objects.get().state == "waiting"  # a worker may still come

    Package.objects.update(asked_at=timezone.now() - timedelta(seconds=10))
    owner.post(at(locked), DATA | {"wait": ""})

    assert Package.objects.get().is_ready


def test_a_failure_is_said_and_can_be_tried_again(locked, owner, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(package, "zip_archive", None)
        page = prepared(owner, locked, **DATA)

    assert "The files could not be made." in page
    assert 'role="alert"' in page
    assert "Try again" in page
    assert "Download (ZIP" in prepared(owner, locked, **DATA)


def test_progress_is_told_and_changes_nothing(locked, owner):
    before = owner.get(at(locked, "package_state"), DATA).json()
    prepared(owner, locked, **DATA)

    assert before == {"state": "none"}
    assert owner.get(at(locked, "package_state"), DATA).json() == {"state": "ready"}


def test_old_packages_go_when_new_ones_come(locked):
    for number in range(20):
        ask_for_package(assessment=locked, key=f"{number}", order={})

    assert Package.objects.count() == 12
    assert not Package.objects.filter(key="0").exists()


def test_files_of_another_round_are_not_found(locked, owner, stranger):
    prepared(owner, locked, **DATA)
    key = Package.objects.get().key

    assert signed_in("stranger").get(at(locked, "files", key)).status_code == 404
    assert Client().get(at(locked, "files", key)).status_code == 302
    assert owner.get(at(locked, "files", "nothing")).status_code == 404


def test_scores_on_screen_are_those_of_the_files(locked, owner):
    screen = text(owner.get(at(locked, "results"), {"lang": "en"}))
    printed = zipfile.ZipFile(
        io.BytesIO(packed(owner, locked, **AS_USUAL, parts=["section"]).read("en/section.docx"))
    ).read("word/document.xml").decode()  # fmt: skip

    scores = [topic.overall for topic in snapshots.results_for(locked).topics if topic.overall]
    assert len(scores) >= 3
    for score in scores:
        assert f"{score:.2f}" in screen
        assert f">{score:.2f}<" in printed


# -- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [{"size": "huge"}, {"size": "half", "language": "xx"}])
def test_options_that_do_not_exist_show_the_usual_figure(locked, owner, bad):
    assert owner.get(at(locked), bad).status_code == 200
    assert owner.get(at(locked, "figure"), bad).status_code == 200


def test_a_draft_carries_a_watermark_and_a_locked_round_none(assessment, owner):
    draft = text(owner.get(at(assessment, "figure"), {"lang": "en"}))
    assert ">Draft<" in draft

    snapshots.lock(assessment=assessment, by=None)
    assert ">Draft<" not in text(owner.get(at(assessment, "figure"), {"lang": "en"}))


def test_the_preview_follows_its_options(locked, owner):
    page = text(owner.get(at(locked), AS_USUAL | {"size": "column", "lang": "zh-hans"}))

    assert 'lang="en"' in page.split('class="desk"')[1]
    assert "Stakeholder engagement" in page
    assert 'class="column"' in page


@pytest.mark.parametrize("size", ["half", "full", "column", "square"])
def test_each_size_is_drawn_in_its_own_width(locked, owner, size):
    drawn = text(owner.get(at(locked, "figure"), AS_USUAL | {"size": size}))

    widths = {"half": 170, "full": 170, "column": 84, "square": 150}
    assert f'width="{widths[size]}mm"' in drawn


def test_what_is_missing_in_either_language_is_listed_with_a_link(assessment, owner):
    assessment.topics.filter(code="energy").update(name={"zh-hans": "能源"})

    for spoken in ("en", "zh-hans"):
        page = text(owner.get(at(assessment), AS_USUAL | {"language": spoken, "lang": "en"}))
        link = f'<a href="{at(assessment, "topics")}">“能源” has no name in English</a>'
        assert link in page


def test_before_the_seal_there_are_no_files(owner, assessment):
    from tests.rounds import ask

    following = make_round(year="2022", organisation=assessment.organisation)
    ask(following)

    assert owner.get(at(following)).status_code == 200
    assert owner.post(at(following), {"prepare": ""}).status_code == 409


# -- colours, titles, template, labels -----------------------------------------------------------

COLOURS = {"colour0": "#7a1f5c", "colour1": "#8a5300", "colour2": "#555555"}
NO_TITLES = {"y:zh-hans": "", "y:en": "", "x:zh-hans": "", "x:en": ""}


def test_company_colours_are_offered_and_drawn(locked, owner):
    owner.post(at(locked, "look"), COLOURS | NO_TITLES)

    drawn = text(owner.get(at(locked, "figure"), AS_USUAL | {"palette": "company"}))

    assert 'fill="#7a1f5c"' in drawn
    assert "Company colours" in text(owner.get(at(locked), {"lang": "en"}))


@pytest.mark.parametrize(
    ("colour", "said"),
    [
        ("#ffee88", "has a contrast of 1.0 : 1"),
        ("red", "Write the colour as #rrggbb"),
        ("", "Write the colour as #rrggbb"),
    ],
)
def test_a_colour_that_cannot_be_seen_or_read_is_refused_and_kept(locked, owner, colour, said):
    sent = COLOURS | NO_TITLES | {"colour1": colour, "y:en": "Entered"}

    page = text(owner.post(at(locked, "look") + "?lang=en", sent))

    assert said in page
    assert 'value="Entered"' in page
    assert look_of(locked).colours == []


def test_the_axes_are_called_as_this_report_wants_it_everywhere(locked, owner):
    sent = COLOURS | NO_TITLES | {"y:en": "Weight for stakeholders"}
    owner.post(at(locked, "look"), sent)

    drawn = text(owner.get(at(locked, "figure"), AS_USUAL))
    archive = packed(owner, locked, **AS_USUAL, parts=["section", "data"])

    assert "Weight for stakeholders" in drawn
    section = docx.Document(io.BytesIO(archive.read("en/section.docx")))
    assert "Weight for stakeholders" in "\n".join(p.text for p in section.paragraphs)
    assert locked.snapshot.digest.encode() in archive.read("en/scores.json")


def a_template(*paragraphs: str) -> io.BytesIO:
    document, target = docx.Document(), io.BytesIO()
    for line in paragraphs:
        document.add_paragraph(line)
    document.save(target)
    target.name = "house.docx"
    target.seek(0)
    return target


def test_the_companys_template_is_filled_as_the_section(locked, owner):
    sent = {"file": a_template("Our words", "{{ topics }}")}
    owner.post(at(locked, "word_template"), sent)

    archive = packed(owner, locked, **AS_USUAL, parts=["section"])

    section = docx.Document(io.BytesIO(archive.read("en/section.docx")))
    assert "Our words" in [p.text for p in section.paragraphs]
    assert "Privacy" in str([cell.text for row in section.tables[0].rows for cell in row.cells])


def test_the_usual_section_comes_back(locked, owner):
    owner.post(at(locked, "word_template"), {"file": a_template("{{ topics }}")})
    owner.post(at(locked, "word_template"), {"remove": ""})

    assert look_of(locked).template is None


def a_bomb() -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (61 * 2**20))
    target.name = "bomb.docx"
    target.seek(0)
    return target


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: a_template("{{ profit }}"), "unknown field “profit”"),
        (lambda: io.BytesIO(b"no document"), "not a usable Word document"),
        (a_bomb, "unpacks to more than 60 MB"),
        (lambda: io.BytesIO(b"x" * (6 * 2**20)), "may have up to 5 MB"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_in_one_sentence(locked, owner, make, said):
    page = text(owner.post(at(locked, "word_template") + "?lang=en", {"file": make()}))

    assert said in page
    assert look_of(locked).template_digest == ""


def labels_sent(owner, locked, **changes) -> dict[str, str]:
    page = owner.get(at(locked, "labels"), AS_USUAL).content.decode()
    fields = re.findall(r'name="([\w-]+:(?:right|up))" value="([^"]+)"', page)
    return dict(fields) | changes


def label_of(drawn: str, name: str) -> tuple[float, float]:
    found = re.search(rf'<tspan x="([\d.]+)" y="([\d.]+)">{name}', drawn)
    return float(found[1]), float(found[2])


def test_a_label_is_moved_by_numbers_and_stays_with_the_round(locked, owner):
    before = label_of(text(owner.get(at(locked, "figure"), AS_USUAL)), "Energy")
    sent = labels_sent(owner, locked)
    sent["energy:up"] = str(float(sent["energy:up"]) + 6)
    query = "&".join(f"{name}={value}" for name, value in AS_USUAL.items())

    owner.post(f"{at(locked, 'labels')}?{query}", sent)

    after = label_of(text(owner.get(at(locked, "figure"), AS_USUAL)), "Energy")
    assert before[1] - after[1] == pytest.approx(6, abs=0.11)
    assert list(look_of(locked).moved) == ["en:half"]
    assert list(look_of(locked).moved["en:half"]) == ["energy"]


def test_moved_labels_are_set_by_themselves_again(locked, owner):
    set_look(assessment=locked, by=None, moved={"en:half": {"energy": [9.0, -9.0]}})
    query = "&".join(f"{name}={value}" for name, value in AS_USUAL.items())

    owner.post(f"{at(locked, 'labels')}?{query}", {"reset": ""})

    assert look_of(locked).moved == {}


def test_a_label_is_moved_in_its_own_language_and_size_only(locked, owner):
    other = AS_USUAL | {"size": "full"}
    before = owner.get(at(locked, "figure"), other).content
    set_look(assessment=locked, by=None, moved={"en:half": {"energy": [9.0, -9.0]}})

    assert owner.get(at(locked, "figure"), other).content == before


def test_a_changed_look_is_in_the_log_of_a_locked_round(locked, owner):
    owner.post(at(locked, "look"), COLOURS | NO_TITLES)

    event = Event.objects.get(verb="set_look")
    assert event.after == {"colours": list(COLOURS.values())}
    call_command("verify")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.VIEWER])
@pytest.mark.parametrize("name", ["look", "word_template", "labels"])
def test_only_who_may_edit_changes_the_look(locked, role, name):
    assert signed_in(role).post(at(locked, name)).status_code == 403


# -- on other sites ------------------------------------------------------------------------------


def published_at(assessment, code="en") -> str:
    figure = PublishedFigure.objects.get(snapshot__assessment=assessment)
    return reverse("materiality:published", args=[figure.token, code])


def test_a_published_matrix_is_open_to_everybody_and_may_be_framed(locked, owner):
    owner.post(at(locked, "publish"))

    answered = Client().get(published_at(locked))

    policy = answered.headers["Content-Security-Policy"]
    assert answered.status_code == 200
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in answered.headers
    assert not answered.cookies
    assert "Privacy" in text(answered)


def test_no_other_page_may_be_framed(locked, owner):
    owner.post(at(locked, "publish"))

    for path in (at(locked), at(locked, "figure"), at(locked, "results"), "/a/", "/healthz"):
        answered = owner.get(path)
        assert answered.headers["X-Frame-Options"] == "DENY", path
        assert "frame-ancestors 'none'" in answered.headers["Content-Security-Policy"], path


def test_the_page_gives_what_another_site_copies(locked, owner):
    owner.post(at(locked, "publish"))

    page = text(owner.get(at(locked), {"lang": "en"}))

    frame = re.search(r"<iframe [^>]+></iframe>", page)[0]
    assert f'src="http://127.0.0.1:8000{published_at(locked, "zh-hans")}"' in frame
    assert 'width="' in frame
    assert 'height="' in frame
    assert 'title="2020' in frame


def test_a_draft_is_never_published(assessment, owner):
    assert owner.post(at(assessment, "publish")).status_code == 409
    assert not PublishedFigure.objects.exists()


def test_a_withdrawn_matrix_is_gone_and_both_are_in_the_log(locked, owner):
    owner.post(at(locked, "publish"))
    path = published_at(locked)
    owner.post(at(locked, "publish"), {"withdraw": ""})

    assert Client().get(path).status_code == 404
    assert list(Event.objects.values_list("verb", flat=True).order_by("number"))[-2:] == [
        "publish_figure",
        "withdraw_figure",
    ]


@pytest.mark.parametrize("path", ["/f/guessed/en/", "/f/guessed/xx/"])
def test_an_address_that_nobody_published_is_not_found(locked, path):
    assert Client().get(path).status_code == 404


def test_the_address_cannot_be_guessed(locked):
    assert len(publish_figure(assessment=locked, by=None).token) >= 32


def test_a_viewer_does_not_publish(locked):
    assert signed_in("viewer").post(at(locked, "publish")).status_code == 403
    assert Client().post(at(locked, "publish")).status_code == 302


def test_names_are_texts_on_the_published_page(locked, owner):
    titles = {"y": {"en": '<script>alert("1")</script>', "zh-hans": "=1+1"}}
    set_look(assessment=locked, by=None, axis_titles=titles)
    owner.post(at(locked, "publish"))

    page = Client().get(published_at(locked)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
