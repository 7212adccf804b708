"""Whose rounds they are: the first owner of an installation, and organisations."""

from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.actions.access import note_access
from materiality.actions.deletion import take_back_deletion
from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.errors import HasOwner
from materiality.models import Access, Assessment, Verb
from surveys.errors import RuleBroken
from surveys.languages import Text, in_order
from surveys.models import Membership, Organisation, Role


@transaction.atomic
def first_owner(
    *, name: str, email: str, password: str, company: Text, contact: Text
) -> tuple[User, Organisation]:
    """Make the first account of an installation, and the organisation it owns.

    :raises HasOwner: somebody has an account already.
    """
    _let_one_at_a_time()
    if User.objects.exists():
        raise HasOwner
    address = email.strip().lower()
    person = User.objects.create_user(
        username=address, email=address, password=password, first_name=name.strip()
    )
    return person, found_organisation(name=company, contact=contact, by=person)


def _let_one_at_a_time() -> None:
    """Let the second of two at once wait, so that it finds the first; SQLite does so anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE auth_user IN SHARE ROW EXCLUSIVE MODE")


@transaction.atomic
def found_organisation(*, name: Text, contact: Text, by: User) -> Organisation:
    """Make an organisation that `by` owns; it asks and reports in the languages of its name.

    :raises RuleBroken: it has no name.
    """
    words = _texts_of(name)
    if not words:
        raise RuleBroken(_("An organisation needs a name. Write it, then save again."))
    organisation: Organisation = Organisation.objects.create(
        name=words, contact=_texts_of(contact), languages=in_order(words)
    )
    Membership.objects.create(organisation=organisation, user=by, role=Role.OWNER)
    return organisation


def _texts_of(text: Text) -> dict[str, str]:
    """Return a text without the languages it is not written in."""
    return {code: words.strip() for code, words in text.items() if words.strip()}


@transaction.atomic
def set_mail(
    *, organisation: Organisation, sender: str, reply_to: str, is_held: bool, by: User
) -> None:
    """Say whom its mail comes from, where answers go, and whether it leaves at all.

    :raises RuleBroken: the name is not a single line.
    """
    name = sender.strip()
    if any(ord(sign) < 32 for sign in name):
        raise RuleBroken(_("The sender is a single line."))
    Organisation.objects.filter(pk=organisation.pk).update(
        sender=name, reply_to=reply_to.strip(), mail_is_held=is_held
    )
    _note(organisation, "mail held" if is_held else "mail as the site", by)


@transaction.atomic
def suspend_organisation(*, organisation: Organisation, by: User | None) -> None:
    """Shut everybody out of it until it is resumed. What respondents answer is kept.

    No page, call or token opens it and no mail leaves it; links of its surveys go on working, as
    they were promised to.
    """
    if Organisation.objects.filter(pk=organisation.pk, suspended_at=None).update(
        suspended_at=timezone.now()
    ):
        _note(organisation, "suspended", by)


@transaction.atomic
def resume_organisation(*, organisation: Organisation, by: User | None) -> None:
    """Open it again to its members; a request to delete it is taken back.

    :raises Conflict: its deletion has begun.
    """
    take_back_deletion(organisation, by)
    suspended = Organisation.objects.filter(pk=organisation.pk).exclude(suspended_at=None)
    if suspended.update(suspended_at=None):
        _note(organisation, "resumed", by)


def _note(organisation: Organisation, subject: str, by: User | None) -> None:
    kind = Access.Kind.ORGANISATION
    note_access(kind=kind, by=by, subject=subject, organisation=organisation)


@transaction.atomic
def describe_organisation(
    *,
    organisation: Organisation,
    name: Text,
    contact: Text,
    by: User | None,
    seen: Assessment | None = None,
    expected_version: int | None = None,
) -> None:
    """Change what the organisation is called and whom respondents may ask.

    Every round that is not locked prints it, so the log of each tells of it. A new language of
    the name is one of the company from then on; a round names its own.

    :param seen: the round whose page it was changed on, at `expected_version`.
    """
    open_rounds = Assessment.objects.filter(
        organisation=organisation, snapshot=None, deleted_at=None
    )
    rounds = []
    for each in open_rounds.order_by("pk"):
        is_seen = seen is not None and each.pk == seen.pk
        rounds.append(expect(each, expected_version if is_seen else None))
    stored = Organisation.objects.select_for_update().get(pk=organisation.pk)
    words: dict[str, Any] = {"name": dict(name), "contact": dict(contact)}
    words["languages"] = in_order(_texts_of(name)) or stored.languages
    before = {field: getattr(stored, field) for field in words}
    changed = [field for field in words if before[field] != words[field]]
    Organisation.objects.filter(pk=stored.pk).update(**words)
    old = {field: before[field] for field in changed}
    new = {field: words[field] for field in changed}
    for each in rounds if changed else ():
        record(each, Verb.DESCRIBE_ORGANISATION, by=by, before=old, after=new)
