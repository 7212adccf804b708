"""Ask axe-core whether a page is accessible."""

from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_violations(page: Any) -> list[str]:
    """Return one line a violation: the rule, what it says, and where."""
    page.evaluate(SCRIPT)
    run = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})"
    found = page.evaluate(run, RULES)["violations"]
    return [
        f"{rule['id']}: {rule['help']} at {node['target'][0]}"
        for rule in found
        for node in rule["nodes"]
    ]
