"""compose.yaml with the settings that its script writes: as files, since no engine is here."""

import os
import re
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path

import psycopg
import pytest
import yaml
from psycopg import errors

from tests.faults.sites import Postgres

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
NAME = "survey.example.org"
MAIL = "smtp+tls://survey:a&b;c@mail.example.org:587"
WRITTEN = ("environment", "owner", "database")
OURS = ("migrate", "check", "site", "vacuum")
CHECK = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
WITH_DATABASE = [*CHECK[:3], "--database", "default", *CHECK[3:]]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def write(folder: Path, mail: str = MAIL) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "FOLDER": str(folder), "NAME": NAME, "MAIL": mail}
    return subprocess.run(
        [DEPLOY / "compose/settings"], env=environment, capture_output=True, text=True
    )


@pytest.fixture
def written(tmp_path):
    answer = write(tmp_path)
    assert answer.returncode == 0, answer.stderr
    return tmp_path


def read(path: Path) -> dict[str, str]:
    """A file as an engine reads it: no quotes, nothing is put in."""
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def environment_of(compose, written: Path, name: str) -> dict[str, str]:
    """What a service of ours starts with: what the image says, then its files."""
    image = re.search(r"^ENV (.+?)[^\\]$", (DEPLOY / "Containerfile").read_text(), re.M | re.S)
    environment = dict(word.split("=", 1) for word in image[0].split() if "=" in word)
    for path in compose["services"][name]["env_file"]:
        assert path.startswith("compose/")
        environment |= read(written / Path(path).name)
    # Volumes of the container.
    return environment | {"DATA": str(written), "SURVEY_KEYS": str(written / "keys")}


def checked(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *CHECK],
        cwd=ROOT,
        env=environment | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", ["check", "migrate"])
def test_our_own_check_has_nothing_against_the_settings(compose, written, name):
    answer = checked(environment_of(compose, written, name))

    assert answer.returncode == 0, answer.stderr[-2000:]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"DATABASE_URL": "postgres://u:p@database/m?sslmode=disable"}, "materiality.E002"),
        ({"TRUSTED_PROXIES": ""}, "materiality.W004"),
    ],
)
def test_the_control_half_a_set_up_is_refused(compose, written, change, message):
    answer = checked(environment_of(compose, written, "check") | change)

    assert answer.returncode == 1
    assert message in answer.stderr


def test_the_site_starts_only_after_the_check(compose):
    services = compose["services"]

    assert services["check"]["command"] == [".venv/bin/python", *WITH_DATABASE]
    assert services["site"]["depends_on"] == {
        "check": {"condition": "service_completed_successfully"}
    }
    assert services["check"]["depends_on"]["migrate"] == services["site"]["depends_on"]["check"]


def test_the_site_is_not_the_owner_and_no_process_of_it_knows_the_owners_password(compose, written):
    environments = {name: environment_of(compose, written, name) for name in OURS}
    password = read(written / "database")["OWNER_PASSWORD"]

    has_it = [name for name in OURS if password in "".join(environments[name].values())]

    assert has_it == ["migrate", "vacuum"]
    assert compose["services"]["vacuum"]["command"] == ["deploy/scheduled", "vacuum"]
    assert "materiality_site:" in environments["site"]["DATABASE_URL"]
    assert environments["site"]["EMAIL_URL"] == MAIL


def test_every_secret_is_written_and_for_its_owner_alone(written):
    texts = [(written / name).read_text() for name in WRITTEN]

    assert [oct((written / name).stat().st_mode & 0o777) for name in WRITTEN] == ["0o600"] * 3
    assert [line for line in "".join(texts).splitlines() if line.endswith("=")] == []
    assert not any("$" in text for text in texts)


def test_written_once_nothing_is_written_over(written):
    before = {name: (written / name).read_text() for name in WRITTEN}

    again = write(written)

    assert again.returncode == 2
    assert "nothing was written" in again.stderr
    assert {name: (written / name).read_text() for name in WRITTEN} == before


@pytest.mark.parametrize("mail", ["smtp://a:b'c@m", "smtp://a:$b@m", 'smtp://a:"b@m', "a\nb"])
def test_what_an_engine_would_read_otherwise_is_refused(tmp_path, mail):
    answer = write(tmp_path, mail)

    assert answer.returncode == 2
    assert "write %27" in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_proxy_is_trusted_by_its_address_and_nobody_else(compose, written):
    proxy = compose["services"]["proxy"]["networks"]["default"]["ipv4_address"]
    [pool] = compose["networks"]["default"]["ipam"]["config"]

    assert read(written / "environment")["TRUSTED_PROXIES"] == proxy
    assert ip_address(proxy) in ip_network(pool["subnet"])
    assert ip_address(proxy) not in ip_network(pool["ip_range"])
    assert ip_network(pool["ip_range"]).subnet_of(ip_network(pool["subnet"]))


def test_the_proxy_asks_the_site_where_it_is(compose):
    site = compose["services"]["site"]["networks"]["default"]["ipv4_address"]
    upstream = (DEPLOY / "compose/upstream.conf").read_text()
    shipped = (DEPLOY / "upstream.conf").read_text()

    servers = re.findall(r"^server (\S+) ", upstream, re.M)
    assert servers == [f"{site}:{port}" for port in re.findall(r"127\.0\.0\.1:(\d+)", shipped)]
    assert "include upstream.conf;" in (DEPLOY / "nginx.conf").read_text()
    assert "./compose/upstream.conf:/etc/nginx/upstream.conf:ro" in str(compose["services"])


def test_the_database_is_on_no_network(compose, written):
    """So nothing between it and the site could be read along, and TLS has nothing to hide."""
    database = compose["services"]["database"]

    assert database["network_mode"] == "none"
    assert "listen_addresses=" in database["command"]
    assert "--auth-local=scram-sha-256" in database["environment"]["POSTGRES_INITDB_ARGS"]
    for name in OURS:
        assert "socket:/var/run/postgresql" in compose["services"][name]["volumes"]
        at = environment_of(compose, written, name)["DATABASE_URL"]
        assert at.endswith("@//var/run/postgresql/materiality")


def test_every_name_is_of_something_that_is_there(compose):
    services = compose["services"]
    for service in services.values():
        assert set(service.get("depends_on", [])) <= set(services)
        for path in service.get("env_file", []):
            assert path.removeprefix("compose/") in WRITTEN
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            is_there = source in compose["volumes"] or source == "./tls"  # the operator's own
            assert is_there or (DEPLOY / source).exists(), source
    build = services["migrate"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).exists()


@pytest.mark.drill
def test_the_databases_script_makes_two_users_of_whom_one_owns_the_tables(
    written, tmp_path_factory
):
    server = Postgres(tmp_path_factory.mktemp("database"))
    try:
        passwords = read(written / "database")
        place = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "POSTGRES_USER": "site"}
        path = f"{server.binaries}:{os.environ['PATH']}"
        script = DEPLOY / "compose/roles.sh"
        subprocess.run([script], env={**passwords, **place, "PATH": path}, check=True)
        at = f"@127.0.0.1:{server.port}/materiality"
        with psycopg.connect(f"postgres://materiality_owner{at}", autocommit=True) as owner:
            owner.execute("CREATE TABLE answers (id serial PRIMARY KEY, text text)")
        with psycopg.connect(f"postgres://materiality_site{at}", autocommit=True) as site:
            site.execute("INSERT INTO answers (text) VALUES ('x')")
            site.execute("DELETE FROM answers")
            for statement in ("DROP TABLE answers", "TRUNCATE answers", "CREATE TABLE x (y int)"):
                with pytest.raises(errors.InsufficientPrivilege):
                    site.execute(statement)
    finally:
        server.stop()
