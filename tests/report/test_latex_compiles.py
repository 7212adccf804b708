"""The LaTeX section goes through XeLaTeX without a missing character or a table that sticks out."""

import re
import shutil
import subprocess

import pytest

from tests.report.rounds import made

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(shutil.which("xelatex") is None, reason="XeLaTeX is not installed"),
]
MAIN = r"""\documentclass[a4paper]{article}
\usepackage[margin=20mm]{geometry}
\usepackage{amssymb,array,booktabs,graphicx,longtable}
\usepackage[fontset=none]{ctex}
\setmainfont{Noto Sans CJK SC}\setCJKmainfont{Noto Sans CJK SC}
\begin{document}\input{section}\end{document}
"""
STICKS_OUT = 2.0  # points: less is not seen


def log_of(folder, section: str) -> str:
    (folder / "section.tex").write_text(section)
    (folder / "main.tex").write_text(MAIN)
    command = ["xelatex", "-interaction=nonstopmode", "-no-shell-escape", "main.tex"]
    for _turn in range(2):  # tables know their widths the second time
        subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=300)
    return (folder / "main.log").read_text(errors="replace")


def faults_of(log: str) -> list[str]:
    wide = [float(much) for much in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    missing = [line for line in log.splitlines() if line.startswith(("!", "Missing character"))]
    return [*missing, *(f"{much} pt" for much in wide if much > STICKS_OUT)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_section_compiles(language, tmp_path):
    for name in ("matrix.pdf", "section.tex"):
        (tmp_path / name).write_bytes(made(language, name))

    log = log_of(tmp_path, made(language, "section.tex").decode())

    assert faults_of(log) == []
    assert (tmp_path / "main.pdf").stat().st_size > 10_000


def test_what_latex_cannot_set_is_noticed(tmp_path):
    assert faults_of(log_of(tmp_path, r"\nosuchcommand \rule{300mm}{1mm}"))
