"""Was the method fixed before the answers were known? Who changed what after, and what moved."""

from collections.abc import Iterator

from materiality.document.schema import FixedPlan, PlanChange, PlanEffect
from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.report.text import plain

SHOWN = 12  # digits of a digest, enough to tell one from another by eye


def sentences(edition: Edition) -> Iterator[str]:
    """Yield when what was fixed by whom, then each change: by whom, why, what it moved."""
    result = edition.results.document["results"].get("registration")
    registration = edition.results.inputs.get("registration")
    if result is None or registration is None:
        return
    fixed = registration["fixed"]
    if fixed is None:
        yield note.of_plan(edition, "plan_not_fixed")
        return
    yield _fixed(edition, fixed)
    if fixed["stamp"]:
        authority = plain(fixed["stamp"]["authority"]) or edition.say("plan_a_service")
        day = note.day(fixed["stamp"]["at"], edition.language)
        yield edition.say("plan_stamped", authority=authority, date=day)
    if result["state"] == "kept" and not result["changes"]:
        yield edition.say("plan_kept")
    changes = {change["number"]: change for change in registration["changes"]}
    for effect in result["changes"]:
        yield _changed(edition, effect, changes.get(effect["number"] or 0))
    if result["state"] == "kept" and result["changes"]:
        yield edition.say("plan_as_fixed_again")


def _fixed(edition: Edition, fixed: FixedPlan) -> str:
    return note.of_plan(
        edition,
        "plan_fixed",
        who=plain(fixed["by"]) or edition.say("plan_nobody"),
        date=note.day(fixed["at"], edition.language),
        digest=fixed["digest"].removeprefix("sha256:")[:SHOWN],
    )


def _changed(edition: Edition, effect: PlanEffect, change: PlanChange | None) -> str:
    aspects = [edition.say(f"plan_aspect_{aspect}") for aspect in effect["aspects"]]
    when = note.of_plan(edition, "plan_late" if effect["after_answers"] else "plan_early")
    moved = _moved(edition, effect)
    if change is None:
        what = note.enumeration(aspects, edition.language)
        return edition.say("plan_otherwise", aspects=what, moved=moved)
    reason = plain(change["reason"])
    why = edition.say("plan_reason", reason=reason) if reason else edition.say("plan_no_reason")
    return edition.say(
        "plan_changed",
        who=plain(change["by"]) or edition.say("plan_nobody"),
        date=note.day(change["at"], edition.language),
        when=when,
        aspects=note.enumeration(aspects, edition.language),
        reason=why,
        moved=moved,
    )


def _moved(edition: Edition, effect: PlanEffect) -> str:
    if not effect["topics"]:
        return note.of_plan(edition, "plan_moved_none")
    moved = [edition.results.topic(code) for code in effect["topics"]]
    names = [note.topic_name(topic, edition.language) for topic in moved]
    listed = note.enumeration(names, edition.language)
    return note.of_plan(edition, "plan_moved", names=listed)
