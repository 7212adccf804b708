"""The method: a bundle's inputs in, its results out; pure, and what `recompute` runs."""

from materiality.method.disclosure_audit import audit
from materiality.method.evaluation import combine, evaluate
from materiality.method.insights import insights

__all__ = ["audit", "combine", "evaluate", "insights"]
