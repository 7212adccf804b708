"""Files kept in the database, in parts: the same on every host, and in every backup."""

from django.db import models


class StoredFile(models.Model):
    """A file of `materiality.project.files.DatabaseStorage`."""

    name = models.CharField(max_length=255, unique=True)
    size = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)
    key = models.CharField(
        max_length=16, blank=True, help_text="Name of the key it is encrypted with, if it is."
    )

    def __str__(self) -> str:
        return self.name


class FilePart(models.Model):
    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_part_per_number"),
        ]

    def __str__(self) -> str:
        return f"part {self.number}"
