"""People who answer, again and again until they are thanked, and remember what they were told."""

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from typing import Any
from uuid import uuid4

AGAIN = (0, 408, 425, 429, 500, 502, 503, 504)
PATIENCE = 5
PATH = "/api/v1/responses/"


@dataclass
class Asked:
    """A survey: its people's tokens with the hash each is stored under, and a whole answer."""

    tokens: list[tuple[str, str]]
    questions: list[int]
    consent: str

    def body(self, submission: str) -> bytes:
        ratings = {str(key): 4 for key in self.questions}
        said = {"submission": submission, "consent": self.consent, "ratings": ratings}
        return json.dumps({**said, "comment": "Plant trees"}).encode()


def send(
    port: int,
    token: str,
    body: bytes,
    host: str = "127.0.0.1",
    headers: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Return status and receipt; 0 if there was no answer.

    :param headers: what a proxy in front adds.
    """
    connection = HTTPConnection(host, port, timeout=PATIENCE)
    own = {"Authorization": f"Invitation {token}", "Content-Type": "application/json"}
    try:
        connection.request("POST", PATH, body, own | (headers or {}))
        said = connection.getresponse()
        text = said.read()
        receipt = json.loads(text).get("receipt", "") if said.status in (200, 201) else ""
        return said.status, receipt
    except (OSError, HTTPException, ValueError):
        return 0, ""
    finally:
        connection.close()


@dataclass
class Crowd:
    """Some people at once; each has people of its own to answer for, and begins with the first
    again when all have answered."""

    asked: Asked
    ports: list[int]
    people: int = 6
    pause: float = 0.0
    host: str = "127.0.0.1"
    headers: dict[str, str] = field(default_factory=dict)
    thanked: dict[str, tuple[str, str]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    thanks: int = 0
    moments: list[float] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Crowd":
        for number in range(self.people):
            thread = threading.Thread(target=self._answer, args=[number])
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(120)

    def _answer(self, number: int) -> None:
        mine, dice = self.asked.tokens[number :: self.people], random.Random(number)
        at = 0
        while not self._ended.is_set():
            token, digest = mine[at % len(mine)]
            at += 1
            submission = str(uuid4())
            body = self.asked.body(submission)
            end = time.monotonic() + 60
            while time.monotonic() < end:
                status, receipt = send(
                    dice.choice(self.ports), token, body, self.host, self.headers
                )
                self.statuses[status] += 1
                if status not in AGAIN:
                    break
                time.sleep(0.05)
            if receipt:
                self.thanked[digest] = (submission, receipt)
                self.thanks += 1
                self.moments.append(time.monotonic())
            else:
                self.thanked.pop(digest, None)  # not known what is stored
            time.sleep(self.pause)

    def longest_gap(self, start: float) -> float:
        """Return the longest time since `start` in which nobody was thanked, in seconds."""
        moments = [start, *sorted(moment for moment in self.moments if moment > start)]
        return max((after - before for before, after in pairwise(moments)), default=0.0)

    def rate(self) -> float:
        """Return how many were thanked a second."""
        return (len(self.moments) - 1) / (max(self.moments) - min(self.moments))

    def wait_for_thanks(self, more: int = 1, patience: float = 60) -> bool:
        """Wait until so many more were thanked."""
        wanted, end = self.thanks + more, time.monotonic() + patience
        while self.thanks < wanted and time.monotonic() < end:
            time.sleep(0.02)
        return self.thanks >= wanted


def compared(thanked: dict[str, tuple[str, str]], stored: list[tuple[Any, ...]]) -> dict[str, int]:
    """Return how many of those who were thanked are not stored as they were told, or twice."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for digest, submission, receipt in stored:
        rows.setdefault(digest, []).append((str(submission).replace("-", ""), receipt))
    lost = sum(
        (submission.replace("-", ""), receipt) not in rows.get(digest, [])
        for digest, (submission, receipt) in thanked.items()
    )
    return {"lost": lost, "duplicates": sum(len(each) - 1 for each in rows.values())}
