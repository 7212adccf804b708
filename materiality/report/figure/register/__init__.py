"""Pictures of the register: a heat map for each kind of entry, and the value chain.

`heat` and `chain` lay out records to shapes; `pen` writes those down, in print with literal
colours, on a page with the classes of workspace.css.
"""
