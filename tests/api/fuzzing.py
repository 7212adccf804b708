"""Ask a running API what its schema allows and forbids, and read whether it answers as it says."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answering = Callable[[BaseHandler, HttpRequest], HttpResponseBase]

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)


@dataclass(frozen=True)
class Reach:
    """How calls of one operation reach something.

    :param keys: name in the address → the value of a row that is there.
    :param body: one that works; None where none is sent, or a file.
    :param authorization: who calls, where it is not whoever calls all others.
    """

    keys: Mapping[str, Any]
    body: Any = None
    authorization: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a run met. `failures`: operation and what was wrong with an answer to it.

    :param by_operation: operation, as `GET /api/v1/surveys/{id}/` → statuses it answered.
    """

    requests: int
    statuses: Mapping[int, int]
    failures: list[str]
    said: str
    by_operation: Mapping[str, set[int]]

    @property
    def server_errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500)


def taken_back(get_response: Answering) -> Answering:
    """Let a call do what it does, and put everything back: each call meets the whole world.

    Else the first that seals, closes or removes something leaves refusals to all after it. Around
    all that answers, so that what stands about the view, such as a kept answer, goes with it.
    """

    def answer(handler: BaseHandler, request: HttpRequest) -> HttpResponseBase:
        with transaction.atomic():
            response = get_response(handler, request)
            transaction.set_rollback(True)
        return response

    return answer


def fuzz(
    url: str,
    token: str,
    folder: Path,
    *,
    examples: int,
    reach: Mapping[str, Reach],
    only: str = "/",
    phases: str = "examples,coverage,fuzzing",
) -> Outcome:
    """Run schemathesis against the API at `url`.

    :param examples: how many calls are made up of each operation.
    :param reach: operation → what makes its calls reach something.
    :param only: regex of the paths to call.
    """
    (folder / "schemathesis.toml").write_text(_config(token, reach))
    (folder / "schema.json").write_text(json.dumps(_with_examples(_schema(url), reach)))
    report = folder / "events.ndjson"
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "st"), "run", "schema.json", "--url", url,
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


def _schema(url: str) -> dict[str, Any]:
    asked = Request(f"{url}/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    with urlopen(asked) as answer:
        schema: dict[str, Any] = json.load(answer)
    return schema


def _with_examples(schema: dict[str, Any], reach: Mapping[str, Reach]) -> dict[str, Any]:
    """Put the bodies that work into a schema: schemathesis sends them too."""
    for path, operations in schema["paths"].items():
        for method in METHODS:
            way = reach.get(f"{method.upper()} {path}")
            if method in operations and way is not None and way.body:
                sent = operations[method]["requestBody"]["content"]["application/json"]
                sent["example"] = way.body
    return schema


METHODS = ("get", "put", "patch", "post", "delete")


def _config(token: str, reach: Mapping[str, Reach]) -> str:
    """Write who calls and with which keys; JSON of texts and numbers is TOML too."""
    everybody = {"Accept-Language": "en", "Authorization": f"Token {token}"}
    lines = [f"headers = {_table(everybody)}"]
    for operation, way in reach.items():
        if not way.keys and not way.authorization:
            continue
        lines += ["", "[[operations]]", f"include-name = {json.dumps(operation)}"]
        if way.keys:
            keys = {f"path.{name}": value for name, value in way.keys.items()}
            lines.append(f"parameters = {_table(keys)}")
        if way.authorization:
            caller = everybody | {"Authorization": way.authorization}
            lines.append(f"headers = {_table(caller)}")
    return "\n".join(lines) + "\n"


def _table(values: Mapping[str, Any]) -> str:
    pairs = [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in values.items()]
    return "{ " + ", ".join(pairs) + " }"


def _read(report: Path, said: str) -> Outcome:
    statuses: dict[int, int] = {}
    failures: list[str] = []
    by_operation: dict[str, set[int]] = {}
    for line in report.read_text().splitlines() if report.exists() else ():
        event = json.loads(line)
        counted: dict[int, int] = {}
        _walk(event, counted, failures)
        for status, count in counted.items():
            statuses[status] = statuses.get(status, 0) + count
        label = event.get("ScenarioFinished", {}).get("recorder", {}).get("label")
        if label:
            by_operation.setdefault(label, set()).update(counted)
    return Outcome(sum(statuses.values()), statuses, failures, said, by_operation)


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
