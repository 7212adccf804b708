"""Tables that people hand in, each read by a process of its own once: half a test is its start."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import astuple
from typing import Any, BinaryIO

from surveys.tables import upload

Reader = Callable[..., Iterator[Any]]
SMALL = 1 << 18
"""Bytes of a file worth keeping; larger ones are about what reading costs."""


def read_once(lines: Reader) -> Reader:
    """Return what stands for `lines`: it repeats what was printed of the same bytes before."""
    printed: dict[str, list[str]] = {}

    def lines_once(
        file: BinaryIO, task: str, source: Any, seconds: float | None, *, is_held: bool = False
    ) -> Iterator[Any]:
        file.seek(0)
        content = file.read(SMALL + 1)
        how = [task, source, seconds, is_held, str(upload.READER), astuple(upload.limits())]
        digest = hashlib.sha256(content + json.dumps(how, sort_keys=True).encode()).hexdigest()
        if digest in printed:
            yield from map(json.loads, printed[digest])
            return
        texts = []
        for line in lines(file, task, source, seconds, is_held=is_held):
            texts.append(json.dumps(line))
            yield line
        if len(content) <= SMALL:
            printed[digest] = texts

    return lines_once
