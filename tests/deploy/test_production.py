"""`make production` on an empty Debian: from a bare folder to a site that survives deaths.

The machine is a folder made by debootstrap (kept in PRODUCTION_MACHINE if that is set), with
processes and a network of its own; only its packages come from outside.
"""

import os
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import missing

pytestmark = [pytest.mark.drill, pytest.mark.machine]
ROOT = Path(__file__).resolve().parents[2]
TAKEN_ALONG = (
    *("etc/resolv.conf", "etc/hosts", "etc/apt", "etc/pip.conf", "root/.config/pip"),
    "usr/local/share/ca-certificates",
)
NAME = "survey.example.org"
PROOF = (ROOT / "tests/deploy/proof.sh").read_text()


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare Debian with this checkout and its packages; nothing is set up yet."""
    if shutil.which("debootstrap") is None or os.geteuid() != 0:
        missing("debootstrap, or root to use it", "apt-get install debootstrap")
    kept = os.environ.get("PRODUCTION_MACHINE")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("machine")
    folder.chmod(0o755)  # it is the root of a machine: each of its users goes through
    if not (folder / "bin").exists():
        mirror = mirror_of(Path("/etc/apt"))
        run("debootstrap", "--variant=minbase", "bookworm", str(folder), mirror)
    for name in TAKEN_ALONG:
        take_along(Path("/", name), folder / name)
    checkout = folder / "root/checkout"
    shutil.rmtree(checkout, ignore_errors=True)
    checkout.mkdir(parents=True)
    listed = run("git", "-C", str(ROOT), "ls-files", "-z", "--cached").encode()
    packed = str(folder / "root/site.tar")
    run("tar", "-C", str(ROOT), "--null", "-T", "-", "-cf", packed, given=listed)
    run("tar", "-C", str(checkout), "-xf", packed)
    inside(folder, "cd /root/checkout && FETCH=only NAME=x MAIL=x deploy/install")
    return folder


def mirror_of(apt: Path) -> str:
    """Return where this machine's own packages come from."""
    for path in [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*"))]:
        words = path.read_text().split() if path.is_file() else []
        for before, word in pairwise(words):
            if before in ("URIs:", "deb") and word.startswith("http"):
                return word
    raise LookupError("no mirror in /etc/apt")


def take_along(ours: Path, theirs: Path) -> None:
    if ours.is_dir():
        shutil.copytree(ours, theirs, dirs_exist_ok=True)
    elif ours.exists():
        theirs.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ours, theirs)


def run(*command: str, given: bytes | None = None) -> str:
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-3000:] + done.stdout.decode()[-3000:]
    return done.stdout.decode()


def inside(folder: Path, script: str, *, alone: bool = False) -> str:
    """Run a script in the machine; alone, it has processes and a network of its own."""
    spaces = ["--net"] if alone else []
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", *spaces]
    return run(*command, "chroot", str(folder), "/bin/bash", "-c", script)


@pytest.mark.parametrize("given", ["NAME=", f"NAME={NAME} MAIL="])
def test_without_a_name_or_a_mail_server_nothing_is_begun(machine, given):
    inside(machine, "rm -rf /etc/materiality")
    script = f"cd /root/checkout; {given} deploy/install 2>&1; echo status $?; ls /etc/materiality"

    said = inside(machine, f"{script} || true")

    assert "status 2" in said
    assert "Say " in said


def test_from_an_empty_debian_to_a_site_that_survives_deaths(machine):
    said = inside(machine, PROOF, alone=True)

    print(said)
    assert f"https://{NAME}/ answers." in said
    assert f"https://{NAME}/first/" in said  # the link of the first account
    assert "page 200" in said
    assert "outside 400" in said
    assert said.count("killed 200") == 3
    assert "worker 1" in said
    assert "Everything is there, readable, and as it was written." in said
    assert "owner 1" in said  # the site's user cannot read the owner's password
    assert "schedule of materiality-owner" in said
    assert "vacuumed 1" in said
    assert "again same settings" in said
