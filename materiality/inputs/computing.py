"""Inputs → Results; equal inputs that are looked at again are not computed again."""

from collections import OrderedDict
from threading import Lock

from materiality.bundle import assemble, digest
from materiality.bundle.schema import Inputs
from materiality.method import evaluate
from materiality.results import Results

MOST_KEPT = 8  # a round of 200 topics and 40 groups takes some megabytes

_kept: OrderedDict[str, Results] = OrderedDict()
_one_at_a_time = Lock()


def results_from(inputs: Inputs) -> Results:
    """Compute the results of these inputs: what is decided, approved or locked rests on them."""
    return Results(assemble(inputs, evaluate(inputs)))


def results_seen(inputs: Inputs) -> Results:
    """Return the same for a page, computed once in a process for inputs of equal digest.

    The method is a pure function of its inputs, so nothing can be out of date: another rating,
    weight or word is another digest.
    """
    key = digest(inputs)
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
