"""ZIP files that are the same for the same content: fixed order, fixed dates."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)


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


def repacked(archive: bytes) -> bytes:
    """Return an office file without the moment at which it was zipped."""
    with ZipFile(BytesIO(archive)) as read:
        return packed({name: read.read(name) for name in read.namelist()})
