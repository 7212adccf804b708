"""Serve the one file of the installed plotly package that the exploring view needs."""

from pathlib import Path

import plotly
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "plotly/plotly.min.js"
FOLDER = Path(plotly.__file__).parent / "package_data"


class PlotlyFinder(BaseFinder):
    """Finds `plotly/plotly.min.js` and nothing else."""

    storage = FileSystemStorage(location=FOLDER)
    storage.prefix = "plotly"  # type: ignore[attr-defined]

    def check(self, **options: object) -> list[object]:  # type: ignore[override]
        return []

    def find(self, path: str, find_all: bool = False, **options: object):  # type: ignore[no-untyped-def]
        file = str(FOLDER / "plotly.min.js") if path == NAME else None
        if find_all:
            return [file] if file else []
        return file

    def list(self, ignore_patterns):  # type: ignore[no-untyped-def]
        yield "plotly.min.js", self.storage
