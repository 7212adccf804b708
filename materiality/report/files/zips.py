"""ZIP files that are the same for the same content: fixed order, fixed dates."""

import re
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
_WRITTEN = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of these files, in this order."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return target.getvalue()


def repacked(office: bytes, moment: datetime) -> bytes:
    """Return an office file dated to `moment`, and so the workbooks within it."""
    with ZipFile(BytesIO(office)) as read:
        return packed({name: _dated(name, read.read(name), moment) for name in read.namelist()})


def _dated(name: str, content: bytes, moment: datetime) -> bytes:
    if name.endswith(".xlsx"):
        return repacked(content, moment)
    if name == "docProps/core.xml":
        return _WRITTEN.sub(f"{moment:%Y-%m-%dT%H:%M:%S}Z".encode(), content)
    return content
