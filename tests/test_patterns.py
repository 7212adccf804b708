"""No regular expression is held up by a text: twice the text takes twice as long, not four times.

Two readers look: regexploit at the pattern itself, and a clock at each pattern on texts made of
the signs it knows.
"""

import ast
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("surveys", "materiality")
FUNCTIONS = ("compile", "match", "search", "fullmatch", "findall", "finditer", "sub", "split")
SEEKING = ("search", "findall", "finditer", "sub", "subn", "split")
CLASSES = frozenset({"RegexField", "RegexValidator"})
MAY_HAVE_ONE = re.compile(rf"\bre\.|{'|'.join(CLASSES)}")
"""What is in each source that has one: three of four need not be parsed."""
LONG = 20_000
SECONDS = 0.5


@dataclass(frozen=True, order=True)
class Pattern:
    """A regular expression. `seeks`: it is looked for within a text, at each of its places."""

    text: str
    seeks: bool


def patterns_in(source: str) -> Iterator[Pattern]:
    """Yield the regular expressions written in a source: of `re`, of fields and of validators."""
    tree = ast.parse(source)
    names = {
        call: target.id
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)
        for call, target in [(statement.value, statement.targets[0])]
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        owner = getattr(getattr(call.func, "value", None), "id", "")
        first = call.args[0]
        is_one = (owner == "re" and name in FUNCTIONS) or name in CLASSES
        if is_one and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield Pattern(first.value, _seeks(name, names.get(call, ""), source))


def _seeks(function: str, name: str, source: str) -> bool:
    """Tell whether a pattern is looked for; a constant by how its source uses it."""
    if function != "compile":
        return function in SEEKING
    used = re.findall(rf"\b{re.escape(name)}\.(\w+)", source) if name else []
    return not used or any(method in SEEKING for method in used)


def all_patterns() -> list[Pattern]:
    sources = [path for app in OURS for path in sorted((ROOT / app).rglob("*.py"))]
    texts = filter(MAY_HAVE_ONE.search, [path.read_text() for path in sources])
    return sorted({pattern for text in texts for pattern in patterns_in(text)})


def attacks(pattern: str) -> Iterator[str]:
    """Yield long texts of the signs that a pattern names, and of a blank, a digit, a letter."""
    signs = set(re.sub(r"\\[a-zA-Z]|[\[\](){}?*+|^$\\]", "", pattern)) | set(" 1aA.,;-_/\n\t{@，")
    for sign in sorted(signs):
        yield sign * LONG
        yield sign * LONG + "!"
        yield f"a{sign}" * (LONG // 2) + "!"


def slowest(pattern: Pattern) -> float:
    """Return the longest that one of the texts takes, in seconds of this process."""
    compiled, longest = re.compile(pattern.text), 0.0
    use = compiled.search if pattern.seeks else compiled.fullmatch
    for text in attacks(pattern.text):
        begun = time.process_time()
        use(text)
        longest = max(longest, time.process_time() - begun)
        if longest > SECONDS:
            break
    return longest


@pytest.mark.parametrize("pattern", all_patterns(), ids=lambda pattern: pattern.text[:30])
def test_no_pattern_is_held_up_by_a_long_text(pattern):
    assert slowest(pattern) < SECONDS


@pytest.mark.parametrize("pattern", [r"\s+$", r"\s*[,;]\s*x"])
def test_the_control_a_quadratic_pattern_is_noticed(pattern):
    assert slowest(Pattern(pattern, seeks=True)) > SECONDS


def test_the_patterns_are_found_where_they_are_written():
    source = 'A = re.compile("a+")\nA.match(x)\nre.sub("b", "", x)\nRegexField("^c$")\n'

    found = {pattern.text: pattern.seeks for pattern in patterns_in(source)}
    assert found == {"a+": False, "b": True, "^c$": False}
    assert len(all_patterns()) > 20


def second_opinion(*paths: Path) -> str:
    program = shutil.which("regexploit-py", path=str(Path(sys.executable).parent))
    done = subprocess.run([program, *map(str, paths)], capture_output=True, text=True)
    return done.stdout + done.stderr


def test_a_second_reader_finds_none_either():
    said = second_opinion(*(ROOT / app for app in OURS))

    assert "Vulnerable" not in said, said
    assert re.search(r"Processed \d+ regexes", said)


def test_the_control_the_second_reader_finds_one(tmp_path):
    cubic = r"\{\{\s*([^{}]*?)\s*\}\}"
    (tmp_path / "bad.py").write_text(f'import re\nFIELD = re.compile(r"{cubic}")\n')

    assert "Vulnerable" in second_opinion(tmp_path)
