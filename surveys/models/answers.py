"""Answers: the intake while a survey is open, the sealed block afterwards."""

import hashlib
import time
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.encryption.contents import Contents, decrypt, encrypt
from surveys.models.invitations import Invitation
from surveys.models.surveys import Audience, Question, Survey


def this_second() -> int:
    return int(time.time())


class Intake(models.Model):
    """One person's answers until the seal. It does not outlive the seal."""

    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="intake")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="intakes")
    submission = models.UUIDField(
        null=True, help_text=_("Tells a repeated sending from a new one.")
    )
    ciphertext = models.BinaryField(
        help_text=_("The answers, readable as long as the survey's key is there.")
    )
    answered = models.BooleanField(default=False, help_text=_("Holds a rating."))
    receipt = models.CharField(max_length=9, blank=True)
    consent = models.CharField(
        max_length=64, blank=True, help_text=_("SHA-256 of the text agreed to here, if it was.")
    )
    submitted = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0, help_text=_("Counts writes."))
    survey_version = models.PositiveSmallIntegerField(
        default=1, help_text=_("The version of the questionnaire that was begun.")
    )
    begun = models.PositiveBigIntegerField(default=this_second, help_text=_("Unix time."))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(submitted=False)
                | models.Q(submission__isnull=False)
                & (models.Q(consent="") | ~models.Q(receipt="")),
                name="submitted_has_a_receipt",
            ),
        ]

    def __str__(self) -> str:
        return f"intake of survey {self.survey_id}"

    @property
    def contents(self) -> Contents:
        return decrypt(self.ciphertext)

    def fill(self, contents: Contents) -> None:
        """Put these answers into the row, under its survey's key; not stored yet."""
        self.ciphertext = encrypt(self.survey.key, contents)
        self.answered = bool(contents.ratings)


ANSWERED = models.Q(submitted=True) | models.Q(answered=True)
"""Drafts count as far as they were answered."""


class WithoutBlock(models.Manager["SealedAnswers"]):
    """What `survey.sealed` finds: the block is read only when it is asked for."""

    def get_queryset(self) -> models.QuerySet["SealedAnswers"]:
        return super().get_queryset().defer("block")


class SealedAnswers(models.Model):
    """All answers of a survey as one sorted, immutable, columnar block."""

    survey = models.OneToOneField(Survey, models.PROTECT, related_name="sealed")
    block = models.BinaryField()
    digest = models.CharField(max_length=64)
    respondents = models.PositiveIntegerField()
    counts = models.JSONField(default=dict, help_text=_("Answers per audience code."))
    versions = models.JSONField(
        default=list, help_text=_("How many answered which versions of the wording.")
    )

    objects = models.Manager["SealedAnswers"]()
    without_block = WithoutBlock()

    class Meta:
        base_manager_name = "without_block"

    def __str__(self) -> str:
        return f"{self.respondents} answers, sha256 {self.digest[:12]}"

    def groups_told(self, least: int) -> list[str]:
        """Return whom comments may name: a comment without a group is not of a few by that."""
        large = sorted((size, code) for code, size in self.counts.items() if size >= least)
        rest = self.respondents - sum(size for size, _code in large)
        while large and 0 < rest < least:
            rest += large.pop(0)[0]
        return [code for _size, code in large]


class CommentQuerySet(models.QuerySet["Comment"]):
    def to_show(self, survey: Survey) -> "CommentQuerySet":
        """Return the comments of a sealed survey, with what `Comment.group` needs."""
        readable = models.Q(audience__code__in=survey.sealed.groups_told(survey.smallest_shown))
        rows: CommentQuerySet = self.filter(survey=survey).annotate(tells_group=readable)
        return rows.select_related("audience", "question")

    def unread(self) -> "CommentQuerySet":
        return self.filter(released=None)

    def read(self) -> "CommentQuerySet":
        return self.exclude(released=None)

    def released(self) -> "CommentQuerySet":
        """What may be shown to others: the exact text is not even read."""
        return self.read().exclude(released="").defer("text")

    def counts(self) -> dict[str, int]:
        """Return how many are unread, read, and withheld of those."""
        read = models.Q(released__isnull=False)
        row: dict[str, int] = self.aggregate(
            unread=models.Count("pk", filter=~read),
            read=models.Count("pk", filter=read),
            withheld=models.Count("pk", filter=models.Q(released="")),
        )
        return row


class Comment(models.Model):
    """A sealed remark, apart from its author's ratings, and what a reader lets out of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="comments")
    audience = models.ForeignKey(Audience, models.PROTECT, null=True)
    question = models.ForeignKey(Question, models.PROTECT, null=True)
    text = models.TextField(max_length=500)
    released = models.TextField(
        null=True,
        help_text=_("What may leave the product; empty: nothing of it; none: not read yet."),
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return (self.released or "")[:40]

    @property
    def group(self) -> Audience | None:
        """Whose it is, where that may be told; of what `to_show` returned."""
        return self.audience if self.tells_group else None  # type: ignore[attr-defined]

    @property
    def reading(self) -> str:
        """Tells how it was read from how it was read before; "" if nobody has."""
        if self.released is None:
            return ""
        return hashlib.sha256(self.released.encode()).hexdigest()[:16]


def receipt_hash(survey: Survey, code: str) -> str:
    """Return what is stored of a receipt code: its SHA-256 within its survey."""
    return hashlib.sha256(f"{survey.pk}:{code.strip().upper()}".encode()).hexdigest()


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def of(self, survey: Survey, code: str) -> "ReceiptQuerySet":
        return self.filter(digest=receipt_hash(survey, code))


class Receipt(models.Model):
    """Proof that an answer was counted, apart from the answer."""

    digest = models.CharField(max_length=64, primary_key=True)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="receipts")

    objects = ReceiptQuerySet.as_manager()

    def __str__(self) -> str:
        return self.digest[:12]
