"""Ask axe-core whether a page is accessible."""

from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS = {"type": "rule", "values": ["color-contrast"]}


def axe_violations(page: Any) -> list[str]:
    """Return one line a violation, in both themes; a theme changes nothing but colours."""
    page.evaluate(SCRIPT)
    # A bar that sticks to the lower edge covers a field only until one scrolls: look at the end.
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    result = _violations(page, RULES)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return result + [f"dark: {line}" for line in _violations(page, COLOURS)]


def _violations(page: Any, rules: dict[str, Any]) -> list[str]:
    run = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
    return [
        f"{rule['id']}: {rule['help']} at {node['target'][0]}"
        for rule in page.evaluate(run, rules)["violations"]
        for node in rule["nodes"]
    ]
