"""Answers from elsewhere: tables of 问卷星, LimeSurvey and others, read whole or not at all."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from surveys import answers
from surveys.actions import import_answers as moving
from surveys.actions.answer_tables import check, forget, say, take_table
from surveys.actions.erase import erase_expired
from surveys.actions.import_answers import import_answers
from surveys.actions.publish import close, publish
from surveys.actions.seal import seal
from surveys.encryption import keys
from surveys.encryption.keys import KeyMissing
from surveys.errors import Conflict, RuleBroken
from surveys.fieldwork.progress import progress
from surveys.models import (
    CANNOT_JUDGE,
    AnswerTable,
    Intake,
    Invitation,
    Receipt,
    StagedAnswer,
)
from surveys.responses.signs import Sign
from surveys.tables.columns import program_of
from surveys.tables.identity import Comparison
from surveys.tables.plan import TableOptions
from surveys.tables.reading import plan_of
from surveys.tables.scales import guess_ratings
from tests.builders import both, make_audience, make_link, make_survey
from tests.surveys.conftest import on_disk, workbook
from tests.tampering import unprotected

pytestmark = pytest.mark.django_db

TOPICS = (
    ("energy", "能源与气候", "Energy and climate"),
    ("safety", "职业健康与安全", "Safety at work"),
    ("privacy", "数据安全与隐私", "Data security and privacy"),
)

WJX = (
    "序号,提交答卷时间,所用时间,来源,来源详情,来自IP,总分,1、您的身份是？,"
    "2、以下议题对您有多重要？—能源与气候,2、以下议题对您有多重要？—职业健康与安全,"
    "2、以下议题对您有多重要？—数据安全与隐私,3、您的意见和建议：\r\n"
    "1,2026/3/1 10:00:01,95秒,微信,N/A,203.0.113.7,13,客户,很重要,重要,很不重要,多公开数据\r\n"
    "2,2026/3/1 10:02:11,61秒,链接,直接访问,203.0.113.8(上海),9,员工,一般,不重要,(跳过),(空)\r\n"
    "3,2026/3/1 10:05:40,70秒,微信,N/A,203.0.113.9(深圳),10,客户,不清楚,一般,重要,\r\n"
)
"""As 问卷星 writes “按选项文本”: its own columns, then “题号、题干—行标题”; GBK encoded."""

LIMESURVEY = (
    '"Response ID","Date submitted","Last page","Start language","Seed","Group",'
    '"How important are these topics to you? [Energy and climate]",'
    '"How important are these topics to you? [Safety at work]",'
    '"How important are these topics to you? [Data security and privacy]"\n'
    '"11","2026-03-01 10:00:01","2","en","77","customers","Extremely important",'
    '"Slightly important","N/A"\n'
    '"12","","1","en","78","customers","Very important","",""\n'
    '"13","2026-03-01 11:00:01","2","en","79","employees","Not at all important",'
    '"Moderately important","No opinion"\n'
)
"""As LimeSurvey writes full questions and full answers; 12 never finished."""

CODED = (
    "id,submitdate,lastpage,startlanguage,M[energy],M[safety],M[privacy]\n"
    "5,2026-03-01 10:00:01,2,en,A5,A1,\n6,2026-03-01 10:00:09,2,en,A3,A4,A2\n"
)
"""As LimeSurvey writes question codes and answer codes."""


@pytest.fixture
def survey(db):
    found = make_survey(topics=3, audiences=("customers",), publish_it=False)
    found.audiences.update(name=both("客户", "Customers"))
    employees = make_audience(found, "employees", name=both("员工", "Employees"))
    for question, (code, zh, en) in zip(found.questions.order_by("position"), TOPICS, strict=True):
        question.item, question.title = code, both(zh, en)
        question.save()
        question.audiences.add(employees)
    publish(found)
    return found


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def taken(survey, content, tmp_path):
    with on_disk(content, tmp_path) as file:
        return take_table(survey, file, "answers.csv", None)


def read(survey, content, tmp_path, **told):
    """Take a table, accept what is guessed, say the rest, and read it."""
    table = taken(survey, content, tmp_path)
    said = told.pop("said", None) or TableOptions(**told)
    plan = say(table, said)
    if not plan.questions:
        check(table)
    return table


def asked(table):
    return {(one.step, one.value) for one in plan_of(table).questions}


def sealed_rows(survey):
    close(survey)
    seal(survey)
    result = answers.sealed_answers(survey)
    codes = [result.audiences[at] for at in result.audience]
    return sorted(zip(codes, result.ratings.tolist(), strict=True)), result


# ---- what other programs write ----


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-8"])
def test_a_table_of_wjx_is_understood_without_a_word(survey, tmp_path, encoding):
    table = read(survey, WJX.encode(encoding), tmp_path)
    assert (table.problems, table.read, table.unfinished) == ([], 3, 0)

    assert import_answers(table) == 3
    rows, _found = sealed_rows(survey)

    assert program_of(table.summary["header"]) == "问卷星"
    # “不重要” beside “很不重要” is a 2; “(跳过)” is blank; “不清楚” is “cannot judge”
    assert rows == [
        ("customers", [5, 4, 1]),
        ("customers", [CANNOT_JUDGE, 3, 4]),
        ("employees", [3, 2, 0]),
    ]


def test_a_table_of_limesurvey_is_understood_and_who_did_not_finish_left_out(survey, tmp_path):
    table = read(survey, LIMESURVEY.encode(), tmp_path)
    assert (table.problems, table.read, table.unfinished) == ([], 3, 1)

    import_answers(table)
    rows, _found = sealed_rows(survey)

    assert rows == [("customers", [5, 2, 0]), ("employees", [1, 3, CANNOT_JUDGE])]


def test_answer_codes_of_limesurvey_are_asked_for(survey, tmp_path):
    """A1 is the first word of a list that may begin at either end."""
    table = read(survey, CODED.encode(), tmp_path, everybody="customers")
    assert {value for step, value in asked(table)} == {"a1", "a2", "a3", "a4", "a5"}

    codes = {f"a{number}": 6 - number for number in range(1, 6)}
    say(table, TableOptions(everybody="customers", ratings={"importance": codes}))
    check(table)
    import_answers(table)

    assert sealed_rows(survey)[0] == [("customers", [1, 5, 0]), ("customers", [3, 2, 4])]


def test_a_workbook_reads_like_the_csv(survey, tmp_path):
    rows = [["Group", "energy", "safety", "privacy"], ["Customers", 5, 4.0, "3"]]
    table = read(survey, workbook(rows), tmp_path)
    import_answers(table)

    assert sealed_rows(survey)[0] == [("customers", [5, 4, 3])]


@pytest.mark.parametrize(
    ("text", "rating"),
    [("5", 5), ("５", 5), ("4.0", 4), ("3分", 3), ("④", 4), ("", 0), ("-3", 0), ("(空)", 0),
     ("N/A", 0), ("不了解，无法评价", 255), ("Don’t know", 255), ("4.5", None), ("0", None),
     ("6", None), ("15", None), ("3 000", None), ("=1+1", None), ("yes", None), ("A2", None),
     ("A2. Slightly", None), ("2 or 3", None), ("5 (but only in shops)", None)],
)  # fmt: skip
def test_ratings_in_digits(text, rating):
    """Beside 1 and 5; what is not a rating on its face is asked for."""
    result = guess_ratings([text, "1", "5"], {})
    settled = None if result.asks_scale else result.ratings.get(next(iter(result.ratings), ""))

    if rating is None:
        assert result.proposals or result.asks_scale
    else:
        assert not result.proposals
        assert not result.asks_scale
        assert rating in result.ratings.values()
        assert settled is not None


def test_the_words_beside_it_decide_what_a_word_means():
    def means(*words):
        return guess_ratings(words, {})

    assert means("不重要", "很不重要", "一般").ratings["不重要"] == 2
    assert means("不重要", "不太重要", "比较重要", "非常重要").ratings["不重要"] == 1
    assert set(means("不重要", "重要").proposals) == {"不重要", "重要"}  # either
    assert set(means("挺好", "5", "不清楚").proposals) == {"挺好"}


def test_the_surveys_own_words_for_cannot_judge_are_understood(survey, tmp_path):
    csv = "Group,energy,safety,privacy\nCustomers,5,我不懂,4\n".encode()
    assert asked(read(survey, csv, tmp_path))  # control: nobody can tell

    with unprotected():
        survey.prompts.update(cannot_judge=both("我不懂", "No idea"))
    import_answers(read(survey, csv, tmp_path))

    assert sealed_rows(survey)[0] == [("customers", [5, CANNOT_JUDGE, 4])]


def test_the_control_a_heading_that_names_no_topic_means_nothing(survey, tmp_path):
    csv = "序号,2、以下议题对您有多重要？—水资源,water use,备注\n1,5,4,好\n"
    table = taken(survey, csv.encode(), tmp_path)

    assert plan_of(table).columns == {0: "row"}
    assert ("topics", "") in asked(table)


# ---- all or nothing, once ----


def test_one_bad_row_and_nothing_is_imported(survey, tmp_path):
    bad = WJX.replace("一般,不重要,(跳过)", "一般,4.5,(跳过)").replace("客户,不清楚", "股东,不清楚")
    table = read(survey, bad.encode(), tmp_path)
    assert asked(table) == {("ratings", "4.5"), ("groups", "股东")}

    cut = WJX.replace("重要,很不重要,多公开数据", "重要,很不重要,多,公开数据")
    table = read(survey, cut.encode(), tmp_path)
    assert asked(table) == {("long rows", "2")}
    with pytest.raises(Conflict, match=r"Nothing|没有"):
        import_answers(table)
    assert not Intake.objects.exists()
    assert not Invitation.objects.exists()


def test_a_crash_half_way_imports_nothing(survey, tmp_path, monkeypatch):
    table = read(survey, WJX.encode(), tmp_path)
    monkeypatch.setattr(moving, "erase_file", lambda _table: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        import_answers(table)

    assert not Intake.objects.exists()
    assert not Invitation.objects.exists()
    assert StagedAnswer.objects.count() == 3


def test_a_second_import_of_the_same_rows_adds_nothing(survey, tmp_path):
    import_answers(read(survey, WJX.encode(), tmp_path))
    again = read(survey, WJX.encode(), tmp_path)
    assert (again.known, again.problems) == (3, [])

    assert import_answers(again) == 0
    longer = WJX + "4,2026/3/2 9:00:00,80秒,微信,N/A,203.0.113.9,15,客户,重要,重要,重要,\r\n"
    assert import_answers(read(survey, longer.encode("gbk"), tmp_path)) == 1

    assert Intake.objects.count() == 4


def test_rows_without_a_number_are_told_by_their_content(survey, tmp_path):
    rows = "Group,energy\nCustomers,5\nCustomers,5\nCustomers,4\n"
    first = read(survey, rows.encode(), tmp_path)
    assert import_answers(first) == 3  # two people may agree
    assert import_answers(read(survey, rows.encode(), tmp_path)) == 0

    longer = read(survey, (rows + "Customers,5\n").encode(), tmp_path)
    with pytest.raises(Conflict):  # people who agree, or the same people and one more?
        import_answers(longer)
    say(longer, TableOptions(identity="same", of=first.pk))
    check(longer)
    assert import_answers(longer) == 1


def test_two_readings_of_one_file_import_it_once(survey, tmp_path):
    """Both were read before either was imported: the database has the last word."""
    first, second = (read(survey, WJX.encode(), tmp_path) for _again in range(2))
    import_answers(first)

    with pytest.raises(Conflict):
        import_answers(second)
    assert Intake.objects.count() == 3


def meanwhile(monkeypatch, do):
    """Let something happen in the midst of a reading."""
    before, left = Comparison.meet, [do]

    def met(self, answer):
        if left:
            left.pop()()
        return before(self, answer)

    monkeypatch.setattr(Comparison, "meet", met)


def test_nothing_is_imported_of_a_table_that_is_being_read_again(survey, tmp_path, monkeypatch):
    table = read(survey, WJX.encode(), tmp_path)
    refused = []

    def import_now():
        with pytest.raises(Conflict) as error:
            import_answers(table)
        refused.append(error)

    meanwhile(monkeypatch, import_now)
    check(AnswerTable.objects.get(pk=table.pk))

    assert refused
    assert import_answers(table)


def test_of_two_readings_at_once_the_later_one_counts(survey, tmp_path, monkeypatch):
    table = read(survey, WJX.encode(), tmp_path)
    rows = table.staged.count()
    meanwhile(monkeypatch, lambda: check(AnswerTable.objects.get(pk=table.pk)))

    check(AnswerTable.objects.get(pk=table.pk))

    table.refresh_from_db()
    assert (table.state, table.staged.count()) == ("checked", rows)


def test_an_imported_table_is_not_read_again(survey, tmp_path):
    table = read(survey, WJX.encode(), tmp_path)
    stale = AnswerTable.objects.get(pk=table.pk)
    import_answers(table)

    check(stale)

    table.refresh_from_db()
    assert (table.state, table.file.name, table.staged.count()) == ("imported", "", 0)


def test_other_answers_under_a_number_known_already_are_asked_about(survey, tmp_path):
    first = read(survey, WJX.encode(), tmp_path)
    import_answers(first)
    changed = WJX.replace("一般,不重要", "重要,不重要").encode()
    table = read(survey, changed, tmp_path)
    with pytest.raises(Conflict):
        import_answers(table)

    say(table, TableOptions(identity="same", of=first.pk))
    check(table)
    assert [line["row"] for line in table.problems] == [3]

    say(table, TableOptions(identity="replaces", of=first.pk))
    check(table)
    assert import_answers(table) == 3
    assert Intake.objects.count() == 3


@pytest.mark.parametrize("change", [("\n2,", "\n1,"), ("\n2,", "\n,")])
def test_a_number_given_twice_or_not_at_all_is_a_problem(survey, tmp_path, change):
    table = read(survey, WJX.replace(*change).encode(), tmp_path)

    assert [line["row"] for line in table.problems] == [3]


def test_nothing_is_imported_into_a_draft_or_a_sealed_survey(survey, tmp_path):
    table = read(survey, WJX.encode(), tmp_path)
    with pytest.raises(Conflict):
        taken(make_survey(topics=1, publish_it=False), WJX.encode(), tmp_path)
    close(survey)
    seal(survey)

    for attempt in (lambda: import_answers(table), lambda: taken(survey, b"a\n1\n", tmp_path)):
        with pytest.raises((Conflict, AnswerTable.DoesNotExist)):
            attempt()


def test_a_table_must_tell_topics_and_group(survey, tmp_path):
    table = taken(survey, b"Group,energy\nCustomers,5\n", tmp_path)

    for columns in ({"5": "importance:energy"}, {"1": "importance:love"}, {"0": "row", "1": "row"}):
        with pytest.raises(RuleBroken):
            say(table, TableOptions(columns=columns))
    assert ("topics", "") in {
        (q.step, q.value) for q in say(table, TableOptions(columns={"1": ""})).questions
    }
    assert {q.step for q in say(table, TableOptions(columns={"0": ""})).questions} == {"group"}
    with pytest.raises(RuleBroken):
        check(table)


def test_what_was_said_is_proposed_for_the_next_table_and_settles_nothing(survey, tmp_path):
    content = "谁,节能,喜欢吗\n老客户,挺好,没事\n".encode()
    said = TableOptions(
        columns={"0": "group", "1": "importance:energy"},
        ratings={"importance": {"挺好": 4}},
        groups={"老客户": "customers"},
    )
    first = read(survey, content, tmp_path, said=said)
    assert plan_of(taken(survey, content, tmp_path)).asks("columns") == []  # not before the import
    import_answers(first)

    columns = {"0": "group", "1": "importance:energy"}
    second = read(survey, content.replace(b"\xe6\xb2\xa1", b""), tmp_path, columns=columns)

    proposals = {
        (q.step, q.value): (q.proposal, q.is_remembered) for q in plan_of(second).questions
    }
    assert proposals == {
        ("ratings", "挺好"): ("4", True), ("groups", "老客户"): ("customers", True)
    }  # fmt: skip
    with pytest.raises(RuleBroken):
        check(second)


# ---- what is kept ----


def test_imported_answers_are_marked_and_sealed_like_the_others(survey, tmp_path):
    import_answers(read(survey, WJX.encode(), tmp_path))
    assert {i.receipt for i in Intake.objects.all()} == {""}
    [customers, _employees] = progress(survey)
    assert (customers.invited, customers.answered) == (0, 0)  # in steps of five
    _rows, found = sealed_rows(survey)

    assert (np.unique(found.flags) & Sign.IMPORTED).tolist() == [Sign.IMPORTED]
    assert answers.response_counts(survey) == {"customers": 2, "employees": 1}
    assert answers.sign_counts(survey)["imported"] is None  # under five, so not told
    assert not Receipt.objects.exists()
    assert set(Invitation.objects.values_list("source", "state")) == {("imported", "submitted")}


def test_the_seal_leaves_neither_rows_nor_files_nor_keys_of_a_table(survey, tmp_path):
    import_answers(read(survey, WJX.encode(), tmp_path))
    read(survey, LIMESURVEY.encode(), tmp_path)  # never imported
    before = set(Invitation.objects.values_list("token_hash", flat=True))
    sealed_rows(survey)

    assert not StagedAnswer.objects.exists()
    assert not before & set(Invitation.objects.values_list("token_hash", flat=True))
    assert AnswerTable.objects.filter(state="imported").count() == AnswerTable.objects.count() == 1
    table = AnswerTable.objects.get()
    assert (table.look, table.tally, bytes(table.marks), table.options) == ({}, {}, b"", {})
    assert {value for topic in table.summary["topics"] for value in topic["values"]} == set()


def bytes_or_itself(cell):
    return bytes(cell) if isinstance(cell, memoryview) else cell


def test_what_is_seen_of_a_table_lies_nowhere_in_plain(survey, tmp_path):
    table = read(survey, WJX.encode(), tmp_path)
    assert table.look["texts"]
    assert table.tally["columns"]

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM surveys_answertable")
        rows = [list(map(bytes_or_itself, row)) for row in cursor]
    assert "203.0.113.7" in repr(table.look)  # the control: it is seen
    assert "203.0.113.7" not in repr(rows)
    keys.destroy(survey.key)
    with pytest.raises(KeyMissing):
        AnswerTable.objects.get(pk=table.pk).look["texts"]


def test_nobody_can_open_an_imported_answer(survey, tmp_path, client):
    import_answers(read(survey, WJX.encode(), tmp_path))

    for key in ("1", "row:1", f"{survey.pk}:row:1", Invitation.objects.first().token_hash):
        assert client.get(f"/r/{key}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_file_is_erased_by_the_import(survey, tmp_path):
    table = read(survey, WJX.encode(), tmp_path)
    kept = tmp_path / table.file.name
    assert kept.exists()
    import_answers(table)
    other = read(survey, WJX.encode(), tmp_path)
    forget(other)

    assert not kept.exists()
    assert not (tmp_path / other.file.name).exists()


def test_what_stops_half_way_is_a_problem_of_the_table(survey, tmp_path):
    rows = "Group,energy\n" + "Customers,5\n" * 20
    table = taken(survey, rows.encode(), tmp_path)
    say(table, TableOptions())
    with override_settings(SURVEYS_TABLE_LIMITS={"columns": 1}):
        check(table)

    assert table.problem_count == 1
    with pytest.raises(Conflict):
        import_answers(table)


def test_a_link_of_a_person_and_an_imported_row_stand_side_by_side(survey, tmp_path):
    make_link(survey)
    import_answers(read(survey, WJX.encode(), tmp_path))

    assert Invitation.objects.filter(source="personal").count() == 1


def test_a_table_that_nobody_goes_on_with_is_erased_after_a_day(survey, tmp_path):
    kept, old = (taken(survey, WJX.encode(), tmp_path) for _again in range(2))
    AnswerTable.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(hours=25))

    erase_expired()

    assert [table.pk for table in AnswerTable.objects.all()] == [kept.pk]
