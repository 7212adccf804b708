"""How a bundle is refused: where, what is wanted, what was found."""

from typing import Any, NoReturn

from materiality.document.envelope import BundleError


def refuse(where: str, wanted: str, value: Any) -> NoReturn:
    raise BundleError(f"{where}: expected {wanted}, found {str(value)[:80]!r}.")
