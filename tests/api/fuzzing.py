"""Ask a running API what its schema allows and forbids, and read whether it answers as it says."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)


@dataclass(frozen=True)
class Outcome:
    """What a run met. `failures`: operation and what was wrong with an answer to it."""

    requests: int
    statuses: Mapping[int, int]
    failures: list[str]
    said: str

    @property
    def server_errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500)


def fuzz(
    url: str,
    token: str,
    folder: Path,
    *,
    examples: int,
    ids: Mapping[str, int],
    only: str = "/",
    phases: str = "examples,coverage,fuzzing",
) -> Outcome:
    """Run schemathesis against the API at `url`.

    :param examples: how many calls are made up of each operation.
    :param ids: path regex → the id that is there, so that calls reach something.
    :param only: regex of the paths to call.
    """
    (folder / "schemathesis.toml").write_text(_config(ids))
    report = folder / "events.ndjson"
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "st"), "run", f"{url}/api/v1/schema/",
            "--header", f"Authorization: Token {token}", "--header", "Accept-Language: en",
            "--checks", CHECKS, "--max-examples", str(examples), "--seed", "1", "--no-color",
            "--phases", phases, "--continue-on-failure", "--no-shrink",
            "--warnings", "off", "--suppress-health-check", "all", "--generation-database", "none",
            "--report", "ndjson", "--report-ndjson-path", str(report),
            "--include-path-regex", only, "--exclude-path-regex", "/(schema|docs)/$",
            "--request-timeout", "60",
        ],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    return _read(report, done.stdout + done.stderr)


def _config(ids: Mapping[str, int]) -> str:
    lines = ["[parameters]"]
    for regex, pk in ids.items():
        lines += ["", "[[operations]]", f"include-path-regex = '{regex}'"]
        lines += [f"parameters = {{ 'path.id' = {pk} }}"]
    return "\n".join(lines) + "\n"


def _read(report: Path, said: str) -> Outcome:
    statuses: dict[int, int] = {}
    failures: list[str] = []
    for line in report.read_text().splitlines() if report.exists() else ():
        _walk(json.loads(line), statuses, failures)
    return Outcome(sum(statuses.values()), statuses, failures, said)


def _walk(node: object, statuses: dict[int, int], failures: list[str]) -> None:
    """Count answers and failed checks, wherever an event holds them."""
    if isinstance(node, list):
        for each in node:
            _walk(each, statuses, failures)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("status_code"), int):
        status = node["status_code"]
        statuses[status] = statuses.get(status, 0) + 1
    if node.get("status") == "failure" and "name" in node:
        failures.append(f"{node['name']}: {json.dumps(node)[:300]}")
    for each in node.values():
        _walk(each, statuses, failures)
