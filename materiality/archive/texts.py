"""What is read rather than computed: how to use the archive, the method, the questionnaires."""

from collections.abc import Iterator

from materiality.inputs import wording_versions
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.sentences import method_note, method_steps
from materiality.results import Results
from surveys.languages import in_language
from surveys.models import Prompt, Survey

CONTENTS = (
    (
        "audit-*.html",
        "离线打开的审计页：逐层查看并在浏览器中复算",
        "opens offline: walk from the matrix to the answers, recomputed in the browser",
    ),
    (
        "bundle.json",
        "设置、计数、决定与结果；其摘要见 lock.json",
        "settings, counts, decisions and results; lock.json has its digest",
    ),
    ("bundle.schema.json", "bundle.json 的 JSON Schema", "the JSON Schema of bundle.json"),
    (
        "lock.json",
        "锁定时间、锁定人、批准人、日志末条哈希",
        "when and by whom it was locked and approved, the hash of the log's end",
    ),
    ("method-*.txt", "方法说明", "how the assessment was made"),
    ("questionnaire-*.txt", "问卷原文（如有）", "the questionnaires as they were sent, if any"),
    (
        "answers-*.csv",
        "匿名回答（如有），按内容排序，无先后",
        "answers without names, if any, sorted by content",
    ),
    ("exclusions.csv", "未计入的内容及原因", "what was left out, and why"),
    ("long-list.csv", "全部候选议题、来源、筛除原因", "every topic considered, its sources"),
    ("scores.csv", "各群体均值、权重与得分", "means of the groups, weights, scores"),
    ("settings.csv", "权重与分界及其变更日期", "weights and thresholds with their dates"),
    ("decisions.csv", "规则建议与最终层级", "what the rule suggested, what was decided, why"),
    ("changes.csv", "与上一轮的差异", "what changed since the last round"),
    (
        "engagement.csv",
        "利益相关方沟通",
        "how stakeholders are engaged, what they raised",
    ),
    ("content-index.csv", "对标索引", "the content index"),
    (
        "register/",
        "影响、风险和机遇逐条档案（如有）",
        "a dossier for each impact, risk and opportunity, where there are any",
    ),
    ("event-log.jsonl", "操作日志，逐条哈希相连", "the log, each entry chained to the last"),
    ("approvals.csv", "审批意见", "verdicts of the second person"),
    ("comments.csv", "讨论意见", "comments"),
    (
        "stakeholder-comments.csv",
        "受访者意见，经审阅并隐去个人信息",
        "what those asked wrote, as a reader let it out",
    ),
    ("files.csv", "佐证文件及其 SHA-256", "evidence files with their SHA-256"),
    (
        "recompute.py, method/",
        "独立复算程序与方法源码",
        "the recomputing script, the method's source",
    ),
    ("SHA256SUMS", "本包各文件的 SHA-256", "SHA-256 of every file here"),
)
README = """\
{name} · {year}

本压缩包保存了该轮重要性评估的全部依据。只需 Python 3.11 和 numpy 即可复算：

    python3 recompute.py

This archive holds everything the round rests on. Python 3.11 and numpy recompute it.

{contents}
"""


def texts(assessment: Assessment, results: Results) -> Iterator[tuple[str, str]]:
    """Yield name and text of each text file of the archive."""
    name = " · ".join(results.about["organisation"].values())
    contents = "\n".join(f"{file:<23} {zh} · {en}" for file, zh, en in CONTENTS)
    values = {"name": name, "year": results.about["year"], "contents": contents}
    yield "README.txt", README.format(**values)
    for language in results.languages:
        yield f"method-{language}.txt", _method(results, language)
        for survey in assessment.surveys.order_by("slug"):
            file = f"questionnaire-{survey.slug}-{language}.txt"
            yield file, "\n".join(_questionnaire(survey, language)) + "\n"


def _method(results: Results, language: str) -> str:
    parts = list(method_steps.warnings(Edition(results, language)))
    for title, paragraphs in method_note.chapters(Edition(results, language)):
        parts += [title, *paragraphs]
    return "\n\n".join(parts) + "\n"


def _questionnaire(survey: Survey, language: str) -> Iterator[str]:
    """Yield the lines of a questionnaire as respondents read it."""
    for text in (survey.title, survey.headline, survey.lead, survey.after):
        yield in_language(text, language)
        yield ""
    yield from (in_language(survey.consent, language), "")
    groups = [in_language(audience.name, language) for audience in survey.audiences.all()]
    yield " · ".join(groups)
    for prompt in survey.prompts.all():
        yield from _prompt(prompt, language)
    yield from _versions(survey, language)


def _versions(survey: Survey, language: str) -> Iterator[str]:
    """Yield what earlier versions said, where the wording was fixed after publication."""
    for row in wording_versions(survey) if survey.version > 1 else ():
        yield ""
        yield f"[{row.version.number}] {row.version.at.date()} {row.version.reason}".rstrip()
        yield f"SHA-256 {row.version.digest}"
        for before, after in row.changes:
            yield f"  - {in_language(before, language)}"
            yield f"  + {in_language(after, language)}"
        if row.answers is not None:
            numbers = " + ".join(map(str, row.together or [row.version.number]))
            yield f"  n [{numbers}] = {row.answers}"


def _prompt(prompt: Prompt, language: str) -> Iterator[str]:
    yield ""
    yield in_language(prompt.text, language)
    yield in_language(prompt.hint, language)
    for rating, label in enumerate(prompt.labels.get(language, []), start=1):
        yield f"  {rating} {label}"
    yield f"  – {in_language(prompt.cannot_judge, language)}"
    for number, question in enumerate(prompt.questions.order_by("position", "pk"), start=1):
        yield f"{number}. {in_language(question.title, language)}"
        if question.help:
            yield f"   {in_language(question.help, language)}"
