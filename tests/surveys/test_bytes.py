"""With the bytes of a database in hand after the seal: files, log, backup, dump, from any time.

Whoever attacks knows what everybody wrote, looks for it in the bytes, and takes the invitation
whose number stands nearest. Each source is read with the cure and, as a control, without it.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.bench.postgres import programs, running
from tests.conftest import missing
from tests.databases import KEPT, migrations_hash
from tests.surveys.linking import FIRST_KEY, PEOPLE, comment_of

ROOT = Path(__file__).resolve().parents[2]
CHANCE = 3
MANY = 100
NEAR = 2000  # bytes between a comment and the number of its row
PORT = 54397


# ---- the attack ----


def number_of(person: int) -> list[bytes]:
    """Return how an invitation's number may be written: PostgreSQL, SQLite, a dump."""
    key = FIRST_KEY + person
    return [key.to_bytes(8, "little"), key.to_bytes(3, "big"), str(key).encode()]


def any_number() -> re.Pattern[bytes]:
    """Match one of `NUMBERS`, by the one byte in which neighbours differ.

    An alternative a number would take minutes of megabytes.
    """
    beginnings: dict[bytes, bytes] = {}
    endings: dict[bytes, bytes] = {}
    for person in range(PEOPLE):
        little, *others = number_of(person)
        beginnings[little[1:]] = beginnings.get(little[1:], b"") + little[:1]
        for form in others:
            endings[form[:-1]] = endings.get(form[:-1], b"") + form[-1:]
    ways = [b"[" + re.escape(first) + b"]" + re.escape(rest) for rest, first in beginnings.items()]
    ways += [re.escape(rest) + b"[" + re.escape(last) + b"]" for rest, last in endings.items()]
    return re.compile(b"|".join(ways), re.DOTALL)


NUMBERS = {form: person for person in range(PEOPLE) for form in number_of(person)}
ANY_NUMBER = any_number()
COMMENTS = {comment_of(person).encode(): person for person in range(PEOPLE)}
ANY_COMMENT = re.compile(rb" says so(?: and so on)*")  # after three digits: a text is sought faster


def linked(files: Iterable[Path]) -> int:
    """Return of how many people the bytes tell which comment is theirs, to who knows the layout.

    A row has its number before its comment or after it, near or beyond what fills it up.
    """
    told: dict[Choose, set[object]] = {nearest: set(), last_before: set(), first_after: set()}
    for path in files:
        content = readable(path.read_bytes())
        for comment in ANY_COMMENT.finditer(content):
            begin, end = max(0, comment.start() - 3), comment.end()
            author = COMMENTS.get(content[begin:end])
            numbers = list(ANY_NUMBER.finditer(content, max(0, begin - NEAR), end + NEAR))
            for choose, people in told.items():
                if numbers and NUMBERS[choose(comment, numbers).group()] == author:
                    people.add(author)
    return max(map(len, told.values()))


Choose = Callable[[re.Match[bytes], list[re.Match[bytes]]], re.Match[bytes]]


def nearest(comment: re.Match[bytes], numbers: list[re.Match[bytes]]) -> re.Match[bytes]:
    return min(numbers, key=lambda one: abs(one.start() - comment.start()))


def last_before(comment: re.Match[bytes], numbers: list[re.Match[bytes]]) -> re.Match[bytes]:
    before = [one for one in numbers if one.start() < comment.start()]
    return before[-1] if before else numbers[0]


def first_after(comment: re.Match[bytes], numbers: list[re.Match[bytes]]) -> re.Match[bytes]:
    after = [one for one in numbers if one.start() > comment.start()]
    return after[0] if after else numbers[-1]


def readable(content: bytes) -> bytes:
    """Add what a dump writes of binary columns: hexadecimal digits, as each engine marks them."""

    def decoded(found: re.Match[bytes]) -> bytes:
        return bytes.fromhex(found.group(1)[: len(found.group(1)) // 2 * 2].decode())

    return re.sub(rb"(?:\\\\?x|X')([0-9a-fA-F]{200,})", decoded, content)


def files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


# ---- the product, in processes of its own ----


class Site:
    """A database's address, and the folder its keys are in."""

    def __init__(self, address: str, folder: Path, plaintext: bool) -> None:
        self.keys = folder / "keys"
        self.environment = os.environ | {
            "DATABASE_URL": address,
            "SURVEY_KEYS": str(self.keys),
            "DJANGO_SETTINGS_MODULE": "materiality.project.settings",
            "PLAINTEXT": "1" if plaintext else "",
        }

    def run(self, *command: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def do(self, verb: str) -> str:
        return self.run("-m", "tests.surveys.linking", verb)


cured = pytest.mark.parametrize("plaintext", [False, True], ids=["encrypted", "control"])


@pytest.mark.drill
@cured
def test_on_sqlite_neither_file_temporary_files_copies_nor_dumps_tell(tmp_path, plaintext):
    """SQLite knows no users: whoever runs the site owns the file."""
    data, temporary = tmp_path / "data", tmp_path / "temporary"
    data.mkdir()
    temporary.mkdir()
    site = Site(f"sqlite:///{data / 'site.sqlite3'}", tmp_path, plaintext)
    site.environment["SQLITE_TMPDIR"] = str(temporary)
    site.do("migrate")
    site.do("people")
    copy_of(data / "site.sqlite3", tmp_path / "before")
    assert len(files(site.keys)) == 2  # one of the survey, one of another that stays open

    assert site.do("seal").strip() == str(PEOPLE)

    assert len(files(site.keys)) == 1
    copy_of(data / "site.sqlite3", tmp_path / "after")
    result = {
        "files": linked(files(data)),
        "temporary": linked(files(temporary)),
        "copy_before": linked([tmp_path / "before.sqlite3"]),
        "copy_after": linked([tmp_path / "after.sqlite3"]),
        "dump_before": linked([tmp_path / "before.sql"]),
        "dump_after": linked([tmp_path / "after.sql"]),
    }
    report("sqlite", plaintext, result)
    before = result.pop("copy_before"), result.pop("dump_before")
    assert max(result.values()) <= CHANCE
    if plaintext:
        assert min(before) >= MANY
    else:
        assert max(before) <= CHANCE


def copy_of(database: Path, at: Path) -> None:
    """Copy a database as a backup does, and as text."""
    with (
        closing(sqlite3.connect(database)) as source,
        closing(sqlite3.connect(at.with_suffix(".sqlite3"))) as copy,
    ):
        source.backup(copy)
        at.with_suffix(".sql").write_text("\n".join(copy.iterdump()))


@pytest.mark.drill
@cured
@pytest.mark.parametrize("who", ["site", "owner"])
def test_on_postgresql_files_log_backup_and_dump_do_not_tell(tmp_path, plaintext, who):
    """As the user who may only use the tables, and as their owner, who may also vacuum them."""
    if programs() is None:
        missing("PostgreSQL", "apt-get install postgresql")
    with running(PORT) as (address, _pid):
        owner, user = two_users(address)
        site = Site(owner if who == "owner" else user, tmp_path, plaintext)
        migrate(site, owner)
        allow(address)
        site.do("people")
        dump(address, tmp_path / "before.sql")
        with psycopg.connect(owner) as held:  # what is deleted stays in the pages
            held.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            held.execute("SELECT 1 FROM surveys_survey")
            site.do("seal")
        with psycopg.connect(address, autocommit=True) as plain:
            plain.execute("CHECKPOINT")
            data = Path(plain.execute("SHOW data_directory").fetchone()[0])
        backup = base_backup(address, tmp_path / "backup")
        dump(address, tmp_path / "after.sql")
        result = {
            "heap": linked(files(data / "base")),  # temporary files are in a folder of it
            "wal": linked(files(data / "pg_wal")),
            "backup": linked(files(backup)),
            "dump_after": linked([tmp_path / "after.sql"]),
            "dump_before": linked([tmp_path / "before.sql"]),
        }

    assert len(files(site.keys)) == 1
    report(f"postgresql {who}", plaintext, result)
    if not plaintext:
        assert max(result.values()) <= CHANCE, result
        return
    assert result.pop("dump_after") <= CHANCE
    assert min(result.values()) >= MANY, result


@pytest.mark.drill
def test_whom_the_sites_user_erases_the_owners_job_leaves_no_byte_of(tmp_path):
    """PostgreSQL passes a VACUUM by another than the owner over, with a notice nobody sees."""
    if programs() is None:
        missing("PostgreSQL", "apt-get install postgresql")
    with running(PORT) as (address, _pid):
        owner, user = two_users(address)
        site = Site(user, tmp_path, plaintext=False)
        migrate(site, owner)
        allow(address)
        site.do("contacts")

        said = site.do("erase")
        with psycopg.connect(address, autocommit=True) as plain:
            plain.execute("CHECKPOINT")
            data = Path(plain.execute("SHOW data_directory").fetchone()[0])
        control = contacts_in(data / "base")
        site.run("manage.py", "vacuum", DATABASE_URL=owner)
        with psycopg.connect(address, autocommit=True) as plain:
            plain.execute("CHECKPOINT")
        left = contacts_in(data / "base")

    print(f"erased contacts in the heap: {control} before the owner's job, {left} after it")
    assert "may not vacuum surveys_invitation" in said
    assert control >= MANY
    assert left == 0


def contacts_in(folder: Path) -> int:
    return sum(path.read_bytes().count(b"@erased.example") for path in files(folder))


def report(engine: str, plaintext: bool, found: dict[str, int]) -> None:
    """Print for `make faults` what was linked, of 200."""
    print(f"linked {engine} {'control' if plaintext else 'encrypted'} {found}")


# ---- a database of two users, as `docs/operate.md` has it ----


def two_users(address: str) -> tuple[str, str]:
    """Make the owner of the tables and the application's user; return their addresses."""
    with psycopg.connect(address, autocommit=True) as plain:
        plain.execute("CREATE ROLE owner LOGIN")
        plain.execute("CREATE ROLE site LOGIN")
        plain.execute("CREATE DATABASE materiality OWNER owner")
    place = address.rpartition("@")[2].rpartition("/")[0]
    return f"postgres://owner@{place}/materiality", f"postgres://site@{place}/materiality"


def migrate(site: Site, owner: str) -> None:
    """Make the tables as their owner; by statements that were kept, where it was done before."""
    binaries = programs()
    assert binaries is not None
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{migrations_hash('postgresql')}.sql"
    if kept.exists():
        command = [binaries / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", kept, owner]
        subprocess.run(command, check=True, capture_output=True)
        return
    site.run("manage.py", "migrate", "-v0", DATABASE_URL=owner)
    for outdated in KEPT.glob("*.sql"):
        outdated.unlink()
    unfinished = kept.with_suffix(f".{os.getpid()}")
    subprocess.run([binaries / "pg_dump", "-O", "-f", unfinished, owner], check=True)
    unfinished.replace(kept)


def allow(address: str) -> None:
    place = address.rpartition("/")[0] + "/materiality"
    with psycopg.connect(place, autocommit=True) as plain:
        plain.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO site")
        plain.execute("GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO site")


def dump(address: str, target: Path) -> None:
    place = address.rpartition("/")[0] + "/materiality"
    binaries = programs()
    assert binaries is not None
    subprocess.run([binaries / "pg_dump", "-f", target, place], check=True)


def base_backup(address: str, target: Path) -> Path:
    binaries = programs()
    assert binaries is not None
    shutil.rmtree(target, ignore_errors=True)
    command = [binaries / "pg_basebackup", "-D", target, "-d", address, "-c", "fast"]
    subprocess.run(command, check=True, capture_output=True)
    return target
