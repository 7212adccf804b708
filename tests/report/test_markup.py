"""The section as Markdown and LaTeX, for those who set it themselves."""

import re

import pytest
from markdown_it import MarkdownIt

from materiality.report.edition import Edition
from materiality.report.files import package
from materiality.report.files.markup import latex, markdown
from materiality.report.tables import topic_list
from tests.report.rounds import badly_named, double_round, sample, szse_round
from tests.report.test_double import words_of

LANGUAGES = ["en", "zh-hans"]
ROUNDS = [sample, double_round, szse_round, badly_named]


def written(made, language, name) -> str:
    return package.file(Edition(made(), language), name).decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", ROUNDS)
def test_markdown_says_what_the_word_section_says(made, language):
    html = MarkdownIt("commonmark").enable("table").render(written(made, language, "section.md"))
    words = words_of(package.file(Edition(made(), language), "section.docx"))

    for row in topic_list(Edition(made(), language)).rows:
        assert str(row[2]) in words
        assert _plain(str(row[2])) in _plain(html)
    assert html.count("<table>") == written(made, language, "section.tex").count("{longtable}") / 2
    assert "<script" not in html


def _plain(text: str) -> str:
    letters = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    return " ".join(letters.replace("&quot;", '"').split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", ROUNDS)
def test_every_figure_that_is_named_lies_in_the_same_folder(made, language):
    there = package.names_of(made())

    for name in re.findall(r"\]\((\S+)\)", written(made, language, "section.md")):
        assert name in there
    for name in re.findall(
        r"includegraphics\[[^]]*\]\{(\S+)\}", written(made, language, "section.tex")
    ):
        assert name in there


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", ROUNDS)
def test_what_opens_in_latex_closes_and_every_row_has_all_cells(made, language):
    text = written(made, language, "section.tex")
    bare = re.sub(r"\\[{}&%]", "", text)

    assert bare.count("{") == bare.count("}")
    assert re.findall(r"\\begin\{(\w+)\}", text).count("longtable") == text.count("\\endhead")
    for begun in set(re.findall(r"\\begin\{(\w+)\}", text)):
        assert text.count(f"\\begin{{{begun}}}") == text.count(f"\\end{{{begun}}}")
    for block in re.findall(r"\\begin\{longtable\}.*?\\end\{longtable\}", bare, re.DOTALL):
        columns = block.count("arraybackslash")
        rows = [line for line in block.splitlines() if " & " in line]
        assert {line.count(" & ") for line in rows} == {columns - 1}


def test_signs_of_the_markup_in_names_are_text():
    assert markdown.escaped("# a | b_c <i>") == r"\# a \| b\_c \<i\>"
    assert latex.escaped(r"\input{x} & 5 % $y$") == (r"\textbackslash{}input\{x\} \& 5 \% \$y\$")
