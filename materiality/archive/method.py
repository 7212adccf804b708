"""The method's source as an archive carries it: pure modules, and what stands in for SciPy."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PURE = ("materiality/analysis", "materiality/document", "materiality/method")
ALONE = ("materiality/__init__.py", "materiality/archive/special.py")


def sources() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every file that recomputing needs, below method/."""
    yield "recompute.py", (ROOT / "materiality/archive/recompute.py").read_bytes()
    yield "method/materiality/archive/__init__.py", b""
    for name in ALONE:
        yield f"method/{name}", (ROOT / name).read_bytes()
    for folder in PURE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield f"method/{path.relative_to(ROOT).as_posix()}", path.read_bytes()
