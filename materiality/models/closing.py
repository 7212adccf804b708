"""What a locked round's rows are closed against, in the database: adding, changing, deleting.

Each table says how its row leads to its round. The log may still tell of the content index and the
look of the report, which are made after the lock, of erasing people, which no lock stands against,
and of putting the round into the archive; its head moves with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from materiality.models.events import AFTER_THE_LOCK
from materiality.models.freezing import FROZEN, VERSIONS, freezing_triggers
from materiality.models.immutability import (
    RECORDS,
    SNAPSHOTS,
    Trigger,
    definition,
    install,
    record_triggers,
    remove,
    triggers_in_force,
)
from materiality.models.warrants import (
    DELETIONS,
    WARRANTS,
    unwarranted_round,
    unwarranted_survey,
    warrant_triggers,
)


@dataclass(frozen=True)
class Closing:
    """How a row leads to its round, what is unique beside the key, what may still be written."""

    round: str = "{row}.assessment_id"
    unique: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ("insert", "update", "delete")
    but_columns: tuple[str, ...] = ()
    but_inserts: str = ""


OF_TOPIC = "(SELECT t.assessment_id FROM materiality_topic AS t WHERE t.id = {row}.topic_id)"
OF_IRO = "(SELECT i.assessment_id FROM materiality_iro AS i WHERE i.id = {row}.iro_id)"
OF_PASSAGE = "(SELECT p.assessment_id FROM materiality_passage AS p WHERE p.id = {row}.passage_id)"
OF_GROUP = (
    "(SELECT g.assessment_id FROM materiality_stakeholdergroup AS g WHERE g.id = {row}.group_id)"
)
OF_SURVEY = (
    "(SELECT r.assessment_id FROM materiality_assessment_surveys AS r"  # noqa: S608
    f" JOIN {SNAPSHOTS} AS l ON l.assessment_id = r.assessment_id"
    " WHERE r.survey_id = {row}.survey_id LIMIT 1)"
)
CLOSED: Mapping[str, Closing] = {
    "materiality_assessment": Closing(
        "{row}.id",
        ("previous_id",),
        verbs=("update", "delete"),
        but_columns=("log_head", "archived_at"),
    ),
    "materiality_assessment_surveys": Closing(),
    "materiality_dimension": Closing(),
    "materiality_topic": Closing(),
    "materiality_topicquestion": Closing(OF_TOPIC, ("question_id",)),
    "materiality_stakeholdergroup": Closing(unique=("audience_id",)),
    "materiality_engagement": Closing(OF_GROUP),
    "materiality_weight": Closing(OF_GROUP),
    "materiality_succession": Closing(),
    "materiality_decision": Closing(OF_TOPIC),
    "materiality_explanation": Closing(),
    "materiality_evidencefile": Closing(),
    "materiality_roundcontext": Closing(unique=("assessment_id",)),
    "materiality_chainstep": Closing(),
    "materiality_sourcerecord": Closing(),
    "materiality_passage": Closing(),
    "materiality_coding": Closing(OF_PASSAGE),
    "materiality_iro": Closing(),
    "materiality_iroline": Closing(),
    "materiality_irolink": Closing(),
    "materiality_iroassignment": Closing(OF_IRO),
    "materiality_iroscore": Closing(OF_IRO),
    "materiality_irothreshold": Closing(),
    "materiality_iroscale": Closing(),
    "materiality_remark": Closing(verbs=("insert",)),
    "surveys_comment": Closing(OF_SURVEY),
    "materiality_approval": Closing(verbs=("insert",)),
    "materiality_event": Closing(
        verbs=("insert",),
        but_inserts="NEW.verb NOT IN ({})".format(
            ", ".join(f"'{verb}'" for verb in AFTER_THE_LOCK)
        ),
    ),
}


def close_locked_rounds(connection: BaseDatabaseWrapper) -> None:
    """Install every trigger, of records too: SQLite drops them where a table was made anew."""
    for trigger in _all(connection):
        install(connection, trigger)


def open_locked_rounds(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger: to undo a migration, and where tests empty their database."""
    for trigger in _all(connection):
        remove(connection, trigger)


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the triggers that are not in the database, or are not what they should be."""
    triggers = triggers_in_force(connection)
    return [
        trigger.name
        for trigger in sorted(_all(connection), key=lambda one: one.name)
        if triggers.get(trigger.name) != definition(connection, trigger)
    ]


def _all(connection: BaseDatabaseWrapper) -> Iterator[Trigger]:
    """Yield the triggers of the tables there are: while migrating, some are not there yet.

    Before there are warrants, nothing gives way to one.
    """
    there = set(connection.introspection.table_names())
    vendor, gives_way = connection.vendor, WARRANTS in there
    for table in there.intersection(RECORDS):
        yield from record_triggers(vendor, table, _unwarranted_record(table) if gives_way else "")
    for table in there.intersection(CLOSED) if SNAPSHOTS in there else ():
        yield from _closing_triggers(vendor, table, CLOSED[table], gives_way=gives_way)
    for table in there.intersection(FROZEN) if VERSIONS in there else ():
        yield from freezing_triggers(vendor, table, gives_way=gives_way)
    if {WARRANTS, DELETIONS} <= there:
        yield from warrant_triggers(vendor)


def _unwarranted_record(table: str) -> str:
    if table == VERSIONS:
        return unwarranted_survey("OLD.survey_id")
    return unwarranted_round("OLD.assessment_id")


def _closing_triggers(
    vendor: str, table: str, closing: Closing, *, gives_way: bool
) -> Iterator[Trigger]:
    old, new = (_locked(closing.round.format(row=row)) for row in ("OLD", "NEW"))
    replaced = _replaces(table, closing) if vendor == "sqlite" else "FALSE"
    only = f" AND {closing.but_inserts}" if closing.but_inserts else ""
    conditions = {
        "insert": f"({new}{only}) OR {replaced}",
        "update": f"{old} OR {new} OR {replaced}",
        "delete": old,
    }
    if gives_way:
        of_old = closing.round.format(row="OLD")
        conditions["delete"] = f"{old} AND {unwarranted_round(of_old)}"
    for verb in closing.verbs:
        but = closing.but_columns if verb == "update" else ()
        yield Trigger(table, f"{table}_closed_{verb}", verb, conditions[verb], but)
    if vendor == "postgresql" and "delete" in closing.verbs:
        any_locked = f"EXISTS (SELECT 1 FROM {SNAPSHOTS})"  # noqa: S608, the name is ours
        yield Trigger(table, f"{table}_closed_truncate", "truncate", any_locked)


def _locked(round_: str) -> str:
    rows = f"SELECT 1 FROM {SNAPSHOTS} AS s WHERE s.assessment_id = {round_}"  # noqa: S608
    return f"EXISTS ({rows})"


def _replaces(table: str, closing: Closing) -> str:
    """Whether OR REPLACE would push a row of a locked round out of the way."""
    same = " OR ".join(f"o.{column} = NEW.{column}" for column in ("id", *closing.unique))
    locked = _locked(closing.round.format(row="o"))
    return f"EXISTS (SELECT 1 FROM {table} AS o WHERE ({same}) AND {locked})"  # noqa: S608
