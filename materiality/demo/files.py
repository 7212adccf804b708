"""Write the report files, bundles and evidence of the demo's locked rounds."""

from collections.abc import Iterator
from pathlib import Path

from materiality.actions import register_sheets
from materiality.archive.making import archive
from materiality.demo.rounds import DOUBLE_YEAR
from materiality.document import canonical
from materiality.locking.snapshots import results_to_print
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.files.package import files
from surveys.languages import CODES


def write(folder: Path) -> Iterator[Path]:
    """Write files of 2020 and of the double round, bundles and evidence; yield each path."""
    results = results_to_print(_locked_round("2020"))
    for language in CODES:
        for name, content in files(Edition(results, language)).items():
            yield _write(folder / language / name, content)
    for name, year in (("bundle.json", "2020"), ("bundle-2019.json", "2019")):
        document = results_to_print(_locked_round(year)).document
        yield _write(folder / name, (canonical(document) + "\n").encode())
    yield _write(folder / "evidence-2020.zip", archive(_locked_round("2020")))
    double = results_to_print(_locked_round(str(DOUBLE_YEAR)))
    for language in CODES:
        for name, content in files(Edition(double, language)).items():
            yield _write(folder / "double" / language / name, content)
        entries = register_sheets.workbook(_locked_round(str(DOUBLE_YEAR)), language)
        yield _write(folder / "double" / language / "register.xlsx", entries)


def _locked_round(year: str) -> Assessment:
    return Assessment.objects.get(year=year, snapshot__isnull=False)


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
