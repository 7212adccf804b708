"""What a caller sends: the fields that are described and no others, texts in both languages."""

from collections.abc import Mapping
from datetime import UTC, datetime
from reprlib import repr as short
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.settings import api_settings

from surveys.languages import CODES

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class SentSerializer(serializers.Serializer[Any]):
    """Refuses a field it does not know: what was meant by it would be lost without a word."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := set(data) - set(self.fields)):
            message = _("There is no field %(name)s here. Nothing was saved.")
            detail = message % {"name": short(min(unknown))}
            raise serializers.ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [detail]})
        return super().to_internal_value(data)


class NothingSerializer(SentSerializer):
    """`{}`: the address says all."""


class SureSerializer(SentSerializer):
    sure = serializers.BooleanField(help_text="true: this cannot be taken back.")

    def validate_sure(self, sure: bool) -> bool:
        if not sure:
            raise serializers.ValidationError(_("This cannot be taken back: send true to do it."))
        return sure


class SentInBoth(serializers.DictField):
    """What is written in both languages, each of which is told."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        texts: dict[str, Any] = super().to_internal_value(data)
        if set(texts) != set(CODES):
            wanted = _("Write it as {%(codes)s}; leave empty what there is none of.")
            raise serializers.ValidationError(
                wanted % {"codes": ", ".join(f'"{code}": "…"' for code in CODES)}
            )
        return texts


def in_both(shape: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object that has this of each language."""
    return {
        "type": "object",
        "properties": dict.fromkeys(CODES, shape),
        "required": list(CODES),
        "additionalProperties": False,
    }


@extend_schema_field(in_both({"type": "string"}))
class SentText(SentInBoth):
    """A text that takes the place of another, so in both languages; one may be empty."""

    def __init__(self, longest: int = 1000, **options: Any) -> None:
        child = serializers.CharField(allow_blank=True, max_length=longest)
        super().__init__(child=child, **options)


class MomentField(serializers.DateTimeField):
    """A moment that every calendar can hold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators += [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]

    def run_validation(self, data: Any = empty) -> Any:
        try:
            return super().run_validation(data)
        except OverflowError:  # the year 1 in the zone of the site is before the first day
            self.fail("overflow")


class DayField(serializers.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators += [MinValueValidator(EARLIEST.date()), MaxValueValidator(LATEST.date())]
