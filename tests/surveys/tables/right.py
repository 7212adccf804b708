"""What is right of each case: answers by group, a question, a refusal, or people.

An answer is what was said of user-privacy, energy-management, anti-corruption and data-security, as
far as the file has columns for them. `said` is what somebody says where a question is right.
"""

from dataclasses import dataclass, field
from typing import Any

C, E = "customers", "employees"
Answers = list[tuple[str, tuple[int, ...]]]
P = "importance"
TWO: Answers = [(C, (5, 2)), (E, (4, 3))]


@dataclass(frozen=True)
class Case:
    file: str
    answers: Answers = field(default_factory=list)
    asks: str = ""
    """The step that is asked of this file as it is."""
    refused: str = ""
    """A word of the sentence that refuses it."""
    said: dict[str, Any] = field(default_factory=dict)
    """The mapping that answers what is asked."""


def in_words(words: dict[str, int]) -> dict[str, Any]:
    return {"ratings": {"*": words}}


CASES = (
    Case("01-limesurvey-code-and-text.csv", [(C, (5, 2)), (E, (1, 3))]),
    Case("03-limesurvey-own-codes.csv", [(C, (1, 5)), (C, (4, 3)), (E, (2, 5))], asks="ratings",
         said=in_words({"D2": 1, "D1": 2, "N0": 3, "A1": 4, "A2": 5})),
    Case("05-qualtrics-three-heading-rows.csv", TWO),
    Case("06-qualtrics-finished-0-1.csv", TWO),
    Case("09-wjx-picks-before-matrix.csv", [(C, (5, 2)), (E, (5, 4)), (E, (3, 5))]),
    Case("11-kobo-group-slash.csv", [(C, (5, 2))]),
    Case("12-msforms.xlsx", TWO),
    Case("13-hidden-sheet-first.xlsx", TWO),
    Case("15-phantom-columns.xlsx", TWO),
    Case("16-title-row-merged.xlsx", TWO),
    Case("17-title-row-one-cell.xlsx", TWO),
    Case("18-r-write-table.csv", [(C, (5, 2, 4)), (E, (4, 3, 5))]),
    Case("20-unquoted-comma.csv", [(C, (5, 2, 4)), (E, (4, 3, 5))], asks="long rows",
         said={"rows_left_out": [3]}),
    Case("21-semicolon-commas-in-headings.csv", TWO),
    Case("23-sep-line.csv", TWO),
    Case("24-utf16-tab.txt", TWO),
    Case("25-big5.csv", [(C, (5, 3)), (E, (4, 2))], asks="groups",
         said={**in_words({"非常重要": 5, "重要": 4, "一般": 3, "不重要": 2}),
               "groups": {"客戶": C, "員工": E},
               "columns": {"用戶隱私保護": "*:user-privacy"}}),
    Case("26-x000d.xlsx", TWO),
    Case("27-formulas-without-values.xlsx", refused="B2, B3, C3"),
    Case("28-html.xls", refused="XLSX"),
    Case("29-scale-0-10.csv", [(C, (5, 3)), (C, (4, 2)), (E, (1, 3)), (E, (4, 3))], asks="scale",
         said={"scales": {"*": {"lowest": 0, "highest": 10, "most": 10}}}),
    Case("31-reversed.csv", [(C, (5, 1)), (E, (4, 2))], asks="ratings",
         said=in_words({"1 = most important": 5, "2 = important": 4, "4 = less important": 2,
                        "5 = least important": 1})),
    Case("32-led-by-digit.csv", asks="ratings"),
    Case("33-missing-codes.csv",
         [(C, (5, 0)), (C, (0, 3)), (E, (0, 2)), (E, (4, 0)), (E, (3, 0))], asks="ratings",
         said=in_words({"-99": 0, "99": 0, "#N/A": 0, "无": 0, "-": 0})),
    Case("34-limesurvey-na-date.csv", TWO),
    Case("35a-wjx-customers.csv", [(C, (5, 5)), (C, (4, 3)), (C, (5, 5))], asks="group",
         said={"everybody": C}),
    Case("35b-wjx-employees.csv", [(E, (5, 5)), (E, (4, 3)), (E, (5, 5))], asks="group",
         said={"everybody": E}),
    Case("36a-scale-with-不重要-2.csv", [(C, (5, 2)), (E, (1, 3))]),
    Case("36b-scale-with-不重要-1.csv", [(C, (5, 1)), (E, (2, 4))]),
    Case("38-digits.xlsx", [(C, (5, 2)), (C, (4, 3)), (E, (4, 3)), (E, (5, 1))]),
    Case("40-long-form.csv", asks="long form"),
    Case("41-msforms-labels.csv", [(C, (5, 4)), (C, (2, 3)), (E, (1, 5))], asks="ratings",
         said=in_words({"Very important": 5, "Somewhat important": 4,
                        "Neither important nor unimportant": 3, "Somewhat unimportant": 2,
                        "Very unimportant": 1})),
    Case("42-zh-labels.csv", [(C, (5, 4)), (C, (3, 2)), (E, (1, 5))], asks="ratings",
         said=in_words({"十分重要": 5, "比较重要": 4, "一般重要": 3, "不太重要": 2,
                        "完全不重要": 1})),
    Case("44-pipe.csv", TWO),
    Case("45-total-row.xlsx", [(C, (5, 2)), (E, (4, 4))]),
    Case("46-vagias-labels.csv", [(C, (5, 4)), (C, (4, 2)), (E, (1, 5))], asks="ratings",
         said=in_words({"Very important": 5, "Important": 4, "Slightly important": 2,
                        "Not important": 1})),
    Case("48-high-medium-low.csv", [(C, (5, 3)), (E, (1, 5))], asks="ratings",
         said=in_words({"High": 5, "Medium": 3, "Low": 1})),
    Case("49-digit-against-word.csv", [(C, (5, 1)), (E, (4, 2))]),
    Case("50-one-topic-misspelt.csv", [(C, (5, 2, 4)), (E, (4, 3, 5))], asks="columns",
         said={"columns": {"Energy managment": "*:energy-management"}}),
    Case("52-excel-error-values.xlsx", [(C, (5, 2)), (E, (0, 3))], asks="ratings",
         said=in_words({"#N/A": 0})),
    Case("53-duplicate-headings.csv", [(C, (5, 2)), (E, (0, 3))], asks="columns",
         said={"columns": {"#2": "", "#3": "*:user-privacy"}}),
    Case("55-nul-in-late-row.csv", refused="20002"),
    Case("56-latin1-late.csv", asks="encoding"),
    Case("57-variable-names.csv", [(C, (5, 2, 4, 3)), (E, (4, 3, 5, 5))]),
    Case("59-long-comment.csv", TWO),
    Case("590-finished-words.csv", [(C, (5,))] * 7),
    Case("591-r-write-csv-row-names.csv", [(C, (5, 2)), (E, (4, 3)), (E, (5, 4))]),
    Case("594-phantom-rows.xlsx", TWO),
    Case("596-corrected-answer.csv", [(C, (5, 2)), (C, (4, 5))]),
)  # fmt: skip
