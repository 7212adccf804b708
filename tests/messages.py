"""The Chinese catalogues: what is shown to people, and what is translated.

    python -m tests.messages      adds new texts, drops gone ones, compiles, lists what lacks

One catalogue a half: `surveys/locale` for the collecting half and its pages, `materiality/locale`
for everything else. Fill in what is listed and run it again.
"""

import io
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SURVEY_PAGES = ("surveys", "email")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TIMELESS = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team")
TIMELESS_LINES = tuple(f'"{name}:' for name in (*TIMELESS, "Report-Msgid-Bugs-To", "Generated-By"))

Key = tuple[str | None, str]
Text = str | tuple[str, ...]


@dataclass(frozen=True)
class Half:
    """One half of the product, with its own catalogue."""

    name: str
    head: str

    @property
    def po(self) -> Path:
        return ROOT / self.name / "locale/zh_Hans/LC_MESSAGES/django.po"

    def sources(self) -> list[Path]:
        code = (ROOT / self.name).rglob("*.py")
        pages = (ROOT / "templates").rglob("*.html")
        own = (ROOT / self.name).rglob("*.html")
        ours = [path for path in (*code, *own) if "migrations" not in path.parts]
        return sorted(ours + [path for path in pages if self._shows(path)])

    def _shows(self, page: Path) -> bool:
        return (page.relative_to(ROOT).parts[1] in SURVEY_PAGES) == (self.name == "surveys")

    def said(self) -> dict[Key, Text]:
        """Return every text shown, with its plural, by context and singular."""
        result: dict[Key, Text] = {}
        for path in self.sources():
            for context, text in messages(path):
                key = (context, singular(text))
                if isinstance(text, tuple) or key not in result:
                    result[key] = text
        return result

    def written(self) -> Catalog:
        return read_po(io.BytesIO(self.po.read_bytes()), locale="zh_Hans")

    def translations(self) -> dict[Key, str]:
        return {(m.context, singular(m.id)): singular(m.string) for m in self.written() if m.id}


SURVEYS = Half("surveys", "# Chinese texts of the respondent pages and the collecting half.")
WORKSPACE = Half("materiality", "# Chinese texts of the workspace.")
HALVES = (SURVEYS, WORKSPACE)


def messages(path: Path) -> list[tuple[str | None, Text]]:
    """Return (context, text) of everything in a file that is shown to people."""
    source = path.read_text(encoding="utf-8")
    return texts_in(source, str(path) if path.suffix == ".html" else None)


def texts_in(source: str, page: str | None = None) -> list[tuple[str | None, Text]]:
    """Return (context, text) of a piece of code, or of a template when `page` names it."""
    from django.utils.translation.template import templatize

    code = source if page is None else without_indentation(templatize(source, origin=page))
    result = extract("python", io.BytesIO(code.encode()), keywords=KEYWORDS)
    return [(context, said) for _line, said, _comments, context in result if said]


def without_indentation(code: str) -> str:
    """Of a template only calls of gettext are left; to Python, its indentation means nothing."""
    return "\n".join(line.lstrip() for line in code.splitlines())


def singular(text: Text | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def update(half: Half) -> list[str]:
    """Write a catalogue anew and compile it; return the texts that have no translation."""
    old = half.translations()
    said = half.said()
    new = Catalog(locale="zh_Hans", project="Materiality", header_comment=half.head, fuzzy=False)
    for key, text in said.items():
        translation = old.get(key, "")
        new.add(text, translation if isinstance(text, str) else (translation,), context=key[0])
    half.po.write_text(_without_times(new), "utf-8")
    with half.po.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, _dated(half.written()))
    return [text for (context, text) in said if not old.get((context, text))]


def _dated(catalogue: Catalog) -> Catalog:
    """Give the catalogue a fixed date, so that the same texts compile to the same bytes."""
    catalogue.creation_date = catalogue.revision_date = datetime(2020, 1, 1, tzinfo=UTC)
    return catalogue


def _without_times(catalogue: Catalog) -> str:
    target = io.BytesIO()
    write_po(target, catalogue, sort_output=True, width=100, no_location=True)
    lines = target.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(TIMELESS_LINES))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "materiality.project.settings")
    django.setup()
    for half in HALVES:
        for missing in update(half):
            sys.stdout.write(f"{half.name}: {missing}\n")
