"""The product binds no name that says how a value came, and nests nothing that is read twice."""

import pytest

from tests.prose import faults


def test_the_product_is_written_as_the_house_writes():
    assert faults() == []


@pytest.mark.parametrize(
    "line",
    [
        "found = 1",
        "for said in ():\n    pass",
        "def told(): ...",
        "def count(*, asked): ...",
        "class kept: ...",
        "rows = [looked for looked in ()]",
        "if (meant := 1):\n    pass",
        "self.prepared = 1",
        "from rooms import register as said",
        "from rooms import collected",
        "with open('x') as found:\n    pass",
        "try:\n    pass\nexcept OSError as told:\n    pass",
        "def rows(): return [[one for one in row] for row in ()]",
        "def rows(): return {key: max(one for one in row) for key, row in ()}",
        "size = 1 if a else 2 if b else 3",
        "size = (1 if a else 2) if b else 3",
    ],
)
def test_each_of_them_is_named_with_its_place(tmp_path, line):
    path = tmp_path / "page.py"
    path.write_text(f"# first\n{line}\n")

    [fault] = faults((tmp_path,))

    assert fault.startswith((f"{path}:2: ", f"{path}:4: "))


def test_a_module_is_named_too(tmp_path):
    (tmp_path / "found.py").write_text("")

    assert faults((tmp_path,)) == [
        f"{tmp_path / 'found.py'}:1: the module is named found: name what it holds"
    ]


def test_what_the_house_writes_is_no_fault(tmp_path):
    (tmp_path / "page.py").write_text(
        "class Row(TypedDict):\n    kept: list[str]\n"
        "class More(Row):\n    asked: int\n"
        "class RowSerializer(serializers.Serializer[Any]):\n    asked = IntegerField()\n"
        "def rows(entries):\n"
        "    parts = [[one for one in row] for row in entries.found]\n"
        "    return [part for part in parts if told(part)]\n"
        "size = 1 if a else 2\n"
    )

    assert faults((tmp_path,)) == []
