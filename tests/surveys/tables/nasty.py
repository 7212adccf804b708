# ruff: noqa: E501
"""Files of the kinds that were read wrong once, made up anew: bytes, and what is right of them.

A file is right if it gives its answers, or if something is asked or refused where nobody could
know. `answers` are what it says; None where a file does not tell by itself. What must be read
without a question is marked: a reader that always asked would pass otherwise.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

C, E = "customers", "employees"
Answers = list[tuple[str, tuple[int, ...]]]
TWO: Answers = [(C, (5, 2)), (E, (4, 3))]
P, N, A = "User privacy protection", "Energy management", "Anti-corruption"
EN = ("Not at all important", "Slightly important", "Moderately important", "Very important",
      "Extremely important")  # fmt: skip


@dataclass(frozen=True)
class Nasty:
    """A file. `kind` is the kind of fault it is of, as the findings number them."""

    name: str
    kind: str
    content: bytes
    answers: Answers | None = None
    must_read: bool = False


def csv_of(
    rows: Sequence[Sequence[Any]], delimiter: str = ",", encoding: str = "utf-8-sig"
) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_of(rows: Sequence[Sequence[Any]], change: Callable[..., None] | None = None) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if change:
            change(book, sheet)
    return file.getvalue()


def patched(content: bytes, name: str, old: str, new: str) -> bytes:
    """Return a workbook with a piece of one of its parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w") as after:
        for entry in before.namelist():
            part = before.read(entry)
            if entry == name:
                assert old.encode() in part
                part = part.replace(old.encode(), new.encode())
            after.writestr(entry, part)
    return file.getvalue()


HEAD = ["Group", P, N]
ROWS = [["Customers", 5, 2], ["Employees", 4, 3]]
ZH = ["您的身份", "用户隐私保护", "能源管理"]


def _merged_across(book: Any, sheet: Any) -> None:
    sheet.merge_range(1, 1, 1, 2, 5)


def _merged_down(book: Any, sheet: Any) -> None:
    sheet.merge_range(1, 0, 2, 0, "Customers")


def _hidden_row(book: Any, sheet: Any) -> None:
    sheet.set_row(2, None, None, {"hidden": True})


def _summary_sheet(book: Any, sheet: Any) -> None:
    other = book.add_worksheet("Means")
    for at, row in enumerate([HEAD, ["Customers", 4, 4], ["Employees", 3, 3]]):
        other.write_row(at, 0, row)


NASTY: tuple[Nasty, ...] = (
    # K2: digits
    Nasty("scale-in-a-title-row.csv", "K2",
          csv_of([["请为每个议题打分：1=最重要，5=最不重要", "", ""], ZH, ["客户", 1, 4], ["员工", 2, 3]]),
          TWO),
    Nasty("scale-in-a-title-row-en.xlsx", "K2",
          xlsx_of([["Scale: 1 = most important, 5 = least important"], [], HEAD,
                   ["Customers", 1, 4], ["Employees", 2, 3]]), TWO),
    Nasty("ends-worded-the-rest-bare.csv", "K2",
          csv_of([HEAD, ["Customers", "1 (most important)", "4"],
                  ["Employees", "2", "5 (least important)"], ["Employees", "3", "3"]]),
          [(C, (5, 2)), (E, (4, 1)), (E, (3, 3))]),
    Nasty("seven-points-none-above-five.csv", "K2",
          csv_of([["Group", f"{P} (seven-point scale)", f"{N} (seven-point scale)"],
                  ["Customers", 5, 2], ["Employees", 4, 3]])),
    Nasty("七级.csv", "K2",
          csv_of([["您的身份", "用户隐私保护（七级量表）", "能源管理（七级量表）"],
                  ["客户", 5, 2], ["员工", 4, 3]])),
    Nasty("zero-to-four.csv", "K2",
          csv_of([HEAD, ["Customers", 4, 1], ["Employees", 3, 2], ["Employees", 0, 4]])),
    Nasty("one-stands-for-most.csv", "K2",
          csv_of([["Group", f"{P} [1 stands for very important, 5 for not important]",
                   f"{N} [1 stands for very important, 5 for not important]"],
                  ["Customers", 1, 4], ["Employees", 2, 3]]), TWO),
    Nasty("from-high-to-low.csv", "K2",
          csv_of([["Group", f"{P} (1 high – 5 low)", f"{N} (1 high – 5 low)"],
                  ["Customers", 1, 4], ["Employees", 2, 3]]), TWO),
    Nasty("从高到低.csv", "K2",
          csv_of([["您的身份", "用户隐私保护（1-5，由高到低）", "能源管理（1-5，由高到低）"],
                  ["客户", 1, 4], ["员工", 2, 3]]), TWO),
    Nasty("percent.xlsx", "K2",
          xlsx_of([HEAD, ["Customers", 1.0, 0.4], ["Employees", 0.8, 0.6]])),
    Nasty("six-is-do-not-know.csv", "K2",
          csv_of([["Group", f"{P} (1 = not at all … 5 = extremely, 6 = don't know)", N],
                  ["Customers", 5, 2], ["Employees", 6, 3]]), [(C, (5, 2)), (E, (0, 3))]),
    Nasty("ranks.csv", "K2",
          csv_of([["Group", f"Ranking: {P}", f"Ranking: {N}", f"Ranking: {A}"],
                  ["Customers", 1, 2, 3], ["Employees", 3, 1, 2]])),
    Nasty("decimals.csv", "K2", csv_of([HEAD, ["Customers", "4.5", "2"], ["Employees", "4", "3.5"]])),
    Nasty("decimal-comma.csv", "K2",
          csv_of([HEAD, ["Customers", "5,0", "2,0"], ["Employees", "4,0", "3,0"]], ";"), TWO),
    Nasty("stars.csv", "K2", csv_of([ZH, ["客户", "★★★★★", "★★☆☆☆"], ["员工", "★★★★☆", "★★★☆☆"]]),
          TWO),
    Nasty("school-marks.csv", "K2",
          csv_of([["Group", f"{P} (Schulnote)", f"{N} (Schulnote)"], ["Customers", 1, 4],
                  ["Employees", 2, 3]])),
    Nasty("one-is-first-in-a-note.xlsx", "K2",
          xlsx_of([["Group", "1 = very important; 5 = unimportant", ""], ["", P, N],
                   ["Customers", 1, 4], ["Employees", 2, 3]]), TWO),
    # K3: words
    Nasty("three-words-neutral.csv", "K3",
          csv_of([HEAD, ["Customers", "Important", "Unimportant"],
                  ["Employees", "Neutral", "Important"]])),
    Nasty("four-words-no-lowest.csv", "K3",
          csv_of([HEAD, ["Customers", "Very important", "Unimportant"],
                  ["Employees", "Important", "Neutral"]])),
    Nasty("四档.csv", "K3", csv_of([ZH, ["客户", "非常满意", "不满意"], ["员工", "满意", "一般"]])),
    Nasty("large-medium-small.csv", "K3",
          csv_of([HEAD, ["Customers", "Large", "Small"], ["Employees", "Medium", "Large"]])),
    Nasty("大中小.csv", "K3", csv_of([ZH, ["客户", "大", "小"], ["员工", "中", "大"]])),
    Nasty("较高较低.csv", "K3", csv_of([ZH, ["客户", "较高", "较低"], ["员工", "中等", "较高"]])),
    Nasty("agree.csv", "K3",
          csv_of([HEAD, ["Customers", "Agree", "Disagree"], ["Employees", "Neutral", "Agree"]])),
    Nasty("two-words.csv", "K3",
          csv_of([HEAD, ["Customers", "Important", "Not important"],
                  ["Employees", "Not important", "Important"]])),
    Nasty("two-scales-in-one-file.csv", "K3",
          csv_of([HEAD, ["Customers", "Extremely important", "Low"], ["Employees", "High", EN[2]]])),
    Nasty("yes-no.csv", "K3", csv_of([HEAD, ["Customers", "Yes", "No"], ["Employees", "No", "Yes"]])),
    # K5: which rows
    Nasty("progress-only.csv", "K5",
          csv_of([["Group", "Progress", P, N], ["Customers", 100, 5, 2], ["Customers", 45, 5, 1],
                  ["Employees", 100, 4, 3]]), TWO),
    Nasty("progress-percent.csv", "K5",
          csv_of([["您的身份", "完成度", *ZH[1:]], ["客户", "100%", 5, 2], ["客户", "45%", 5, 1],
                  ["员工", "100%", 4, 3]]), TWO),
    Nasty("preview-by-channel.csv", "K5",
          csv_of([["ResponseId", "DistributionChannel", "Group", P, N],
                  ["R_1", "anonymous", "Customers", 5, 2], ["R_0", "preview", "Customers", 1, 1],
                  ["R_2", "email", "Employees", 4, 3]]), TWO, must_read=True),
    Nasty("腾讯-未结束.csv", "K5",
          csv_of([["编号", "开始答题时间", "结束答题时间", *ZH],
                  ["1", "2026-03-01 10:00:00", "2026-03-01 10:03:00", "客户", 5, 2],
                  ["2", "2026-03-01 10:05:00", "", "客户", 1, ""],
                  ["3", "2026-03-01 10:06:00", "2026-03-01 10:09:00", "员工", 4, 3]]), TWO,
          must_read=True),
    Nasty("审核.csv", "K5",
          csv_of([["序号", "审核结果", *ZH], ["1", "通过", "客户", 5, 2],
                  ["2", "不通过", "客户", 1, 1], ["3", "通过", "员工", 4, 3]]), TWO),
    Nasty("valid-column.csv", "K5",
          csv_of([["Valid?", *HEAD], ["1", "Customers", 5, 2], ["0", "Customers", 1, 1],
                  ["1", "Employees", 4, 3]]), TWO),
    Nasty("duration-flag.csv", "K5",
          csv_of([["答卷是否有效", *ZH], ["有效", "客户", 5, 2], ["无效答卷", "客户", 1, 1],
                  ["有效", "员工", 4, 3]]), TWO),
    Nasty("total-in-the-third-column.csv", "K5",
          csv_of([["序号", "部门", "您的身份", *ZH[1:]], ["1", "财务", "客户", 5, 2],
                  ["2", "人事", "员工", 4, 3], ["", "", "平均", 4, 3]]), TWO),
    Nasty("mean-spelled-otherwise.csv", "K5",
          csv_of([HEAD, ["Customers", 5, 2], ["Employees", 4, 3], ["Average score", 4, 3]]), TWO),
    Nasty("n-row.csv", "K5",
          csv_of([["序号", *ZH], ["1", "客户", 5, 2], ["2", "员工", 4, 3], ["样本量", "", 2, 2]]), TWO),
    Nasty("合计带冒号.xlsx", "K5",
          xlsx_of([["序号", *ZH], [1, "客户", 5, 2], [2, "员工", 4, 3], ["合 计：", "", 9, 5]]), TWO),
    Nasty("counts-per-value.csv", "K5",
          csv_of([["Topic", "1", "2", "3", "4", "5"], [P, 0, 0, 1, 4, 5], [N, 1, 2, 4, 1, 2]])),
    Nasty("weights.csv", "K5",
          csv_of([["Group", "n", P, N], ["Customers", 12, 5, 2], ["Employees", 7, 4, 3]])),
    Nasty("test-people.csv", "K5",
          csv_of([["序号", "来源", *ZH], ["1", "微信", "客户", 5, 2], ["2", "预览", "客户", 1, 1],
                  ["3", "微信", "员工", 4, 3]]), TWO),
    # K6: rows that do not fit
    Nasty("comma-and-missing-tail.csv", "K6",
          b"Group,Remark,User privacy protection,Energy management\n"
          b"Customers,ok, 5,2\nEmployees,well, so,4\nEmployees,fine,4,3\n"),
    Nasty("delimiter-of-data-differs.csv", "K6",
          b"Group;User privacy protection;Energy management\nCustomers,5,2\nEmployees,4,3\n"),
    Nasty("cell-to-the-right.xlsx", "K6",
          xlsx_of([HEAD, ["Customers", 5, 2], ["Employees", "", 4, 3]])),
    Nasty("broken-line.csv", "K6",
          b"Group,Remark,User privacy protection,Energy management\n"
          b"Customers,fine\nindeed,5,2\nEmployees,ok,4,3\n"),
    Nasty("tabs-in-comments.txt", "K6",
          b"Group\tUser privacy protection\tEnergy management\tComment\n"
          b"Customers\t5\t2\ta\tb\nEmployees\t4\t3\tc\n"),
    Nasty("curly-quotes.csv", "K6",
          "Group,Remark,User privacy protection,Energy management\n"
          "Customers,“ok, fine”,5,2\nEmployees,“ok”,4,3\n".encode()),
    # K7: where the table begins
    Nasty("three-titles.xlsx", "K7",
          xlsx_of([["2026 survey"], ["Confidential"], [], HEAD, *ROWS]), TWO, must_read=True),
    Nasty("heading-again.csv", "K7",
          csv_of([HEAD, ROWS[0], HEAD, ROWS[1]]), TWO),
    Nasty("second-table-below.csv", "K7",
          csv_of([HEAD, *ROWS, ["", "", ""], ["Group", N, P], ["Customers", 1, 1]])),
    Nasty("summary-sheet.xlsx", "K7", xlsx_of([HEAD, *ROWS], _summary_sheet)),
    Nasty("begins-at-c5.xlsx", "K7",
          xlsx_of([[], [], [], [], ["", "", *HEAD], *[["", "", *row] for row in ROWS]]), TWO,
          must_read=True),
    Nasty("codes-below-headings.csv", "K7",
          csv_of([["Which group are you in?", P, N], ["Q1", "Q2_1", "Q2_2"], *ROWS]), TWO),
    Nasty("surveymonkey-two-rows.csv", "K7",
          csv_of([["Respondent ID", "Which group are you in?",
                   "How important are these topics to you?", ""],
                  ["", "Response", P, N], ["1", *ROWS[0]], ["2", *ROWS[1]]]), TWO, must_read=True),
    Nasty("units-below-headings.csv", "K7", csv_of([HEAD, ["", "(1-5)", "(1-5)"], *ROWS]), TWO),
    # K8: headings
    Nasty("performance-only.csv", "K8",
          csv_of([["Group", f"How well do we perform? [{P}]", f"How well do we perform? [{N}]"],
                  *ROWS])),
    Nasty("满意度.csv", "K8",
          csv_of([["您的身份", "满意度—用户隐私保护", "满意度—能源管理"], ["客户", 5, 2], ["员工", 4, 3]])),
    Nasty("one-topic-of-another-question.csv", "K8",
          csv_of([["Group", f"Importance [{P}]", f"Performance [{N}]"], *ROWS])),
    Nasty("performance-beside-importance.csv", "K8",
          csv_of([["Group", f"Importance - {P}", f"Performance - {P}", f"Importance - {N}",
                   f"Performance - {N}"],
                  ["Customers", 5, 1, 2, 1], ["Employees", 4, 1, 3, 1]]), TWO),
    Nasty("comment-beside.csv", "K8",
          csv_of([["Group", f"{P}", f"{P} [Comment]", N, f"{N} [Comment]"],
                  ["Customers", 5, "", 2, "no idea"], ["Employees", 4, "good", 3, ""]]), TWO),
    Nasty("two-languages-in-a-heading.csv", "K8",
          csv_of([["您的身份 Your group", "用户隐私保护 User privacy protection",
                   "能源管理 Energy management"], *ROWS]), TWO, must_read=True),
    Nasty("familiarity.csv", "K8",
          csv_of([["您的身份", "您对用户隐私保护的了解程度", "您对能源管理的了解程度"],
                  ["客户", 5, 2], ["员工", 4, 3]])),
    Nasty("last-year-beside.csv", "K8",
          csv_of([["Group", f"2020 {P}", f"2021 {P}", f"2020 {N}", f"2021 {N}"],
                  ["Customers", 1, 5, 1, 2], ["Employees", 1, 4, 1, 3]]), TWO),
    Nasty("mean-of-topics.csv", "K8",
          csv_of([["Group", P, N, f"Mean of {P} and {N}"], ["Customers", 5, 2, 3],
                  ["Employees", 4, 3, 3]]), TWO),
    # K9: bytes
    Nasty("old-mac-lines.csv", "K9", b"Group,User privacy protection,Energy management\r"
          b"Customers,5,2\rEmployees,4,3\r", TWO, must_read=True),
    Nasty("utf-16-be-without-mark.csv", "K9",
          csv_of([ZH, ["客户", 5, 2], ["员工", 4, 3]], "\t", "utf-16-be"), TWO),
    Nasty("two-marks.csv", "K9", b"\xef\xbb\xbf" + csv_of([ZH, ["客户", 5, 2], ["员工", 4, 3]]), TWO,
          must_read=True),
    Nasty("shift-jis.csv", "K9",
          csv_of([["Group", P, N, "備考"], ["Customers", 5, 2, "とても"], ["Employees", 4, 3, "良い"]],
                 encoding="shift_jis")),
    Nasty("truncated-letter.csv", "K9", csv_of([ZH, ["客户", 5, 2], ["员工", 4, 3], ["客"]])[:-3]),
    Nasty("gbk-with-topic-codes.csv", "K9",
          csv_of([["您的身份", "user-privacy", "energy-management"], ["客户", 5, 2], ["员工", 4, 3]],
                 encoding="gb18030"), TWO),
    Nasty("caret.csv", "K9", csv_of([HEAD, *ROWS], "^")),
    Nasty("sep-tab.csv", "K9", b"sep=\t\r\n" + csv_of([HEAD, *ROWS], "\t", "utf-8"), TWO,
          must_read=True),
    Nasty("single-quotes.csv", "K9",
          b"'Group','User privacy protection','Energy management'\n'Customers','5','2'\n"
          b"'Employees','4','3'\n", TWO),
    # K10: workbooks
    Nasty("merged-across.xlsx", "K10", xlsx_of([HEAD, *ROWS], _merged_across)),
    Nasty("merged-down.xlsx", "K10", xlsx_of([HEAD, *ROWS], _merged_down),
          [(C, (5, 2)), (C, (4, 3))], must_read=True),
    Nasty("hidden-row.xlsx", "K10", xlsx_of([HEAD, ROWS[0], ["Customers", 1, 1], ROWS[1]], _hidden_row),
          TWO),
    Nasty("text-digits.xlsx", "K10",
          xlsx_of([HEAD, ["Customers", "5\xa0", " 2"], ["Employees", "'4", "3"]])),
    Nasty("booleans.xlsx", "K10",
          xlsx_of([HEAD, ["Customers", True, False], ["Employees", False, True]])),
    Nasty("dates-for-ranges.csv", "K10",
          csv_of([HEAD, ["Customers", "5-May", "2"], ["Employees", "4", "3"]])),
    Nasty("superscript.csv", "K10", csv_of([HEAD, ["Customers", "5²", "2"], ["Employees", "4¹", "3"]])),
    # people and groups in answers
    Nasty("groups-otherwise.csv", "K13",
          csv_of([HEAD, ["Customer", 5, 2], ["Employees ", 4, 3]]), TWO),
    Nasty("number-twice.csv", "K1",
          csv_of([["序号", *ZH], ["1", "客户", 5, 2], ["1", "员工", 4, 3]])),
)  # fmt: skip
