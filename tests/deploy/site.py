"""The site as `deploy/` runs it, on loopback: nginx in front, processes under a supervisor."""

import os
import re
import shutil
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORT = 18443
PLAIN = "127.0.0.1:18080"
PROCESSES = {8000 + at: 18000 + at for at in range(1, 5)}
PATIENCE = 60
UNCHECKED = ssl.create_default_context()
UNCHECKED.check_hostname = False
UNCHECKED.verify_mode = ssl.CERT_NONE


def programs() -> bool:
    return all(map(shutil.which, ("nginx", "supervisord", "openssl")))


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "USER": "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody"),
            "RUN": str(folder),
            "PRODUCTION": "1",
            "SECRET_KEY": "a secret of tests, " * 4,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "SITE_URL": f"https://localhost:{PORT}",
            "TRUSTED_PROXIES": "127.0.0.1",
            "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{folder / 'site.sqlite3'}"),
            "SURVEY_KEYS": str(folder / "keys"),
            "EVERY": "3600",
        }

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [".venv/bin/python", "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def get(self, path: str, port: int = PORT, timeout: float = 10) -> int:
        """Return the status of a page; 0 if there was no answer."""
        scheme = "https" if port == PORT else "http"
        request = urllib.request.Request(f"{scheme}://127.0.0.1:{port}{path}")
        try:
            with urllib.request.urlopen(request, timeout=timeout, context=UNCHECKED) as said:
                return int(said.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def processes(self) -> list[int]:
        """Return the ids of every web process: servers and their workers."""
        result = subprocess.run(
            ["ps", "-ww", "-eo", "pid,args"], capture_output=True, text=True
        ).stdout
        ports = "|".join(map(str, PROCESSES.values()))
        line = rf"^\s*(\d+) .*supervised:application.*--port (?:{ports})\b"
        return [int(pid) for pid in re.findall(line, result, re.M)]


def configured(folder: Path) -> Path:
    """Return the shipped configuration of nginx, with ports and paths of this test."""
    text = (ROOT / "deploy/nginx.conf").read_text()
    upstream = (ROOT / "deploy/upstream.conf").read_text()
    for shipped, ours in PROCESSES.items():
        upstream = upstream.replace(f"127.0.0.1:{shipped} ", f"127.0.0.1:{ours} ")
    (folder / "upstream.conf").write_text(upstream)
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{PORT} ssl")
    text = re.sub(r"^.*listen (\[::\]|80).*\n", "", text, flags=re.M)
    redirect = "server_name example.org;\n        return"
    text = text.replace(redirect, f"listen {PLAIN};\n        return")
    text = text.replace("server_name example.org", "server_name localhost 127.0.0.1")
    text = text.replace("/etc/materiality/tls", str(folder))
    text = text.replace("pid /run/nginx.pid", f"pid {folder}/nginx.pid")
    text = text.replace("access_log /dev/stdout", f"access_log {folder}/access.log")
    text = text.replace("error_log stderr", f"error_log {folder}/error.log")
    if os.geteuid() == 0:  # its workers would be nobody, who cannot enter the folders of tests
        text = text.replace("worker_processes auto;", "worker_processes auto;\nuser root;")
    bodies = folder / "bodies"
    bodies.mkdir(mode=0o777, exist_ok=True)
    bodies.chmod(0o777)
    temporary = f"client_body_temp_path {bodies};\n    proxy_temp_path {folder}/proxied;\n"
    path = folder / "nginx.conf"
    path.write_text(text.replace("http {\n", f"http {{\n    {temporary}", 1))
    return path


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """Start everything, wait until it is ready, end everything."""
    folder.chmod(0o755)
    site = Site(folder)
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    certificate += ["-subj", "/CN=localhost", "-keyout", "privkey.pem", "-out", "fullchain.pem"]
    subprocess.run(certificate, cwd=folder, check=True, capture_output=True)
    site.manage("migrate", "-v0")
    site.manage("collectstatic", "--noinput", "-v0")
    supervisor = (ROOT / "deploy/supervisord.conf").read_text()
    supervisor = supervisor.replace("deploy/web 80", "deploy/web 180")
    (folder / "supervisord.conf").write_text(supervisor)
    with (folder / "log").open("w") as log:
        started = [
            subprocess.Popen(
                ["supervisord", "-n", "-c", str(folder / "supervisord.conf"), "-d", str(ROOT)],
                cwd=ROOT, env=site.environment, stdout=log, stderr=log,
            ),
            subprocess.Popen(
                ["nginx", "-c", str(configured(folder)), "-g", "daemon off;"],
                stdout=log, stderr=log,
            ),
        ]  # fmt: skip
        try:
            wait_for(site)
            yield site
        finally:
            for process in started:
                process.send_signal(signal.SIGTERM)
            for process in started:
                process.wait(30)


def wait_for(site: Site) -> None:
    end = time.monotonic() + PATIENCE
    while not all(site.get("/healthz", port) == 200 for port in PROCESSES.values()):
        if time.monotonic() > end:
            raise TimeoutError((site.folder / "log").read_text()[-3000:])
        time.sleep(0.3)
