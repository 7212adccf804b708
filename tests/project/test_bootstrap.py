import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "has_pinned_version", lambda uv: False)
    return module


def test_an_installer_with_another_hash_is_never_run(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap, "fetch_wheel", lambda wheel: b"not the file")

    with pytest.raises(SystemExit, match="Nothing was run"):
        bootstrap.find_uv()

    assert not (bootstrap.ROOT / ".uv").exists()


def test_a_checkout_that_cannot_be_written_to_stops_with_one_line(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap.os, "access", lambda path, mode: path != bootstrap.ROOT)

    with pytest.raises(SystemExit, match=r"cannot be written to.*Copy it elsewhere"):
        bootstrap.main()


def test_an_unknown_machine_is_told_what_to_install(bootstrap, monkeypatch):
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: "abacus")

    with pytest.raises(SystemExit, match="Install uv"):
        bootstrap.find_uv()


def test_the_index_is_the_one_pip_is_told_to_use(bootstrap, monkeypatch):
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")

    assert bootstrap.index_url() == "https://mirror.example/simple"


def names_of(lock: str) -> dict[str, str]:
    return dict(
        re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", lock, re.MULTILINE | re.IGNORECASE)
    )


def test_the_locks_hold_every_dependency_with_a_hash_and_name_no_server():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lock = (ROOT / "requirements.lock").read_text()
    dev_lock = (ROOT / "requirements-dev.lock").read_text()

    wanted = {re.split(r"[\[~>=<]", row)[0] for row in project["project"]["dependencies"]}
    for_tests = {re.split(r"[\[~>=<]", row)[0] for row in project["dependency-groups"]["dev"]}

    assert wanted <= names_of(lock).keys()
    assert wanted | for_tests <= names_of(dev_lock).keys()
    assert names_of(lock).items() <= names_of(dev_lock).items()
    assert lock.count("--hash=sha256:") >= len(names_of(lock))
    assert "://" not in lock + dev_lock


def test_every_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text()
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)

    for row in "".join(lists).strip().splitlines():
        assert re.search(r'",\s+# \w', row), row
