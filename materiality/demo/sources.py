"""The sources of the demo's double round: invented, and coded by two who are simulated."""

from datetime import date
from typing import Any

from django.contrib.auth.models import User

from materiality import actions
from materiality.demo.case import rows
from materiality.models import Assessment

FIELDS = ("kind", "title", "origin", "language", "confidentiality")


def record(assessment: Assessment, coders: list[User], manager: User) -> int:
    """Record the sources and have both code their passages; return how many sources.

    :param coders: two, the last to code last; codes name entries of the register, so fill it first.
    """
    sources = {}
    for row in rows("sources.csv"):
        fields: dict[str, Any] = {name: row[name] for name in FIELDS}
        fields["dated"] = date.fromisoformat(row["dated"])
        sources[row["key"]] = actions.add_source(assessment=assessment, by=manager, **fields)
    for row in rows("passages.csv"):
        passage = actions.add_passage(
            source=sources[row["source"]],
            text=row["text"],
            place=row["place"],
            released=row["released"],
            by=manager,
        )
        for coder, who in zip(coders, ("first", "second"), strict=True):
            topics, iros = row[f"topics_{who}"].split(), row[f"iros_{who}"].split()
            actions.code_passage(passage=passage, topics=topics, iros=iros, by=coder)
    return len(sources)
