"""What a view says of a topic on one side of which the register has no entry.

Where the register alone feeds the axes, a side without an entry is no missing score: nothing was
identified there. So the verdict is that of the other side.
"""

from materiality.analysis.arrays import TOLERANCE
from materiality.document.schema import AXES, Axis, Inputs, View, ViewPlace
from materiality.method.feeding import REGISTER, feeds_of
from materiality.method.register import AXES as KINDS_OF_SIDE


def has_no_entry(inputs: Inputs, view: View, topic: str, axis: Axis) -> bool:
    """Return whether the register, which alone feeds this axis, has no open entry of the topic."""
    register, kinds = inputs.get("register"), KINDS_OF_SIDE.get(view[axis])
    if register is None or kinds is None or feeds_of(inputs) != REGISTER:
        return False
    return not any(row["topic"] == topic and row["kind"] in kinds for row in register["entries"])


def settled(inputs: Inputs, view: View, place: ViewPlace) -> ViewPlace:
    """Return the place with the verdict of its one side, if the register has no entry on the other.

    A verdict that is known stays as it is, and so does one without an entry on either side.
    """
    cuts = view.get("cuts")
    if place["basis"] != "unknown" or not cuts:
        return place
    scored: list[Axis] = [axis for axis in AXES if place[axis] is not None]
    lacking = [axis for axis in AXES if has_no_entry(inputs, view, place["code"], axis)]
    if len(scored) != 1 or len(lacking) != 1:
        return place
    [axis] = scored
    is_reached = (place[axis] or 0.0) >= cuts[axis] - TOLERANCE
    is_enough = view.get("combine", "either") == "either"
    basis = view[axis] if is_reached else "none"
    return {**place, "material": is_reached and is_enough, "basis": basis}
