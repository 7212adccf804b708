"""Where is the product written as the house does not write? Each place is named, none may be.

A name like “found” or “told” says how a value came and not what it holds. A comprehension inside
one that is returned, and a conditional expression inside another, have to be read twice; a
statement before them does not. Keys of documents and fields of the API are names of the format,
which stay: the classes of `TypedDict` and of serializers.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("materiality", "surveys")

PARTICIPLES = {
    "asked", "collected", "found", "kept", "looked", "meant", "prepared", "said", "told",
}  # fmt: skip
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def faults(folders: tuple[Path, ...] = ()) -> list[str]:
    """Return a line for each place, as “file:line: what is wrong”."""
    lines = []
    for folder in folders or tuple(ROOT / name for name in PRODUCT):
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts:
                lines += [f"{path}:{number}: {fault}" for number, fault in sorted(_in(path))]
    return lines


def _in(path: Path) -> Iterator[tuple[int, str]]:
    if path.stem in PARTICIPLES:
        yield 1, f"the module is named {path.stem}: name what it holds"
    tree = ast.parse(path.read_text("utf-8"))
    of_format = set(_keys_of_formats(tree))
    for node in ast.walk(tree):
        if node not in of_format:
            for name in PARTICIPLES.intersection(_bound(node)):
                yield node.lineno, f"{name} is bound: name what it holds"  # type: ignore[attr-defined]
        if isinstance(node, ast.Return) and _has_nested(node, COMPREHENSIONS):
            yield node.lineno, "a comprehension inside one that is returned: write a statement"
        if isinstance(node, ast.IfExp) and _within(node, (ast.IfExp,)):
            yield node.lineno, "a conditional expression inside another: write a statement"


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node binds."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        yield node.attr
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.alias):
        yield node.asname or node.name
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name


def _keys_of_formats(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the names of keys of a document and of fields of the API."""
    typed = {"TypedDict"}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = [ast.unparse(base) for base in node.bases]
        if typed.intersection(bases):
            typed.add(node.name)
        elif not any("Serializer" in base for base in bases):
            continue
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign):
                yield statement.target
            elif isinstance(statement, ast.Assign):
                yield from statement.targets


def _within(node: ast.AST, kinds: tuple[type[ast.AST], ...]) -> bool:
    return any(isinstance(one, kinds) for one in ast.walk(node) if one is not node)


def _has_nested(node: ast.AST, kinds: tuple[type[ast.AST], ...]) -> bool:
    return any(isinstance(one, kinds) and _within(one, kinds) for one in ast.walk(node))


def main() -> int:
    lines = faults()
    for line in lines:
        sys.stderr.write(f"{line}\n")
    sys.stdout.write(f"names and shapes that the house does not write: {len(lines)}\n")
    return min(len(lines), 1)


if __name__ == "__main__":
    sys.exit(main())
