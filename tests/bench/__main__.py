"""`make bench`: each measurement in a process of its own; a table, and bench.json."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEASUREMENTS = (
    "fixed_job",
    "respond",
    "page_bytes",
    "seal",
    "import_table",
    "people",
    "export_answers",
    "score",
    "reweigh",
    "results_page",
    "figure",
    "files",
)


def measure(name: str) -> dict:
    """Run one measurement; one BLAS thread, so that figures do not depend on idle cores."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.{name}"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        return {f"{name}_failed": done.stderr.strip().splitlines()[-1:] or ["no message"]}
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    wanted = sys.argv[1:] or MEASUREMENTS
    figures = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}"
    }
    for name in wanted:
        figures |= measure(name)
        print(f"  {name} done", file=sys.stderr)
    (ROOT / "bench.json").write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n")
    for key, value in sorted(figures.items()):
        print(f"{key:28} {shown(value)}")


def shown(value: object) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{key}: {shown(part)}" for key, part in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
