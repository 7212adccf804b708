"""Write the report files and bundles of the demo's locked rounds."""

from collections.abc import Iterator
from pathlib import Path

from materiality.bundle import canonical
from materiality.models import Assessment
from materiality.report.package import files
from materiality.snapshots import printed
from surveys.languages import CODES


def write(folder: Path) -> Iterator[Path]:
    """Write the files of the 2020 round per language and both bundles; yield each path."""
    results = printed(_locked("2020"))
    for language in CODES:
        for name, content in files(results, language).items():
            yield _write(folder / language / name, content)
    for name, year in (("bundle.json", "2020"), ("bundle-2019.json", "2019")):
        document = printed(_locked(year)).document
        yield _write(folder / name, (canonical(document) + "\n").encode())


def _locked(year: str) -> Assessment:
    return Assessment.objects.get(year=year, snapshot__isnull=False)


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
