"""Which public functions of the analysis does nothing in the product call? None may be.

A function is reached if it is named outside the analysis, or by something of the analysis that
is. What no page, API or file uses lives in `tests/reference`, for tests to compare with.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ANALYSIS = ROOT / "materiality/analysis"
PRODUCT = ("materiality", "surveys")


def unreached(analysis: Path = ANALYSIS, product: tuple[Path, ...] = ()) -> list[str]:
    """Return the public functions of the analysis that nothing in the product leads to."""
    folders = product or tuple(ROOT / name for name in PRODUCT)
    calls, public = _within(analysis)
    result: set[str] = set()
    waiting = {name for folder in folders for name in _named_outside(folder, analysis)}
    while waiting:
        name = waiting.pop()
        if name not in result:
            result.add(name)
            waiting |= calls.get(name, set())
    return sorted(public - result)


def _within(analysis: Path) -> tuple[Mapping[str, set[str]], set[str]]:
    """Return what each name of the analysis uses, and its public functions."""
    calls: dict[str, set[str]] = {}
    public: set[str] = set()
    for path in sorted(analysis.glob("*.py")):
        if path.name == "__init__.py":
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            for name in _defined(node):
                calls[name] = calls.get(name, set()) | _used(node)
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                public.add(node.name)
    return calls, public


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _used(node: ast.AST) -> set[str]:
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return names | {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}


def _named_outside(folder: Path, analysis: Path) -> Iterator[str]:
    """Yield what files outside the analysis import from it, or name as `analysis.…`."""
    for path in folder.rglob("*.py"):
        if analysis in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                if (node.module or "").startswith("materiality.analysis"):
                    yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "analysis":
                yield node.attr


def main() -> int:
    names = unreached()
    for name in names:
        sys.stderr.write(f"materiality.analysis.{name} is called by nothing in the product\n")
    sys.stdout.write(f"unreachable public functions of the analysis: {len(names)}\n")
    return min(len(names), 1)


if __name__ == "__main__":
    sys.exit(main())
