"""The style rules that Plotly would inject, as a file that a strict policy allows.

    python -m tests.report.plotly_css /usr/bin/chromium    writes it after an upgrade of Plotly

Under `style-src 'self'` Plotly cannot write its own style element: the mode bar falls apart. A page
links this file as `<link id="plotly.js-style-global" class="no-inline-styles" rel="stylesheet">`
before the script, and Plotly leaves it at that.
"""

import re
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

SCRIPT = Path(__file__).parents[2] / "materiality/static/plotly/plotly-basic.min.js"
TARGET = Path(__file__).parents[2] / "materiality/static/materiality/plotly-global.css"
DECLARATION = (
    r"(?:\([^)]*\)|\"[^\"]*\"|[^;])+;?"  # a semicolon inside url() or a string ends nothing
)
READ = """() => Array.from(document.getElementById('plotly.js-style-global').sheet.cssRules)
    .map(rule => rule.cssText)"""


def injected_rules(browser: Any) -> list[str]:
    """Return the rules that the installed Plotly injects into a page, as the browser reads them."""
    page = browser.new_page()
    page.set_content("<div id='plot'></div>")
    page.add_script_tag(path=str(SCRIPT))
    rules = page.evaluate(READ)
    page.close()
    return list(rules)


def written(rules: list[str]) -> str:
    version = re.findall(r"v(\d[\d.]+)", SCRIPT.read_text(encoding="utf-8")[:200])[0]
    head = f"/* Rules of plotly.js {version} (MIT, Plotly, Inc.), by tests/report/plotly_css.py */"
    return "\n\n".join([head, *map(one_declaration_a_line, rules)]) + "\n"


def one_declaration_a_line(rule: str) -> str:
    selector, declarations = rule.removesuffix(" }").split(" { ", 1)
    lines = [
        f"  {line.strip().removesuffix(';')};" for line in re.findall(DECLARATION, declarations)
    ]
    return "\n".join([f"{selector} {{", *lines, "}"])


if __name__ == "__main__":
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
        TARGET.write_text(written(injected_rules(chromium)), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")
