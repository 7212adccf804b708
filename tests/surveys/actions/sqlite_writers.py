"""Sixteen writers at one SQLite file, each on a connection it keeps.

    python -m tests.surveys.actions.sqlite_writers prepare|write|early|check

The file is DATABASE_URL's. `write` prints each comment when the product says that it is kept,
`early` before it is; `check` prints what the file holds. A comment is a number, and later ones are
greater, whichever process wrote them.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import django

WRITERS = 16
COMMENTS = 20


def prepare() -> None:
    """Print the tokens of sixteen who have begun."""
    from surveys.actions import answer
    from tests.builders import consent_of, make_links, make_survey
    from tests.databases import migrate_quickly

    migrate_quickly()
    survey = make_survey(topics=5)
    tokens = make_links(survey, WRITERS)
    for token in tokens:
        answer.start(token, consent_of(survey))
    print(json.dumps(tokens))


def write(early: bool) -> None:
    """Write comment after comment, all writers at once."""
    from django.db import OperationalError, connection

    from surveys.actions import answer

    def tell(*parts: object) -> None:
        os.write(1, (" ".join(map(str, parts)) + "\n").encode())

    def comment(token: str) -> None:
        opened = set()
        for _comment in range(COMMENTS):
            number = time.monotonic_ns()
            try:
                if early:
                    tell("kept", token, number)
                answer.save(token, {}, str(number))
                if not early:
                    tell("kept", token, number)
            except OperationalError as error:
                tell("refused", token, error)
            opened.add(id(connection.connection))
        tell("connections", len(opened))
        connection.close()

    with ThreadPoolExecutor(WRITERS) as crowd:
        list(crowd.map(comment, json.loads(sys.stdin.read())))


def check() -> None:
    """Print each person's comment."""
    from surveys.visit.visits import find

    visits = {token: find(token) for token in json.loads(sys.stdin.read())}
    print(json.dumps({token: visit.draft.comment for token, visit in visits.items()}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "materiality.project.settings")
    django.setup()
    act = sys.argv[1]
    if act == "prepare":
        prepare()
    elif act == "check":
        check()
    else:
        write(early=act == "early")
