"""How locked rows give way to a warrant, and what the database asks of a warrant itself.

Whoever writes SQL as the site's user gets no further than the product: a request waits its time
by the database's own clock, in sight of every owner, before a warrant is taken at all. A warrant
allows to delete, never to change; it stays until its organisation is gone, and is gone after it.
"""

from collections.abc import Iterator

from materiality.models.deletions import WAIT
from materiality.models.immutability import Trigger

WARRANTS = "materiality_warrant"
DELETIONS = "materiality_deletion"
MESSAGE = "an organisation is deleted by its owner, after the waiting time, and with proof"
MINUTES = 5  # by which the clocks of the database and of a web host may differ

OF_ROUND = "(SELECT a.organisation_id FROM materiality_assessment AS a WHERE a.id = {round})"
OF_SURVEY = "(SELECT q.organisation_id FROM surveys_survey AS q WHERE q.id = {survey})"


def unwarranted_round(round_: str) -> str:
    """Return the condition that no warrant names the organisation of a round."""
    return _unwarranted(OF_ROUND.format(round=round_))


def unwarranted_survey(survey: str) -> str:
    """Return the condition that no warrant names the organisation of a survey."""
    return _unwarranted(OF_SURVEY.format(survey=survey))


def _unwarranted(organisation: str) -> str:
    named = f"SELECT 1 FROM {WARRANTS} AS w WHERE w.organisation = {organisation}"  # noqa: S608
    return f"NOT EXISTS ({named})"


def warrant_triggers(vendor: str) -> Iterator[Trigger]:
    """Yield the triggers: requests wait, warrants follow, and surveys stay whose they are."""
    yield from _of_requests(vendor)
    yield from _of_warrants(vendor)
    yield Trigger(  # or another's survey could be moved under a warrant
        "surveys_survey",
        "surveys_survey_stays",
        "update",
        "OLD.organisation_id <> NEW.organisation_id",
        columns=("organisation_id",),
        message=MESSAGE,
    )
    if vendor == "postgresql":
        for table in (DELETIONS, WARRANTS):
            yield Trigger(table, f"{table}_no_truncate", "truncate", message=MESSAGE)


def _of_requests(vendor: str) -> Iterator[Trigger]:
    fresh = "NEW.begun_at IS NULL AND NEW.ended_at IS NULL"
    waits = f"NEW.not_before >= {_moment(vendor, WAIT.days, -MINUTES)}"
    yield _trigger(
        DELETIONS, "insert", f"NOT ({fresh} AND {waits}) OR {_replaces(vendor, DELETIONS)}"
    )
    yield Trigger(
        DELETIONS,
        f"{DELETIONS}_stands",
        "update",
        columns=("id", "organisation", "token", "asked_at", "not_before"),
        message=MESSAGE,
    )
    there = _exists("surveys_organisation", "o.id = NEW.organisation")
    yield Trigger(
        DELETIONS,
        f"{DELETIONS}_guarded_update",
        "update",
        f"OLD.ended_at IS NOT NULL OR (NEW.ended_at IS NOT NULL AND {there})",
        but=("asked_by_id", "swept_at"),
        message=MESSAGE,
    )
    begun = _exists(WARRANTS, "o.organisation = OLD.organisation")
    yield _trigger(DELETIONS, "delete", f"OLD.ended_at IS NOT NULL OR {begun}")


def _of_warrants(vendor: str) -> Iterator[Trigger]:
    now = _moment(vendor, 0, 0)
    due = _exists(
        DELETIONS,
        f"o.organisation = NEW.organisation AND o.ended_at IS NULL AND o.not_before <= {now}",
    )
    shut = _exists("surveys_organisation", "o.id = NEW.organisation AND o.suspended_at IS NOT NULL")
    yield _trigger(WARRANTS, "insert", f"NOT ({due} AND {shut}) OR {_replaces(vendor, WARRANTS)}")
    yield _trigger(WARRANTS, "update", "")
    yield _trigger(WARRANTS, "delete", _exists("surveys_organisation", "o.id = OLD.organisation"))


def _trigger(table: str, verb: str, condition: str) -> Trigger:
    return Trigger(table, f"{table}_guarded_{verb}", verb, condition, message=MESSAGE)


def _exists(table: str, condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} AS o WHERE {condition})"  # noqa: S608


def _replaces(vendor: str, table: str) -> str:
    """Whether SQLite's OR REPLACE would push a row out of the way without deleting it."""
    if vendor != "sqlite":
        return "FALSE"
    return _exists(table, "o.id = NEW.id OR o.organisation = NEW.organisation")


def _moment(vendor: str, days: int, minutes: int) -> str:
    """Return the database's clock, moved; on SQLite as Django writes moments."""
    if vendor == "sqlite":
        return f"strftime('%Y-%m-%d %H:%M:%f', 'now', '{days:+d} days', '{minutes:+d} minutes')"
    return f"(clock_timestamp() + interval '{days} days' + interval '{minutes} minutes')"
