"""Calls of the API that were answered, so that the same call again gets the same answer."""

from django.conf import settings
from django.db import models

from surveys.models import Organisation


class Call(models.Model):
    """A writing call that was done, under the key its caller gave it; kept for a day.

    :param key: a hash of the key.
    :param fingerprint: a hash of its method, address and what was sent.
    :param organisation: whose data it was about: who is no member any more gets no answer again.
    :param answer: encrypted with the key itself, which is kept nowhere: it may hold links.
    """

    caller = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    status = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=100, blank=True)
    answer = models.BinaryField(default=b"")
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="one_call_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"
