"""The Chinese catalogue of the workspace: what is shown to people, and what is translated.

    python -m tests.web.messages      adds new texts, drops gone ones, compiles, lists what lacks

Texts of `materiality/` and of `templates/` but those of the collecting half, whose catalogue is in
`surveys/locale`. Fill in what is listed and run it again.
"""

import io
import os
import sys
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
PO = ROOT / "materiality/locale/zh_Hans/LC_MESSAGES/django.po"
ELSEWHERE = ("surveys", "email")
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
HEAD = "# Chinese texts of the workspace."
TIMELESS = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team")


def sources() -> list[Path]:
    code = (ROOT / "materiality").rglob("*.py")
    pages = (ROOT / "templates").rglob("*.html")
    ours = [path for path in code if "migrations" not in path.parts]
    ours += [path for path in pages if path.relative_to(ROOT).parts[1] not in ELSEWHERE]
    return sorted(ours)


def messages(path: Path) -> list[tuple[str | None, str | tuple[str, ...]]]:
    """Return (context, text) of everything in a file that is shown to people."""
    from django.utils.translation.template import templatize

    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        source = templatize(source, origin=str(path))
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
    return [(context, said) for _line, said, _comments, context in found if said]


def said() -> dict[tuple[str | None, str], str | tuple[str, ...]]:
    """Return every text shown, with its plural, by context and singular."""
    found: dict[tuple[str | None, str], str | tuple[str, ...]] = {}
    for path in sources():
        for context, text in messages(path):
            key = (context, singular(text))
            if isinstance(text, tuple) or key not in found:
                found[key] = text
    return found


def singular(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def written() -> Catalog:
    return read_po(io.BytesIO(PO.read_bytes()), locale="zh_Hans")


def update() -> list[str]:
    """Write the catalogue anew and compile it; return the texts that have no translation."""
    old = {(m.context, singular(m.id)): singular(m.string) for m in written() if m.id}
    new = Catalog(locale="zh_Hans", project="Materiality", header_comment=HEAD, fuzzy=False)
    for key, text in said().items():
        translation = old.get(key, "")
        new.add(text, translation if isinstance(text, str) else (translation,), context=key[0])
    target = io.BytesIO()
    write_po(target, new, sort_output=True, width=100, no_location=True)
    lines = target.getvalue().decode().splitlines(keepends=True)
    PO.write_text("".join(line for line in lines if not line.startswith(_TIMELESS)), "utf-8")
    with PO.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, written())
    return [key[1] for key in said() if not old.get(key)]


_TIMELESS = tuple(f'"{name}:' for name in (*TIMELESS, "Report-Msgid-Bugs-To", "Generated-By"))

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "materiality.project.settings")
    django.setup()
    for missing in update():
        sys.stdout.write(f"{missing}\n")
