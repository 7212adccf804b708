"""A typed client, made from the schema as anybody would make one, runs a round on a live server."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command

from surveys.models import Role
from tests.builders import both
from tests.rounds import make_round, make_user, token_of

CONFIG = """\
package_name_override: materiality_client
post_hooks: []
content_type_overrides:
  application/zip: application/octet-stream
  application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: application/octet-stream
"""


@pytest.fixture(scope="module")
def client_made(tmp_path_factory):
    """Generate the client; a schema that the generator does not understand fails the test."""
    folder = tmp_path_factory.mktemp("client")
    schema, config = folder / "openapi.json", folder / "config.yaml"
    call_command("spectacular", format="openapi-json", file=str(schema))
    config.write_text(CONFIG)
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "openapi-python-client"), "generate",
            "--path", str(schema), "--config", str(config), "--meta", "none",
            "--output-path", str(folder / "materiality_client"), "--fail-on-warning",
        ],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield json.loads(schema.read_text())
    sys.path.remove(str(folder))


@pytest.mark.django_db(transaction=True)
def test_the_client_adds_a_topic_once_reads_it_and_understands_a_refusal(
    client_made, live_server, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    round_ = make_round()
    token = token_of(make_user("ann", round_.organisation, Role.OWNER))
    package = import_module("materiality_client")
    models = import_module("materiality_client.models")
    calls = "materiality_client.api.assessments."
    add = import_module(f"{calls}assessments_topics_create")
    read = import_module(f"{calls}assessments_topics_list")
    results = import_module(f"{calls}assessments_results_retrieve")
    body = models.AddTopicsRequest.from_dict(
        {"topics": [{"name": both("水", "Water"), "category": "social"}]}
    )

    with package.AuthenticatedClient(live_server.url, token, prefix="Token") as client:
        first, again = (
            add.sync_detailed(round_.pk, client=client, body=body, idempotency_key="once")
            for _time in range(2)
        )
        topics = read.sync(round_.pk, client=client)
        refused = results.sync_detailed(round_.pk, client=client)

    assert (first.status_code, again.status_code) == (201, 201)
    assert [topic.code for topic in first.parsed] == [topic.code for topic in again.parsed]
    assert all(isinstance(topic, models.Topic) for topic in topics)
    assert [topic.code for topic in topics].count(first.parsed[0].code) == 1
    assert refused.status_code == 409
    assert isinstance(refused.parsed, models.Refusal)
    assert refused.parsed.code == "no_results_yet"


def test_the_schema_tells_every_status_of_every_call(client_made):
    for path, methods in client_made["paths"].items():
        for method, call in methods.items():
            told = set(call["responses"])
            assert {"401", "403", "429", "503"} <= told, (method, path)
            if method != "get":
                assert {"400", "409", "415"} <= told, (method, path)
            if "{" in path:
                assert "404" in told, (method, path)
            for status, answer in call["responses"].items():
                if status[0] in "45":
                    [content] = answer["content"].values()
                    assert content["schema"], (method, path, status)
