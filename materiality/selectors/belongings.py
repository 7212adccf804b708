"""Which rows belong to an organisation: whatever leads to it by foreign keys.

The ways follow from the models, over as many steps as it takes, so a new table is in it by itself.
"""

from typing import Any

from django.apps import apps
from django.db import models

from materiality.models import Warrant
from surveys.models import Organisation, Survey

OURS = ("surveys", "materiality")
Table = type[models.Model]


def surveys_keeping_answers() -> models.QuerySet[Survey]:
    """Return the open surveys whose keys are needed.

    Not those of an organisation that is being deleted: their keys go first, and it may be
    interrupted before their rows go.
    """
    going = Warrant.objects.values("organisation")
    return Survey.objects.keeping_answers().exclude(organisation__in=going)


def ways() -> dict[Table, str]:
    """Return each table whose rows belong to an organisation, with a lookup that leads to it.

    The shortest way is taken, one that every row has before one that some rows lack.
    Organisations themselves are the first table, by "pk".
    """
    known: dict[Table, str] = {Organisation: "pk"}
    waiting = _tables()
    while reached := {table: way for table in waiting if (way := _way_of(table, known))}:
        known |= reached
        waiting = [table for table in waiting if table not in known]
    return known


def _tables() -> list[Table]:
    every = [table for app in OURS for table in apps.get_app_config(app).get_models(True)]
    return [table for table in every if table is not Organisation]


def _way_of(table: Table, known: dict[Table, str]) -> str:
    """Return how a row of the table leads to an organisation by one further step, "" if not."""
    steps = sorted(references_of(table), key=lambda field: field.null)
    for field in steps:
        if (beyond := known.get(field.related_model)) is not None:
            return field.name if beyond == "pk" else f"{field.name}__{beyond}"
    return ""


def references_of(table: Table) -> list[Any]:
    """Return the foreign keys of a table."""
    fields = table._meta.concrete_fields
    return [field for field in fields if field.many_to_one or field.one_to_one]


def rows_of(organisation: int) -> dict[Table, models.QuerySet[Any]]:
    """Return the rows of an organisation by table, none of them read yet.

    :param organisation: its number; it may be gone.
    """
    return {
        table: models.QuerySet(table).filter(**{way: organisation}) for table, way in ways().items()
    }


def stored_files(organisation: int) -> list[tuple[Any, str]]:
    """Return storage and name of every file that its rows name."""
    files = []
    for table, rows in rows_of(organisation).items():
        for field in table._meta.concrete_fields:
            if isinstance(field, models.FileField):
                names = rows.exclude(**{field.name: ""}).values_list(field.name, flat=True)
                files += [(field.storage, name) for name in names]
    return files
