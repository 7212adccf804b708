"""The files of settings: systemd, a shell and `deploy/with` read alike what install writes."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAIL = 'smtp+tls://survey:a&b$HOME;c#d`e`"f %27@mail.example.org:587/?timeout=9&x=1'
DATABASE = "postgres://site:secret@host/name?sslmode=verify-full&connect_timeout=3"


def functions(*names: str) -> str:
    text = (ROOT / "deploy/install").read_text()
    return "\n".join(re.search(rf"^{name}\(\) \{{.*?^\}}$", text, re.S | re.M)[0] for name in names)


def bash(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = {"PATH": "/usr/bin:/bin"}
    return subprocess.run(
        ["bash", "-euc", script], env=path | environment, capture_output=True, text=True
    )


@pytest.fixture
def written(tmp_path) -> Path:
    """What `deploy/install` writes for a mail server with every sign in its password."""
    script = "secret() { echo s; }\n" + functions("quoted", "settings")
    places = {"DATA": "/d", "BACKUPS": "/b", "NAME": "example.org", "SETTINGS": str(tmp_path)}
    answer = bash(f"{script}\nsettings owners sites 5432", MAIL=MAIL, **places)
    assert answer.returncode == 0, answer.stderr
    return tmp_path


def test_a_password_may_have_any_sign_for_the_program(written):
    command = [ROOT / "deploy/with", written / "environment", "printenv", "EMAIL_URL"]

    assert subprocess.check_output(command, text=True) == f"{MAIL}\n"


def test_and_for_a_shell(written):
    answer = bash(f"set -a; . {written}/environment; printenv EMAIL_URL DATABASE_URL")

    assert answer.stdout.splitlines()[0] == MAIL, answer.stderr


def test_the_owners_file_differs_in_the_way_to_the_database_alone(written):
    command = [ROOT / "deploy/with", written / "owner", "printenv", "DATABASE_URL", "EMAIL_URL"]

    assert subprocess.check_output(command, text=True).splitlines() == [
        "postgres://materiality_owner:owners@127.0.0.1:5432/materiality",
        MAIL,
    ]


@pytest.mark.parametrize("line", [f"A={DATABASE}", f"A='{DATABASE}'", f'A="{DATABASE}"'])
def test_what_an_operator_wrote_is_read_with_quotes_and_without(tmp_path, line):
    (tmp_path / "file").write_text(f"# A=no\n; A=no\n\n{line}")
    command = [ROOT / "deploy/with", tmp_path / "file", "printenv", "A"]

    assert subprocess.check_output(command, text=True) == f"{DATABASE}\n"


def test_the_control_a_shell_stumbles_over_the_second_option(tmp_path):
    (tmp_path / "file").write_text(f"A={DATABASE}&b=1; false\n")

    assert bash(f"set -a; . {tmp_path}/file; printenv A").stdout != f"{DATABASE}&b=1; false\n"


@pytest.mark.parametrize(
    "mail", ["smtp://a:b'c@mail", "smtp://a:b\\c@mail", "smtp://a:b@mail\nX=1"]
)
def test_what_no_two_readers_read_alike_is_refused_with_advice(mail):
    answer = bash(f'{functions("quoted")}\nquoted "$MAIL"', MAIL=mail)

    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "write %27 or %5C" in answer.stderr
