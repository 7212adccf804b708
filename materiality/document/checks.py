"""How a bundle is refused: where, what is wanted, what was found."""

from typing import Any, NoReturn

from materiality.document.envelope import BundleError


def refuse(where: str, wanted: str, found: Any) -> NoReturn:
    raise BundleError(f"{where}: expected {wanted}, found {str(found)[:80]!r}.")
