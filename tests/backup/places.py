"""A machine with its database, keys and files: each command is a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Machine:
    """Settings of one site in a folder; `at` is the address of an empty database."""

    def __init__(self, folder: Path, at: str, **settings: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.keys = folder, folder / "keys"
        self.environment = os.environ | {
            "DATABASE_URL": at,
            "DATA": str(folder / "data"),
            "SURVEY_KEYS": str(self.keys),
            "DJANGO_SETTINGS_MODULE": "materiality.project.settings",
            **settings,
        }

    def start(self, *command: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *command: str) -> str:
        process = self.start(*command)
        out, errors = process.communicate()
        assert process.returncode == 0, errors
        return out

    def manage(self, *command: str | Path) -> str:
        return self.run("manage.py", *map(str, command))

    def refused(self, *command: str | Path) -> str:
        """Return the sentence of a command that does not do it."""
        process = self.start("manage.py", *map(str, command))
        _out, errors = process.communicate()
        assert process.returncode == 2, errors
        assert "Traceback" not in errors
        return errors

    def do(self, verb: str, *words: str) -> str:
        return self.run("-m", "tests.backup.living", verb, *words)

    def tell(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.do("tell"))
        return told
