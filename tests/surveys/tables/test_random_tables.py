"""Tables of random shape, made from known ratings: after reading there are exactly those ratings,
or there is a question. Never others."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.errors import Unusable
from surveys.tables import sheet_reader
from surveys.tables.columns import known_names
from surveys.tables.place import find_place
from surveys.tables.plan import TableOptions, propose
from surveys.tables.rows import AnswerReader
from surveys.tables.target import Target, TargetGroup, TargetPrompt, TargetTopic
from surveys.tables.words import TOTALS
from tests.surveys.conftest import workbook

EXAMPLES = 60
EN = ("Not at all important", "Slightly important", "Moderately important", "Very important",
      "Extremely important")  # fmt: skip
ZH = ("很不重要", "不重要", "一般", "重要", "很重要")
NAMES = (("user-privacy", "用户隐私保护", "User privacy protection"),
         ("energy-management", "能源管理", "Energy management"),
         ("anti-corruption", "反腐败", "Anti-corruption"),
         ("data-security", "数据安全", "Data security"))  # fmt: skip
GROUPS = (("customers", "客户", "Customers"), ("employees", "员工", "Employees"))
MEANINGS = frozenset(f"importance:{name[0]}" for name in NAMES)
ASKED = Target(
    (TargetPrompt("importance",
            ("以下议题对您有多重要？", "How important are these topics to you?"),
            (ZH, EN), ("不了解", "Cannot judge")),),
    tuple(TargetTopic(f"importance:{n[0]}", "importance", n[0], n[1:]) for n in NAMES),
    tuple(TargetGroup(g[0], g[1:], MEANINGS) for g in GROUPS),
)  # fmt: skip
SCALES = (
    (tuple("12345"), ""), (EN, ""), (ZH, ""), (tuple(f"{n}分" for n in range(1, 6)), ""),
    (tuple(f"{n}、{word}" for n, word in enumerate(ZH, 1)), ""),
    (tuple(f"{6 - n}={word}" for n, word in enumerate(ZH, 1)), ""),
    (("不重要", "不太重要", "一般", "比较重要", "非常重要"), ""),
    (("Not important", "Slightly important", "Moderately important", "Important",
      "Very important"), ""),
    (("Very low", "Low", "Medium", "High", "Very high"), ""),
    (tuple("54321"), "1 = most important, 5 = least important"),
    (tuple("54321"), "1最重要，5最不重要"),
    (("1", "3", "4", "6", "7"), "(1-7)"), (("0", "2", "5", "8", "10"), "0-10"),
    (("1", "3", "5", "8", "10"), "满分10分"), (("A1", "A2", "A3", "A4", "A5"), ""),
    (("A5", "A4", "A3", "A2", "A1"), ""), (("低", "低", "中", "高", "高"), ""),
    (("完全不重要", "不重要", "有点重要", "重要", "非常重要"), ""),
)  # fmt: skip
"""Words or digits of a scale, lowest first, and what its headings add."""
STYLES = ("{}", "Q. How important are these topics to you? [{}]", "M[{}]", "rating/{}",
          "2、以下议题对您有多重要？—{}")  # fmt: skip
STATES = (
    ("答卷状态", "有效", "无效"), ("Finished", "True", "False"), ("Progress", "100", "40"),
    ("来源", "链接", "预览"), ("审核结果", "通过", "不通过"), ("是否完成", "是", "否"),
    ("结束答题时间", "2026-03-01 10:00", ""), ("Review", "approved", "rejected"),
    ("Channel", "anonymous", "preview"),
)  # fmt: skip
"""A column that tells which rows count: its heading, and what stands there of those and others."""
NOISE = {
    "来自IP": lambda n: f"203.0.113.{n}",
    "所用时间": lambda n: f"{60 + 7 * n}秒",
    "Age": lambda n: str(21 + n),
    "提交答卷时间": lambda n: f"2026/3/{1 + n} 10:00:01",
    "Remarks": lambda n: ("ok, fine", "", "好；很好", 'he said "yes"')[n % 4],
    "总分": lambda n: str(10 + n),
}


@st.composite
def tables(draw):
    """Return a file, its kind, and the group and ratings of everybody in it (None: blank)."""
    language = draw(st.integers(1, 2))
    topics = draw(st.permutations(NAMES))[: draw(st.integers(1, 4))]
    words, hint = draw(st.sampled_from(SCALES))
    people = draw(st.lists(
        st.tuples(st.sampled_from(GROUPS),
                  st.lists(st.sampled_from([1, 2, 3, 4, 5, 5, None]), min_size=len(topics),
                           max_size=len(topics))),
        min_size=2, max_size=8,
    ))  # fmt: skip
    columns = []
    style = draw(st.sampled_from(STYLES))
    title = draw(st.sampled_from(["", "", "2021 年利益相关方问卷", "Materiality survey 2021"]))
    if hint and draw(st.booleans()):
        title, hint = f"{title} {hint}".strip(), ""
    counts = [True] * len(people)
    if draw(st.booleans()):
        heading, yes, no = draw(st.sampled_from(STATES))
        others = {"min_size": len(people) - 1, "max_size": len(people) - 1}
        counts = [True, *draw(st.lists(st.sampled_from([True, True, False]), **others))]
        columns.append((heading, [yes if one else no for one in counts], False))
    for at, topic in enumerate(topics):
        name = topic[draw(st.sampled_from([0, language]))]
        said = style.format(name) + (f" {hint}" if hint else "")
        columns.append((said, [words[r[at] - 1] if r[at] else "" for _g, r in people], True))
    named = [group[draw(st.sampled_from([0, language]))] for group, _r in people]
    columns.append((draw(st.sampled_from(["Group", "您的身份", "群体"])), named, False))
    if draw(st.booleans()):
        columns.append((draw(st.sampled_from(["序号", "id", "Response ID"])),
                        [str(n + 1) for n in range(len(people))], False))  # fmt: skip
    for name in draw(st.lists(st.sampled_from(sorted(NOISE)), unique=True, max_size=3)):
        columns.append((name, [NOISE[name](n) for n in range(len(people))], False))
    columns = draw(st.permutations(columns))
    rows = [[cells[n] for _h, cells, _r in columns] for n in range(len(people))]
    if draw(st.booleans()):
        label = draw(st.sampled_from(["平均值", "Mean", "合计", "Total"]))
        total = ["3.5" if rated else "" for _h, _c, rated in columns]
        rows.append([label, *total[1:]])
    head = [[heading for heading, _c, _r in columns]]
    if title:
        head.insert(0, [title] + [""] * (len(columns) - 1))
    right = sorted(
        (group[0], tuple(sorted((t[0], r) for t, r in zip(topics, given, strict=True) if r)))
        for (group, given), is_counted in zip(people, counts, strict=True)
        if any(given) and is_counted
    )
    return (*_file(draw, head + rows), right)


def _file(draw, rows):
    if draw(st.integers(0, 5)) == 0:
        return workbook(rows), "xlsx"
    text = io.StringIO()
    csv.writer(text, delimiter=draw(st.sampled_from(",;\t|"))).writerows(rows)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
    return text.getvalue().encode(encoding), "csv"


def read(content, kind):
    """Return what is asked, or the answers that would be imported."""
    file = io.BytesIO(content)
    places = find_place(
        {"kind": kind, **sheet_reader.look(file, kind, "")}, TableOptions(), known_names(ASKED),
        ASKED.data_words,
    )  # fmt: skip
    source = places.place.source
    rows = sheet_reader.limit(sheet_reader.rows_of(file, source), 0, 500)
    tally = sheet_reader.tally(rows, places.place.first, TOTALS)
    tally["hidden"] = sheet_reader.hidden_rows(file, source)
    plan = propose(ASKED, places, tally, TableOptions())
    if plan.questions:
        return plan.questions, []
    file = io.BytesIO(content)
    every = sheet_reader.limit(sheet_reader.rows_of(file, source), 0, 500)
    reader = AnswerReader(ASKED, plan, b"secret")
    result = []
    for number, cells in sheet_reader.as_wide(every, plan.width):
        if number >= plan.place.first:
            try:
                answer = reader.read(number, cells)
            except Unusable as problem:
                return [problem], []
            if answer:
                result.append((answer.group, tuple(sorted(answer.ratings.items()))))
    return [], sorted(result)


@pytest.mark.drill
@settings(max_examples=2000, deadline=None, suppress_health_check=[*HealthCheck])
@given(tables())
def test_two_thousand_random_tables(made):
    content, kind, right = made

    questions, found = read(content, kind)

    assert questions or found == right


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[*HealthCheck], print_blob=True
)
@given(tables())
def test_a_random_table_gives_its_ratings_or_a_question(made):
    content, kind, right = made

    questions, found = read(content, kind)

    assert questions or found == right
    read_or_asked.append(bool(found))


read_or_asked: list[bool] = []


def test_the_control_many_random_tables_are_read_without_a_question():
    """A reader that always asked would pass the test above."""
    assert not read_or_asked or sum(read_or_asked) > len(read_or_asked) / 8
