# ruff: noqa: E501
"""Tables as the programs in use write them: built after their public documentation, no one's data.

Each says the same: customers rated the first topic 5 and the second 2, employees 4 and 3; whoever
did not finish, or only tried, is left out.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.surveys.tables.nasty import TWO, Answers, csv_of, xlsx_of

ASK_EN, ASK_ZH = "How important are these topics to you?", "以下议题对您有多重要？"
P, N = "User privacy protection", "Energy management"
PZ, NZ = "用户隐私保护", "能源管理"
WHO_EN, WHO_ZH = "Which group are you in?", "您的身份是？"


@dataclass(frozen=True)
class Preset:
    """A table of one program. `asks`: the step that must be answered, and `said` the answer."""

    program: str
    name: str
    content: bytes
    answers: Answers = field(default_factory=lambda: list(TWO))
    asks: str = ""
    said: dict[str, Any] = field(default_factory=dict)


WJX = [
    "序号",
    "提交答卷时间",
    "所用时间",
    "来源",
    "来源详情",
    "来自IP",
    f"1、{WHO_ZH}",
    f"2、{ASK_ZH}—{PZ}",
    f"2、{ASK_ZH}—{NZ}",
    "3、您的意见和建议",
]
QUALTRICS = [
    "StartDate",
    "EndDate",
    "Status",
    "IPAddress",
    "Progress",
    "Duration (in seconds)",
    "Finished",
    "RecordedDate",
    "ResponseId",
    "RecipientLastName",
    "DistributionChannel",
    "UserLanguage",
    "Q1",
    "Q2_1",
    "Q2_2",
]
QUALTRICS_LABELS = [
    "Start Date",
    "End Date",
    "Response Type",
    "IP Address",
    "Progress",
    "Duration (in seconds)",
    "Finished",
    "Recorded Date",
    "Response ID",
    "Recipient Last Name",
    "Distribution Channel",
    "User Language",
    WHO_EN,
    f"{ASK_EN} - {P}",
    f"{ASK_EN} - {N}",
]
QUALTRICS_IDS = [
    f'{{"ImportId":"{one}"}}'
    for one in (
        "startDate",
        "endDate",
        "status",
        "ipAddress",
        "progress",
        "duration",
        "finished",
        "recordedDate",
        "_recordId",
        "recipientLastName",
        "distributionChannel",
        "userLanguage",
        "QID1",
        "QID2_1",
        "QID2_2",
    )
]
KOBO = [
    "start",
    "end",
    "ratings/grp",
    "ratings/user_privacy",
    "ratings/energy_management",
    "_id",
    "_uuid",
    "_submission_time",
    "_validation_status",
    "_notes",
    "_status",
    "_submitted_by",
    "__version__",
    "_tags",
    "_index",
]


def _qualtrics(person: str, status: str, done: str, progress: int, *answers: Any) -> list[Any]:
    day = "2026-03-01 10:00:00"
    return [day, day, status, "", progress, 120, done, day, person, "", "anonymous", "EN", *answers]


def _kobo(number: int, status: str, *answers: Any) -> list[Any]:
    day = "2026-03-01T10:00:00"
    return [
        day,
        day,
        *answers,
        number,
        f"3f0e-{number}",
        day,
        status,
        "",
        "submitted_via_web",
        "",
        "vA1",
        "",
        number,
    ]


PRESETS = (
    Preset("问卷星", "按选项文本.xlsx", xlsx_of([
        WJX, [1, "2026/3/1 10:00:01", "95秒", "微信", "N/A", "203.0.113.1(北京-北京)", "客户", "非常重要", "不重要", "(空)"],
        [2, "2026/3/1 10:05:11", "61秒", "手机提交", "直接访问", "203.0.113.2(上海-上海)", "员工", "重要", "一般", "好"]]),
        asks="ratings", said={"ratings": {"*": {"非常重要": 5, "重要": 4, "一般": 3, "不重要": 2}}}),
    Preset("问卷星", "按分数.csv", csv_of([
        [*WJX[:-1], "总分"], [1, "2026/3/1 10:00:01", "95秒", "微信", "N/A", "203.0.113.1(北京-北京)", "客户", 5, 2, 7],
        [2, "2026/3/1 10:05:11", "61秒", "手机提交", "直接访问", "203.0.113.2(上海-上海)", "员工", 4, 3, 7]], encoding="gb18030")),
    Preset("问卷星", "跳题.csv", csv_of([
        WJX, [1, "2026/3/1 10:00:01", "95秒", "微信", "N/A", "203.0.113.1(北京-北京)", "客户", "很重要", "(跳过)", "(空)"],
        [2, "2026/3/1 10:05:11", "61秒", "微信", "N/A", "203.0.113.2(上海-上海)", "员工", "重要", "很不重要", ""]]),
        [("customers", (5, 0)), ("employees", (4, 1))]),
    Preset("腾讯问卷", "腾讯问卷.xlsx", xlsx_of([
        ["编号", "开始答题时间", "结束答题时间", "答题时长", "语言", "清洗数据结果", "智能清洗数据无效概率", "地理位置国家和地区", "自定义字段", f"1.{WHO_ZH}", f"2.{ASK_ZH}:{PZ}", f"2.{ASK_ZH}:{NZ}"],
        ["1", "2026-03-01 10:00:00", "2026-03-01 10:03:00", "180秒", "简中", "未清洗", "", "中国", "", "客户", 5, 2],
        ["2", "2026-03-01 10:05:00", "2026-03-01 10:07:00", "120秒", "简中", "未清洗", "", "中国", "", "员工", 4, 3]])),
    Preset("金数据", "金数据.xlsx", xlsx_of([
        ["序号", WHO_ZH, f"{ASK_ZH} - {PZ}", f"{ASK_ZH} - {NZ}", "提交人", "提交时间", "修改时间", "填写设备", "操作系统", "浏览器", "填写地区", "IP", "扩展属性"],
        [1, "客户", 5, 2, "", "2026-03-01 10:00:00", "2026-03-01 10:00:00", "手机", "iOS", "微信", "北京", "203.0.113.1", ""],
        [2, "员工", 4, 3, "", "2026-03-01 10:05:00", "2026-03-01 10:05:00", "电脑", "Windows", "Chrome", "上海", "203.0.113.2", ""]])),
    Preset("金数据", "金数据-两行表头.xlsx", xlsx_of([
        ["序号", WHO_ZH, ASK_ZH, "", "提交人", "提交时间", "填写设备"], ["", "", PZ, NZ, "", "", ""],
        [1, "客户", 5, 2, "", "2026-03-01 10:00:00", "手机"], [2, "员工", 4, 3, "", "2026-03-01 10:05:00", "电脑"]])),
    Preset("飞书", "飞书问卷.xlsx", xlsx_of([
        ["提交人", "提交时间", WHO_ZH, f"{ASK_ZH}【{PZ}】", f"{ASK_ZH}【{NZ}】", "记录ID"],
        ["匿名", "2026/03/01 10:00", "客户", "5", "2", "recA1"], ["匿名", "2026/03/01 10:05", "员工", "4", "3", "recA2"]])),
    Preset("Microsoft Forms", "forms.xlsx", xlsx_of([
        ["ID", "Start time", "Completion time", "Email", "Name", "Last modified time", WHO_EN, P, N],
        [1, 46082.41667, 46082.41875, "anonymous", "", "", "Customers", "Extremely important", "Slightly important"],
        [2, 46082.45833, 46082.46042, "anonymous", "", "", "Employees", "Very important", "Moderately important"]])),
    Preset("Google Forms", "google.csv", csv_of([
        ["Timestamp", "Email Address", WHO_EN, f"{ASK_EN} [{P}]", f"{ASK_EN} [{N}]"],
        ["2026/03/01 10:00:01 AM GMT+8", "", "Customers", "5", "2"],
        ["2026/03/01 10:05:01 AM GMT+8", "", "Employees", "4", "3"]], encoding="utf-8")),
    Preset("Google Forms", "谷歌表单.csv", csv_of([
        ["时间戳记", WHO_ZH, f"{ASK_ZH} [{PZ}]", f"{ASK_ZH} [{NZ}]"],
        ["2026/03/01 10:00:01 上午 GMT+8", "客户", "很重要", "不重要"],
        ["2026/03/01 10:05:01 上午 GMT+8", "员工", "重要", "很不重要"]]),
        [("customers", (5, 2)), ("employees", (4, 1))]),
    Preset("LimeSurvey", "limesurvey-text.csv", csv_of([
        ["Response ID", "Date submitted", "Last page", "Start language", "Seed", WHO_EN, f"{ASK_EN} [{P}]", f"{ASK_EN} [{N}]"],
        ["11", "2026-03-01 10:00:01", "2", "en", "77", "Customers", "Extremely important", "Slightly important"],
        ["12", "", "1", "en", "78", "Customers", "Not at all important", ""],
        ["13", "2026-03-01 11:00:01", "2", "en", "79", "Employees", "Very important", "Moderately important"]])),
    Preset("LimeSurvey", "limesurvey-codes.csv", csv_of([
        ["id", "submitdate", "lastpage", "startlanguage", "seed", "grp", "M[userprivacy]", "M[energymanagement]"],
        ["11", "2026-03-01 10:00:01", "2", "en", "77", "customers", "A5", "A2"],
        ["13", "2026-03-01 11:00:01", "2", "en", "79", "employees", "A4", "A3"]]),
        asks="ratings", said={"ratings": {"*": {"A5": 5, "A4": 4, "A3": 3, "A2": 2}}}),
    Preset("LimeSurvey", "limesurvey-vv.txt", csv_of([
        ["Response ID", "Date submitted", "Last page", "Start language", "Seed", WHO_EN, f"{ASK_EN} [{P}]", f"{ASK_EN} [{N}]"],
        ["id", "submitdate", "lastpage", "startlanguage", "seed", "GRP", "M_userprivacy", "M_energymanagement"],
        ["11", "2026-03-01 10:00:01", "2", "en", "77", "customers", "5", "2"],
        ["12", "{question_not_shown}", "1", "en", "78", "customers", "1", "{question_not_shown}"],
        ["13", "2026-03-01 11:00:01", "2", "en", "79", "employees", "4", "3"]], "\t", "utf-8")),
    Preset("Qualtrics", "qualtrics-text.csv", csv_of([
        QUALTRICS, QUALTRICS_LABELS, QUALTRICS_IDS,
        _qualtrics("R_1", "IP Address", "True", 100, "Customers", "Extremely important", "Slightly important"),
        _qualtrics("R_0", "Survey Preview", "True", 100, "Customers", "Not at all important", "Not at all important"),
        _qualtrics("R_2", "IP Address", "False", 45, "Customers", "Not at all important", ""),
        _qualtrics("R_3", "IP Address", "True", 100, "Employees", "Very important", "Moderately important")])),
    Preset("Qualtrics", "qualtrics-numbers.csv", csv_of([
        QUALTRICS, QUALTRICS_LABELS, QUALTRICS_IDS,
        _qualtrics("R_1", "0", "1", 100, "Customers", 5, 2), _qualtrics("R_2", "0", "0", 45, "Customers", 1, ""),
        _qualtrics("R_3", "0", "1", 100, "Employees", 4, 3)]),
        asks="rows", said={"counts": {"Status | Response Type": {"0": True}}}),
    Preset("SurveyMonkey", "surveymonkey.xlsx", xlsx_of([
        ["Respondent ID", "Collector ID", "Date Created", "Date Modified", "IP Address", "Email Address", "First Name", "Last Name", "Custom Data 1", WHO_EN, ASK_EN, ""],
        ["", "", "", "", "", "", "", "", "", "Response", P, N],
        [114000000001, 4001, "2026-03-01 10:00:00", "2026-03-01 10:03:00", "203.0.113.1", "", "", "", "", "Customers", "Extremely important", "Slightly important"],
        [114000000002, 4001, "2026-03-01 10:05:00", "2026-03-01 10:06:00", "203.0.113.2", "", "", "", "", "Employees", "Very important", "Moderately important"]])),
    Preset("KoBoToolbox", "kobo-xml.csv", csv_of([
        KOBO, _kobo(1, "validation_status_approved", "customers", 5, 2),
        _kobo(2, "validation_status_not_approved", "customers", 1, 1),
        _kobo(3, "validation_status_approved", "employees", 4, 3)], ";")),
    Preset("KoBoToolbox", "kobo-labels.xlsx", xlsx_of([
        ["start", "end", WHO_EN, f"{ASK_EN}/{P}", f"{ASK_EN}/{N}", *KOBO[5:]],
        _kobo(1, "", "Customers", "Extremely important", "Slightly important"),
        _kobo(3, "", "Employees", "Very important", "Moderately important")])),
    Preset("ODK", "odk-central.csv", csv_of([
        ["SubmissionDate", "start", "end", "grp", "ratings-user_privacy", "ratings-energy_management", "instanceID", "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "Status", "ReviewState", "DeviceID", "Edits"],
        ["2026-03-01T10:00:00.000Z", "2026-03-01T09:58:00.000Z", "2026-03-01T10:00:00.000Z", "customers", 5, 2, "uuid:1", "uuid:1", "12", "App", 0, "", "approved", "", 0],
        ["2026-03-01T10:01:00.000Z", "2026-03-01T09:58:00.000Z", "2026-03-01T10:00:00.000Z", "customers", 1, 1, "uuid:2", "uuid:2", "12", "App", 0, "", "rejected", "", 0],
        ["2026-03-01T10:05:00.000Z", "2026-03-01T10:04:00.000Z", "2026-03-01T10:05:00.000Z", "employees", 4, 3, "uuid:3", "uuid:3", "12", "App", 0, "", "approved", "", 0]])),
)  # fmt: skip
