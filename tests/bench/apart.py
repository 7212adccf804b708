"""One measurement in a process of its own, so that its peak of memory is its own."""

import json
import subprocess
import sys


def measured(module: str, *arguments: str) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.{module}", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])
