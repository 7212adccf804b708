"""Who is asked: lists in two steps, one person, links to hand over, rights of a person."""

import io
import json
import re
import struct
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult

from materiality.web.ask import people_lists
from surveys.actions.answer import start
from surveys.encryption.contents import Contents
from surveys.models import Intake, Invitation, Message, PeopleList
from surveys.people.person import Person
from surveys.people.tokens import token_of
from tests.builders import consent_of
from tests.markup import page_of
from tests.rounds import close_and_seal
from tests.web.ask.asking import add_people, last_event, page, tab
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
LIST = (
    "Kontakt,Wer,Gruppe\n"
    "li@example.com,李雷,Employees\n"
    "no-address,Ann,Employees\n"
    "bo@example.com,Bo,Nobody\n"
    "cy@example.com,Cy,customers\n"
)


def hand_in(client, survey, content=LIST):
    file = SimpleUploadedFile("people.csv", content.encode())
    return client.post(tab(survey, "invitations/list/"), {"file": file, "upload": "1"})


def add(client, survey, **columns):
    sent = {"email": "0", "name": "1", "audience": "2"} | columns | {"import": "1"}
    return page_of(client.post(tab(survey, "invitations/list/") + "?lang=en", sent, follow=True))


def test_a_list_is_mapped_shown_and_imported_and_the_bad_rows_are_told(anonymous, editor, round_):
    hand_in(editor, anonymous)
    content = page(editor, anonymous, "invitations/list/")
    assert "Kontakt" in content
    assert not Invitation.objects.exists()

    said = add(editor, anonymous)

    assert "2 people added." in said
    assert "2 rows were not used." in said
    rows = re.findall(r'<td class="r">(\d+)</td><td class="hash">(.*?)</td><td>(.*?)</td>', said)
    assert [row[:2] for row in rows] == [("3", "no-address"), ("4", "Nobody")]
    assert rows[0][2] == "This is not a mail address."
    assert rows[1][2].startswith("There is no such group. The groups are:")
    people = Invitation.objects.order_by("pk").values_list("email", "name", "audience__code")
    assert list(people) == [
        ("li@example.com", "李雷", "employees"),
        ("cy@example.com", "Cy", "customers"),
    ]
    assert last_event(round_).after == {"people": 2}


def test_the_same_list_again_adds_nobody_and_its_columns_are_remembered(anonymous, editor, round_):
    hand_in(editor, anonymous)
    add(editor, anonymous)
    events = round_.events.count()

    hand_in(editor, anonymous)
    content = page(editor, anonymous, "invitations/list/")

    assert "0 people will be added." in content
    assert "2 are on the list already." in content
    assert PeopleList.objects.get().columns == {"email": 0, "name": 1, "audience": 2}
    assert "0 people added." in add(editor, anonymous)
    assert round_.events.count() == events
    assert PeopleList.objects.get().rows == []


def run_tasks():
    """Do what waits in the queue, as a worker does."""
    for waiting in DBTaskResult.objects.all():
        waiting.task.call(*waiting.args_kwargs["args"], **waiting.args_kwargs["kwargs"])


def test_a_long_list_is_added_behind_the_page_which_tells_how_far_it_is(
    anonymous, editor, round_, monkeypatch
):
    monkeypatch.setattr(people_lists, "AT_ONCE", 3)
    hand_in(editor, anonymous)
    content = add(editor, anonymous)

    assert "0 of 4 rows done." in content
    assert '<meta http-equiv="refresh" content="3">' in content
    assert not Invitation.objects.exists()
    assert DBTaskResult.objects.get().task_path == "surveys.actions.lists.add_list"
    assert last_event(round_).after == {"people": 2}

    add(editor, anonymous)  # pressed again
    assert "is still being added" in page_of(hand_in(editor, anonymous))
    run_tasks()

    content = page(editor, anonymous, "invitations/list/")
    assert "2 people added." in content
    assert "This is not a mail address." in content
    assert 'http-equiv="refresh"' not in content
    assert Invitation.objects.count() == 2
    assert round_.events.filter(verb="invite").count() == 1


def test_where_no_worker_comes_whoever_waits_may_add_the_list(anonymous, editor, monkeypatch):
    monkeypatch.setattr(people_lists, "AT_ONCE", 3)
    hand_in(editor, anonymous)
    add(editor, anonymous)

    said = editor.post(tab(anonymous, "invitations/list/"), {"now": "1"}, follow=True)

    assert "2 people added." in page_of(said)


def test_without_a_column_of_addresses_the_page_says_what_to_choose(anonymous, editor):
    hand_in(editor, anonymous)

    said = add(editor, anonymous, email="", name="")

    assert "Choose the column of the mail addresses or of the names." in said
    assert not Invitation.objects.exists()


def test_a_file_that_is_no_table_is_refused_in_words(anonymous, editor):
    refused = hand_in(editor, anonymous, "\x00\x01")

    assert "XLSX" in page_of(refused)
    assert not PeopleList.objects.exists()


def test_one_person_is_added_corrected_and_left_alone(anonymous, editor):
    audience = anonymous.audiences.first()
    values = {"audience": audience.pk, "name": "Ann", "email": "Ann@Example.com", "language": "en"}
    editor.post(tab(anonymous, "invitations/"), values)
    ann = Invitation.objects.get(email="ann@example.com")
    Invitation.objects.filter(pk=ann.pk).update(reach="bounced")
    one = tab(anonymous, f"invitations/{ann.pk}/")

    editor.post(one, {"name": "Ann", "email": "ann.lee@example.com", "subgroup": "East"})
    ann.refresh_from_db()
    assert (ann.email, ann.subgroup, ann.reach) == ("ann.lee@example.com", "East", "open")
    editor.post(one, {"act": "opt_out"})
    ann.refresh_from_db()
    assert ann.reach == "opted_out"
    editor.post(one, {"act": "opt_in"})
    ann.refresh_from_db()
    assert ann.reach == "open"


def correct(client, person, survey, email):
    sent = {"name": "Ann", "email": email, "subgroup": ""}
    return client.post(tab(survey, f"invitations/{person.pk}/") + "?lang=en", sent)


@pytest.mark.parametrize("email", ["", "editor@example.com"])
def test_no_editor_learns_a_mailed_link_by_another_address(anonymous, named, editor, email):
    """The link in a mail opens what its reader answered."""
    for survey, status in ((anonymous, 200), (named, 302)):  # named: a control
        [ann] = add_people(survey, Person("Ann", "ann@example.com"))
        Message.objects.create(
            survey=survey, invitation=ann, kind="invitation", state="sent", not_before=now()
        )

        refused = correct(editor, ann, survey, email)

        stands = survey is anonymous
        assert refused.status_code == status
        assert ("A link is out already" in page_of(refused)) is stands
        ann.refresh_from_db()
        assert (ann.email == "ann@example.com") is stands
    assert token_of(ann)


@pytest.mark.parametrize("state", ["waiting", "failed"])
def test_until_a_link_went_out_another_address_gets_another_one(anonymous, editor, round_, state):
    [ann] = add_people(anonymous, Person("Ann", "ann@example.com"))
    before = token_of(ann)
    Message.objects.create(
        survey=anonymous, invitation=ann, kind="invitation", state=state, not_before=now()
    )

    correct(editor, ann, anonymous, "")

    ann.refresh_from_db()
    assert token_of(ann) not in (None, before)
    assert before not in page_of(take_links(editor, anonymous, "csv"))
    assert round_.events.filter(verb="correct_person").count() == 1


def test_a_link_that_was_used_stays_at_its_address(anonymous, editor):
    [ann] = add_people(anonymous, Person("Ann"))
    start(token_of(ann), consent_of(anonymous))

    correct(editor, ann, anonymous, "ann@example.com")

    ann.refresh_from_db()
    assert ann.email == ""


def test_the_log_tells_that_mail_was_stopped_and_for_nobody(anonymous, editor, round_):
    [ann] = add_people(anonymous, Person("Ann", "ann@example.com"))
    for act in ("opt_out", "opt_in"):
        editor.post(tab(anonymous, f"invitations/{ann.pk}/"), {"act": act})

        assert last_event(round_).verb == act
        assert "ann" not in json.dumps(last_event(round_).entry()).lower()


def test_an_address_that_somebody_has_is_refused_and_stays_in_the_field(anonymous, editor):
    ann, _bob = add_people(anonymous, Person("Ann", "a@example.com"), Person("Bob", "b@x.org"))

    refused = editor.post(
        tab(anonymous, f"invitations/{ann.pk}/") + "?lang=en",
        {"name": "Ann", "email": "b@x.org", "subgroup": ""},
    )

    assert "Somebody with this address is on the list already." in page_of(refused)
    assert 'value="b@x.org"' in page_of(refused)
    ann.refresh_from_db()
    assert ann.email == "a@example.com"


def test_the_list_of_a_sealed_survey_stands_but_a_person_may_be_erased(anonymous, editor):
    [ann] = add_people(anonymous, Person("Ann", "ann@example.com"))
    values = {
        "audience": ann.audience_id,
        "name": "Bo",
        "email": "bo@example.com",
        "language": "en",
    }
    one = tab(anonymous, f"invitations/{ann.pk}/")
    close_and_seal(anonymous)

    assert editor.post(tab(anonymous, "invitations/"), values).status_code == 409
    assert editor.post(one, {"act": "remove", "sure": "on"}).status_code == 409
    assert Invitation.objects.get().state == "invited"

    editor.post(one, {"act": "forget", "sure": "on"})
    assert not Invitation.objects.filter(email="ann@example.com").exists()


def test_a_person_keeps_a_name_or_an_address(anonymous, editor):
    [ann] = add_people(anonymous, Person("Ann", "ann@example.com"))

    refused = editor.post(
        tab(anonymous, f"invitations/{ann.pk}/") + "?lang=en",
        {"name": "", "email": "", "subgroup": ""},
    )

    assert "Give a name or a mail address." in page_of(refused)
    ann.refresh_from_db()
    assert ann.email == "ann@example.com"


@pytest.mark.parametrize("act", ["remove", "forget"])
def test_removing_and_erasing_ask_once_and_the_log_names_nobody(anonymous, editor, round_, act):
    [ann] = add_people(anonymous, Person("Ann", "ann@example.com"))
    one = tab(anonymous, f"invitations/{ann.pk}/")

    editor.post(one, {"act": act})
    assert Invitation.objects.get().state == "invited"  # not sure, so nothing happened
    editor.post(one, {"act": act, "sure": "on"})

    assert not Invitation.objects.filter(state="invited").exists()
    event = last_event(round_)
    assert event.verb == f"{act}_person"
    assert "ann" not in json.dumps(event.entry()).lower()


def test_somebody_who_was_removed_is_invited_anew_by_another_link(anonymous, editor):
    [ann] = add_people(anonymous, Person("Ann", "ann@example.com"))
    editor.post(tab(anonymous, f"invitations/{ann.pk}/"), {"act": "remove", "sure": "on"})
    values = {"audience": ann.audience_id, "name": "Ann", "language": "en"}

    editor.post(tab(anonymous, "invitations/"), values | {"email": "ann@example.com"})

    again = Invitation.objects.get(email="ann@example.com")
    assert (again.state, again.token_hash != ann.token_hash) == ("invited", True)
    hand_in(editor, anonymous, "email,name,group\nann@example.com,Ann,Employees\n")
    assert "1 is on the list already." in page(editor, anonymous, "invitations/list/")  # control


def test_a_persons_data_is_exported(anonymous, editor):
    [ann] = add_people(anonymous, Person("Ann", "ann@example.com"))

    body = json.loads(editor.get(tab(anonymous, f"invitations/{ann.pk}/data.json")).content)

    assert [one["email"] for one in body] == ["ann@example.com"]
    assert "answers" not in body[0]


@pytest.mark.parametrize("sealed", [False, True])
def test_of_two_people_each_export_holds_nothing_of_the_other(named, editor, sealed):
    """Case 49: the page people read, and the file a program reads."""
    whose = {"Ann": 5, "Bob": 2}
    added = add_people(named, *[Person(name, f"{name.lower()}@example.com") for name in whose])
    for person, rating in zip(added, whose.values(), strict=True):
        ratings = {str(key): rating for key in named.questions.values_list("pk", flat=True)}
        intake = Intake(invitation=person, survey=named, submission=uuid4(), submitted=True)
        intake.fill(Contents(ratings=ratings))
        intake.save()
    if sealed:
        close_and_seal(named)

    for person, (name, rating) in zip(added, whose.items(), strict=True):
        [other] = set(whose) - {name}
        at = f"invitations/{person.pk}/"
        body = json.loads(editor.get(tab(named, f"{at}data.json")).content)
        assert {row["rating"] for one in body for row in one["answers"]} == {rating}
        assert [one["email"] for one in body] == [f"{name.lower()}@example.com"]
        for shown in (page(editor, named, at), json.dumps(body)):
            assert name in shown
            assert other not in shown
            assert f"{other.lower()}@" not in shown


def test_the_list_is_searched_and_paged(anonymous, editor):
    people = [Person(f"P{at:03}", f"p{at}@example.com") for at in range(60)]
    add_people(anonymous, *people, group="customers")
    add_people(anonymous, Person("Zoe", "zoe@example.com"), group="employees")

    assert "Page 1 of 2, 61 in all" in page(editor, anonymous, "invitations/")
    assert "1 person<" in page(editor, anonymous, "invitations/", q="zoe")
    assert "P000" not in page(editor, anonymous, "invitations/", group="employees")
    assert "Nobody on the list fits." in page(editor, anonymous, "invitations/", reach="bounced")


def test_who_has_answered_is_listed_in_a_named_survey_only(anonymous, named, editor):
    for survey in (anonymous, named):
        add_people(survey, Person("Ann", "ann@example.com"))
        Invitation.objects.filter(audience__survey=survey).update(state="declined")

    assert "Declined" not in page(editor, anonymous, "invitations/")
    assert "Declined" in page(editor, named, "invitations/")  # control


@pytest.mark.parametrize("role", ["viewer", "reviewer"])
def test_names_are_for_those_who_run_the_survey(anonymous, editor, role):
    [ann] = add_people(anonymous, Person("Ann", "ann@example.com"))
    member = signed_in(role)

    assert "ann@" not in page(member, anonymous, "invitations/")
    for name in ("invitations/list/", "invitations/links/", f"invitations/{ann.pk}/"):
        assert member.get(tab(anonymous, name)).status_code == 403
    assert "ann@" in page(editor, anonymous, "invitations/")  # control


def take_links(client, survey, kind):
    return client.post(tab(survey, "invitations/links/"), {"kind": kind})


def test_an_anonymous_survey_shows_no_link_that_goes_out_by_mail(anonymous, named, editor, round_):
    for survey in (anonymous, named):
        add_people(survey, Person("Ann", "ann@example.com"), Person("王小明"))

    hidden = page_of(take_links(editor, anonymous, "csv"))
    content = page_of(take_links(editor, named, "csv"))

    assert "王小明" in hidden
    assert "Ann" not in hidden
    assert "Ann" in content  # control: a named survey gives every link
    assert last_event(round_).verb == "hand_out"
    assert last_event(round_).after == {"links": 2}


def test_a_letter_bears_the_link_that_leads_to_the_survey(anonymous, editor, client):
    [ming] = add_people(anonymous, Person("王小明", language="zh-hans"))

    letter = page_of(take_links(editor, anonymous, "letters"))

    token = token_of(ming)
    assert f"/r/{token}/" in letter
    assert " ".join(token[at : at + 4] for at in range(0, 24, 4)) in letter
    assert '<article class="letter" lang="zh-Hans">' in letter
    assert "<svg" in letter
    assert client.get(f"/r/{token}/").status_code == 200


@pytest.mark.parametrize("sign", ["=", "＝"])
def test_the_table_of_links_holds_no_formula(named, editor, sign):
    add_people(named, Person(f"{sign}HYPERLINK(1)", "a@example.com"))

    assert f",'{sign}HYPERLINK(1)," in page_of(take_links(editor, named, "csv"))


def test_the_qr_code_is_a_drawing_and_a_picture_of_a_thousand_pixels(anonymous, editor):
    drawing = editor.get(tab(anonymous, "open/customers.svg"))
    picture = editor.get(tab(anonymous, "open/customers.png"))

    assert drawing.content.startswith(b"<svg")
    file = io.BytesIO(picture.content)
    file.seek(16)
    width, height = struct.unpack(">II", file.read(8))
    assert width == height >= 1000
    assert editor.get(tab(anonymous, "open/nobody.png")).status_code == 404
