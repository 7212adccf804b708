"""What people write is never a header, an address or a program (cases 62 and 63)."""

import pytest
from django.core import mail as outbox
from django.utils import timezone

from surveys.actions import deliver, mail
from surveys.actions.invite import invite
from surveys.errors import RuleBroken
from surveys.mail import recipients
from surveys.models import Message
from surveys.people.columns import FIELDS
from surveys.people.person import Person
from surveys.people.rows import check_people
from surveys.tables.upload import Table
from tests.builders import both, make_survey

pytestmark = pytest.mark.django_db

BREAKS = ("\r\n", "\n", "\r", "\n\n", "\r\n ", "\u2028", "\u2029", "\x0b", "\x0c", "\x85")
HEADERS = (
    "Bcc: eve@evil.example", "Cc: eve@evil.example", "To: eve@evil.example",
    "Resent-To: eve@evil.example", "Subject: x\r\nBcc: eve@evil.example",
)  # fmt: skip
INJECTIONS = [f"Ann{line}{header}" for line in BREAKS for header in HEADERS]
PLACEHOLDERS = (
    "{user.password}", "{link.__class__}", "{link!r}", "{link:>99}", "{0}", "{}", "{0.__class__}",
    "{{ settings.SECRET_KEY }}", "{% debug %}", "{% load log %}", "{# x #}", "{{ 7|add:7 }}",
    "%(link)s", "%s", "%d", "%n", "%%", "%(SECRET_KEY)s", "$link", "${link}", "$(id)", "`id`",
    "#{7*7}", "${7*7}", "{{7*7}}", "<%= 7*7 %>", "<?php 1 ?>", "{password}", "{SECRET_KEY}",
    "{settings}", "{survey}", "{invitation}", "{token_hash}", "{link.token}", "{closes.year}",
    "{organisation.name}", "{{link}}", "{ link }", "{LINK}", "{link[0]}",
)  # fmt: skip


@pytest.fixture
def survey(db, settings):
    settings.MAIL_IS_LIVE, settings.SITE_URL = True, "https://csr.example.com"
    return make_survey(topics=2)


def send(survey):
    mail.queue(survey, "invitation", recipients.preview(survey, "invitation").count)
    Message.objects.update(not_before=timezone.now())
    deliver.deliver(survey)


def everybody_written_to() -> set[str]:
    """Return who is named in any header that a mail server delivers by, and the envelope."""
    result = set()
    for sent in outbox.outbox:
        message = sent.message()
        result.update(sent.recipients())
        for header in ("To", "Cc", "Bcc", "Resent-To"):
            result.update(message.get_all(header, []))
    return result


def test_of_fifty_names_with_headers_in_them_none_adds_a_recipient(survey):
    assert len(INJECTIONS) == 50
    people = [Person(name, f"p{at}@example.com", "en") for at, name in enumerate(INJECTIONS)]
    text = both("{name}：{title}", "{name}: {title}")
    mail.write_text(survey, "invitation", text, both("{name} {link}", "{name} {link}"))
    invite(survey.audiences.get(), people)

    send(survey)

    assert len(outbox.outbox) == 50
    assert everybody_written_to() == {person.email for person in people}
    assert all(len(sent.subject.splitlines()) == 1 for sent in outbox.outbox)
    lines = [line for sent in outbox.outbox for line in sent.message().as_string().splitlines()]
    head = [line for line in lines if line.lower().startswith(("bcc:", "cc:", "resent-to:"))]
    told = "\n".join(sent.body for sent in outbox.outbox)
    assert all(line in told for line in head)  # in the text at most, as somebody's odd name


def test_the_control_a_carbon_copy_would_have_been_noticed():
    outbox.EmailMessage("x", "x", to=["a@example.com"], bcc=["eve@evil.example"]).send()

    assert everybody_written_to() == {"a@example.com", "eve@evil.example"}


@pytest.mark.parametrize(
    "address",
    ["ann@example.com\r\nBcc: eve@evil.example", "ann@example.com,eve@evil.example",
     "ann@example.com; eve@evil.example", "ann@example.com eve@evil.example",
     "<ann@example.com>, <eve@evil.example>", "ann\n@example.com", "a" * 300 + "@example.com",
     "ann@" + "x" * 300 + ".com", "ann@@example.com", "ann@example.com\x00", "@example.com"],
)  # fmt: skip
def test_an_address_that_is_more_than_one_address_is_a_row_in_error(survey, address):
    cells = {"audience": "customers", "email": address, "name": "Ann"}
    row = [cells.get(field, "") for field in FIELDS]
    columns = {name: at for at, name in enumerate(FIELDS)}

    assert check_people(survey, Table(list(FIELDS), [row]), columns).errors


def test_no_placeholder_but_the_listed_ones_is_ever_filled(survey):
    assert len(PLACEHOLDERS) == 40
    refused = 0
    for number, attempt in enumerate(PLACEHOLDERS):
        invite(survey.audiences.get(), [Person("Ann", f"a{number}@example.com", "en")])
        try:
            body = attempt + "\n\n{link}"
            mail.write_text(survey, "invitation", both("x", "x"), both(body, body))
        except RuleBroken:
            refused += 1
            continue
        send(survey)
        said, _break, link = outbox.outbox[-1].body.partition("\n\n")
        assert said == attempt.replace("{link}", link.split()[0])
        assert link.startswith("https://csr.example.com/r/")

    assert 0 < refused < 40
