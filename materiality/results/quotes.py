"""What people wrote and a reader let out, as a report quotes it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """One comment as it was released, in the language it was written in.

    :ivar group: the name of the group, by language. :ivar topic: that of the topic; {} if untold.
    """

    text: str
    group: Mapping[str, str]
    topic: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quotes:
    """What was chosen to be printed, and of how many.

    :ivar released: how many comments could be printed, chosen or not.
    """

    chosen: tuple[Quote, ...] = ()
    released: int = 0

    @property
    def digest(self) -> str:
        """SHA-256 of everything that is printed of them; "" where nothing is."""
        if not self.chosen:
            return ""
        written = [*map(asdict, self.chosen), self.released]
        return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()
