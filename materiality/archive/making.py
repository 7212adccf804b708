"""The evidence archive: everything an auditor asks for, in one ZIP that is the same every time."""

import hashlib
import json
from typing import Any

from materiality.archive.audit import audit_page
from materiality.archive.method import sources
from materiality.archive.register import dossiers
from materiality.archive.tables import tables
from materiality.archive.texts import texts
from materiality.document import canonical
from materiality.document.border import json_schema
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.files.zips import packed
from materiality.results import Results


def archive(assessment: Assessment) -> bytes:
    """Return the evidence archive of a round; the same round gives the same bytes.

    It holds answers without names, one row a person: it is for the auditor, not for the public.

    :raises NoResultsYet: the answers are not sealed.
    """
    results = results_for(assessment)
    files = {name: content.encode() for name, content in texts(assessment, results)}
    files["bundle.json"] = (canonical(results.document) + "\n").encode()
    files["bundle.schema.json"] = json_schema().encode()
    files["lock.json"] = _pretty(_lock(assessment, results))
    files["event-log.jsonl"] = _log(assessment)
    files |= dict(tables(assessment, results))
    files |= dict(dossiers(assessment, results))
    files |= dict(sources())
    for language in results.languages:
        files[f"audit-{language}.html"] = audit_page(Edition(results, language), files)
    ordered = dict(sorted(files.items()))
    return packed({"SHA256SUMS": _sums(ordered), **ordered})


def _lock(assessment: Assessment, results: Results) -> dict[str, Any]:
    """Return who locked and approved what, and where the log ends; nulls in a draft."""
    return {
        "digest": results.digest,
        "locked_at": results.locked_at,
        "locked_by": results.locked_by,
        "approved_at": results.approved_at,
        "approved_by": results.approved_by,
        "log_head": results.log_head,
        "log_end": assessment.log_head,
    }


def _log(assessment: Assessment) -> bytes:
    entries = (event.entry() for event in assessment.events.order_by("number"))
    return "".join(canonical(entry) + "\n" for entry in entries).encode()


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _sums(files: dict[str, bytes]) -> bytes:
    """Return what `sha256sum -c` reads."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    return "".join(lines).encode()
