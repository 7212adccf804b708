"""A PostgreSQL of our own on loopback, durable commits, thrown away afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, or None if PostgreSQL is not installed."""
    result = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))
    if result:
        return result[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@contextmanager
def running(port: int = 54331) -> Iterator[tuple[str, int]]:
    """Yield the address of an empty database and the server's process id."""
    binaries = programs()
    if binaries is None:
        raise SystemExit("PostgreSQL is needed for this measurement: apt-get install postgresql")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        data = Path(folder, "data")
        data.mkdir()
        become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if become:
            shutil.chown(data, "postgres")
        control = [*become, str(binaries / "pg_ctl"), "-s", "-D", str(data)]
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data}"
        init = [*become, str(binaries / "initdb"), "-D", str(data), "-U", "bench", "-E", "UTF8"]
        subprocess.run([*init, "--auth=trust", "--locale=C.UTF-8"], check=True, capture_output=True)
        subprocess.run(
            [*control, "-w", "-l", str(data / "log"), "-o", options, "start"], check=True
        )
        try:
            pid = int((data / "postmaster.pid").read_text().splitlines()[0])
            yield f"postgres://bench@127.0.0.1:{port}/postgres", pid
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True)
