"""docs/method.md names every public function, and every example in the docstrings runs."""

import ast
import doctest
import inspect
import pkgutil
import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

from materiality import analysis

METHOD = (Path(__file__).parents[2] / "docs" / "method.md").read_text("utf-8")
FUNCTIONS = [name for name in analysis.__all__ if inspect.isfunction(getattr(analysis, name))]
MODULES = sorted(module.name for module in pkgutil.iter_modules(analysis.__path__))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_method_names_the_function(name):
    assert re.search(rf"`{name}`", METHOD)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_function_says_what_it_does(name):
    documentation = inspect.getdoc(getattr(analysis, name)) or ""

    assert len(documentation.splitlines()[0]) > 20


def test_the_method_names_no_function_that_is_gone():
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", METHOD))

    assert sorted(named - set(analysis.__all__) - NOT_FUNCTIONS) == []


NOT_FUNCTIONS = {
    "cannot_tell",
    "alonso_lamata_2006",
    "covered_weight",
    "effective_n",
    "known_shares",
    "not_comparable",
    "random_raw",
    "saaty_1980",
    "saaty_later",
    "set_topics",
    "survey_progress",
    "within_noise",
}


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name):
    failed, _ = doctest.testmod(import_module(f"materiality.analysis.{name}"))

    assert failed == 0


def test_the_analysis_is_pure():
    assert roots_imported() <= {*sys.stdlib_module_names, "numpy", "scipy", "materiality"}


def test_the_analysis_imports_nothing_else_of_the_project():
    own = {name for name in imported() if name.startswith("materiality")}

    assert {name for name in own if not name.startswith("materiality.analysis")} == set()


def roots_imported():
    return {name.partition(".")[0] for name in imported()}


def imported():
    """Return every module that a module of the analysis imports, wherever in the file."""
    result = set()
    for path in Path(analysis.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                result |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                result.add(node.module or "")
    return result


def rows_of_formulas():
    """Return, per table row of the method, its functions and the pages it names."""
    rows = []
    header: list[str] = []
    for line in METHOD.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line[:1] == "|" else []
        if cells and cells[0].strip("| ") == "Function":
            header = cells
        elif cells and header and cells[0].startswith("`"):
            rows.append((re.findall(r"`(\w+)`", cells[0]), re.findall(r"`(\w+)`", cells[-1])))
        elif not cells:
            header = []
    return rows


def test_each_formula_names_pages_that_exist():
    from django.urls import get_resolver

    def names(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from names(pattern.url_patterns)
            else:
                yield pattern.name

    pages = set(names(get_resolver("materiality.web.urls").url_patterns))
    rows = rows_of_formulas()

    assert {name for functions, _ in rows for name in functions} >= set(FUNCTIONS)
    assert [functions for functions, shown in rows if not shown] == []
    assert sorted({page for _, shown in rows for page in shown} - pages) == []


def test_the_method_lists_only_what_a_round_can_use():
    """Every listed function is reached from a page, the API or a file."""
    from tests.reachable import unreached

    assert unreached() == []
