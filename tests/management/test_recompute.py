import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from materiality.document import assemble, canonical
from materiality.method import evaluate
from tests.samples import sample_inputs

ROOT = Path(__file__).resolve().parents[2]


def recompute(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as an auditor would: a process of its own, and no database at all."""
    environment = os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere"}
    return subprocess.run(
        [sys.executable, "manage.py", "recompute", *arguments],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_prints_the_results_of_the_bundle_digit_for_digit(tmp_path):
    inputs = sample_inputs()
    document = assemble(inputs, evaluate(inputs))
    file = tmp_path / "bundle.json"
    file.write_text(canonical(document), encoding="utf-8")

    printed = recompute(str(file))

    assert printed.returncode == 0
    assert printed.stdout.strip() == canonical(document["results"])


def test_it_reads_standard_input():
    bundle = {"format": "materiality-bundle", "version": 1, "inputs": sample_inputs()}

    printed = recompute("-", given=json.dumps(bundle))

    assert len(json.loads(printed.stdout)["topics"]) == 14


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("not json", "This is not a JSON file"),
        ('{"format": "something else"}', "This is not a materiality bundle"),
        ('{"format": "materiality-bundle", "version": 99}', "Bundle version 99 is unknown"),
        ('{"format": "materiality-bundle", "version": 1}', "inputs"),
        ('{"format": "materiality-bundle", "version": 1, "inputs": []}', "inputs"),
        (
            '{"format": "materiality-bundle", "version": 1, "inputs": {"topics": 7}}',
            "inputs.topics",
        ),
    ],
)
def test_a_broken_bundle_gets_one_clear_line_and_exit_code_2(tmp_path, content, says):
    file = tmp_path / "bundle.json"
    file.write_text(content)

    with pytest.raises(CommandError, match=re.escape(says)) as refused:
        call_command("recompute", str(file))

    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_gets_one_clear_line_too():
    refused = recompute("/nowhere/bundle.json")

    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1
