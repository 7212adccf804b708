"""Inputs → Results; equal inputs that are looked at again are not computed again."""

import hashlib
import marshal
from collections import OrderedDict
from threading import Lock
from typing import Any, cast

from materiality.document import assemble, canonical
from materiality.document.schema import Inputs
from materiality.method import evaluate
from materiality.results import Results

MOST_KEPT = 8  # a round of 200 topics and 40 groups takes some megabytes
_BY_VALUE = (
    2  # the format of `marshal` in which equal values are equal bytes: later ones refer back
)

_kept: OrderedDict[str, Results] = OrderedDict()
_one_at_a_time = Lock()


def results_from(inputs: Inputs) -> Results:
    """Compute the results of these inputs: what is decided, approved or locked rests on them."""
    return Results(assemble(inputs, evaluate(inputs)))


def results_seen(inputs: Inputs) -> Results:
    """Return the same for a page, computed once in a process for equal inputs.

    The method is a pure function of its inputs, so nothing can be out of date: another rating,
    weight or word is another key.
    """
    key = _key(inputs)
    with _one_at_a_time:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    results = results_from(inputs)
    with _one_at_a_time:
        _kept[key] = results
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return results


def _key(inputs: Inputs) -> str:
    """Return what equal inputs share in this process, in a sixth of the time of their digest.

    Of large rounds the digest, which writes a million numbers as text, was a third of a page.
    """
    try:
        written = marshal.dumps(cast(Any, inputs), _BY_VALUE)
    except ValueError:  # a choice that was set and not read back yet is a text for JSON alone
        written = canonical(inputs).encode()
    return hashlib.sha256(written).hexdigest()
