"""What is remembered for a while where there is no Redis, or while it is away."""

from django.db import models


class CachedValue(models.Model):
    """A row of `materiality.project.cache.SqlCache`. Nothing durable is in it."""

    key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField(help_text="JSON, so that reading it runs nothing.")
    until = models.FloatField(db_index=True, help_text="Unix time.")

    def __str__(self) -> str:
        return self.key
