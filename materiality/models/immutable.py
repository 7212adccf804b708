"""Rows that are written once: the model and its QuerySet refuse to change or delete them."""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext as _

from surveys.errors import RuleBroken


class RowIsImmutable(RuleBroken):
    code = "immutable"

    def __str__(self) -> str:
        return _("This is a record. It can be read, not changed.")


class WrittenOnceQuerySet(models.QuerySet[Any]):
    refusal: ClassVar[type[RuleBroken]] = RowIsImmutable

    def update(self, **values: Any) -> NoReturn:
        raise self.refusal

    def delete(self) -> NoReturn:
        raise self.refusal

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise self.refusal


class WrittenOnce(models.Model):
    refusal: ClassVar[type[RuleBroken]] = RowIsImmutable

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if self.pk:
            raise self.refusal
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise self.refusal
