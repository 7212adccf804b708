#!/usr/bin/env python3
"""Make .venv from the committed lock, with nothing but Python's standard library.

A bare Debian has neither pip nor the venv module, so this fetches uv (one file, its hash below)
from the package index that pip is told to use, and lets it install exactly what the lock names.

    python3 bootstrap.py          what the product needs
    python3 bootstrap.py --s3     and what files in an S3-compatible store need
    python3 bootstrap.py --dev    and what its tests and checks need
"""

import configparser
import hashlib
import io
import os
import platform
import re
import shutil
import ssl
import stat
import subprocess
import sys
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV_VERSION = "0.13.9"
UV_WHEELS = {
    "Linux-x86_64": (
        "uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    "Linux-aarch64": (
        "uv-0.13.9-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    "Linux-musl-x86_64": (
        "uv-0.13.9-py3-none-musllinux_1_1_x86_64.whl",
        "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25",
    ),
    "Linux-musl-aarch64": (
        "uv-0.13.9-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    "Darwin-x86_64": (
        "uv-0.13.9-py3-none-macosx_10_12_x86_64.whl",
        "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    ),
    "Darwin-aarch64": (
        "uv-0.13.9-py3-none-macosx_11_0_arm64.whl",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
}


def main():
    kind = "-dev" if "--dev" in sys.argv[1:] else "-s3" if "--s3" in sys.argv[1:] else ""
    lock = ROOT / f"requirements{kind}.lock"
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed; this is {platform.python_version()}.")
    if not os.access(ROOT, os.W_OK):
        sys.exit(f"{ROOT} cannot be written to, but .venv/ and data/ go there. Copy it elsewhere.")
    if is_current(kind):
        return
    uv = find_uv()
    if not PYTHON.exists():
        run(uv, "venv", "--quiet", "--python", sys.executable, str(VENV))
    print(f"Installing {lock.name} into .venv …", flush=True)
    run(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(lock))
    for other in LARGER:
        stamp(other).unlink(missing_ok=True)
    stamp(kind).write_text(fingerprint(kind))


def stamp(kind):
    return VENV / f"installed{kind}"


def fingerprint(kind):
    return hashlib.sha256((ROOT / f"requirements{kind}.lock").read_bytes()).hexdigest()


LARGER = {"": ("", "-s3", "-dev"), "-s3": ("-s3", "-dev"), "-dev": ("-dev",)}
"""Of each lock those that hold everything of it, so that any of their stamps will do."""


def is_current(kind):
    if not PYTHON.exists():
        return False
    return any(
        stamp(other).exists() and stamp(other).read_text() == fingerprint(other)
        for other in LARGER[kind]
    )


def find_uv():
    """Return a uv of the pinned version: from the path, from an earlier run, or fetched."""
    path = ROOT / ".uv" / f"uv-{UV_VERSION}"
    for candidate in (shutil.which("uv"), str(path)):
        if candidate and has_pinned_version(candidate):
            return candidate
    wheel, digest = UV_WHEELS[platform_tag()]
    content = fetch_wheel(wheel)
    if hashlib.sha256(content).hexdigest() != digest:
        sys.exit(f"{wheel} is not the file this project expects (hash differs). Nothing was run.")
    unpack_uv(content, path)
    return str(path)


def has_pinned_version(uv):
    try:
        output = subprocess.run([uv, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return output.stdout.split()[1:2] == [UV_VERSION]


def platform_tag():
    system, machine = platform.system(), platform.machine().lower().replace("amd64", "x86_64")
    machine = {"arm64": "aarch64"}.get(machine, machine)
    if system == "Linux" and not platform.libc_ver()[0]:
        system = "Linux-musl"
    tag = f"{system}-{machine}"
    if tag not in UV_WHEELS:
        known = ", ".join(sorted(UV_WHEELS))
        sys.exit(f"No installer is known for {tag}, only for {known}. Install uv {UV_VERSION}.")
    return tag


def fetch_wheel(wheel):
    print(f"Fetching {wheel} …", flush=True)
    page_url = index_url().rstrip("/") + "/uv/"
    page = open_url(page_url).decode()
    link = re.search(r'href="([^"]*' + re.escape(wheel) + r'[^"]*)"', page)
    if not link:
        sys.exit(f"The package index at {page_url} does not offer {wheel}.")
    address = urllib.parse.urljoin(page_url, link.group(1).replace("&amp;", "&"))
    return open_url(address.split("#")[0])


def open_url(url):
    request = urllib.request.Request(url, headers={"Accept": "text/html"})
    try:
        with urllib.request.urlopen(request, timeout=180) as answer:
            return answer.read()
    except OSError as error:
        sys.exit(f"Could not read {url}: {error}. Check the network, or set PIP_INDEX_URL.")


def index_url():
    """Return the index pip would use: the environment, pip's configuration, or the public one."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name]
    config = configparser.ConfigParser()
    home = Path.home()
    config.read(["/etc/pip.conf", home / ".pip/pip.conf", home / ".config/pip/pip.conf"])
    return config.get("global", "index-url", fallback="https://pypi.org/simple")


def unpack_uv(content, target):
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith("/scripts/uv"))
        target.write_bytes(wheel.read(name))
    target.chmod(target.stat().st_mode | stat.S_IXUSR)


def run(*command):
    environment = {key: value for key, value in os.environ.items() if key != "UV_PYTHON"}
    environment.setdefault("UV_DEFAULT_INDEX", index_url())
    environment["UV_PYTHON_DOWNLOADS"] = "never"
    certificates = ssl.get_default_verify_paths().cafile
    if certificates:
        environment.setdefault("SSL_CERT_FILE", certificates)
    if subprocess.run(command, env=environment).returncode:
        sys.exit(f"{Path(command[0]).name} {command[1]} failed; its message is above.")


if __name__ == "__main__":
    main()
