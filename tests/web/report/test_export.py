"""Export: the files are made once, behind the request."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from materiality.actions import ask_for_package
from materiality.document import read
from materiality.locking import snapshots
from materiality.models import Assessment, Package
from materiality.report.files import make, package
from tests.rounds import make_round
from tests.web.conftest import signed_in
from tests.web.report.exporting import AS_USUAL, at, packed, prepared, text

pytestmark = pytest.mark.django_db
DATA = AS_USUAL | {"parts": ["data"]}


# -- which files -----------------------------------------------------------------------------------


def test_only_the_chosen_parts_are_made_in_both_languages(locked, owner, monkeypatch):
    def refused(*_):
        raise AssertionError("not chosen")

    monkeypatch.setattr("materiality.report.files.slides.deck.slides", refused)

    names = packed(owner, locked, **DATA).namelist()

    files = ("scores.csv", "groups.csv", "dictionary.csv", "clauses.csv", "scores.json")
    files += ("iros.csv", "iros.json")  # the round has a register
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

    assert snapshots.results_to_print(locked).version == 1
    assert Assessment.objects.filter(year="2020", pk__lt=second.pk).count() == 1


# -- made once, behind the request -----------------------------------------------------------------


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
        make.make(waiting.pk)

    assert Package.objects.get().attempts == 1


def test_a_worker_that_died_is_followed_by_the_next_one(locked, owner):
    owner.post(at(locked), DATA | {"prepare": ""})
    past = timezone.now() - timedelta(seconds=1)
    Package.objects.update(state="making", lease_until=past, attempts=1)

    make.make(Package.objects.get().pk)

    assert Package.objects.get().is_ready


def test_what_three_workers_died_of_has_failed(locked, owner):
    owner.post(at(locked), DATA | {"prepare": ""})
    past = timezone.now() - timedelta(seconds=1)
    Package.objects.update(state="making", lease_until=past, attempts=3)

    make.make(Package.objects.get().pk)

    assert Package.objects.get().has_failed


def test_who_waits_without_any_worker_has_the_files_made(locked, owner):
    owner.post(at(locked), DATA | {"prepare": ""})
    owner.post(at(locked), DATA | {"wait": ""})
    assert Package.objects.get().state == "waiting"  # a worker may still come

    Package.objects.update(asked_at=timezone.now() - timedelta(seconds=10))
    owner.post(at(locked), DATA | {"wait": ""})

    assert Package.objects.get().is_ready


def test_where_workers_run_no_page_makes_files_however_long_it_waits(locked, owner, settings):
    settings.WORKER = True
    owner.post(at(locked), DATA | {"prepare": ""})
    Package.objects.update(asked_at=timezone.now() - timedelta(hours=1))

    owner.post(at(locked), DATA | {"wait": ""})

    assert Package.objects.get().state == "waiting"


def test_a_worker_is_called_again_for_what_a_killed_one_left(locked, owner):
    owner.post(at(locked), DATA | {"prepare": ""})
    called = DBTaskResult.objects.count()
    Package.objects.update(state="making", lease_until=timezone.now() + timedelta(minutes=1))
    call_command("send_due_mail")
    assert DBTaskResult.objects.count() == called  # somebody is making it

    Package.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    call_command("send_due_mail")

    assert DBTaskResult.objects.count() == called + 1


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


# -- the page --------------------------------------------------------------------------------------


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
