"""Which release this is."""

import tomllib
from pathlib import Path


def release(root: Path) -> str:
    """Return the version that the project file in this folder names."""
    project = (root / "pyproject.toml").read_text("utf-8")
    return str(tomllib.loads(project)["project"]["version"])
