"""The pages of an import in a real browser: nothing in the way of anybody who reads screens."""

import pytest

from surveys.actions.answer_tables import check, say, take_table
from surveys.models import AnswerTable
from surveys.tables.plan import TableOptions
from tests.browser.axe import axe_violations
from tests.web.ask.asking import tab
from tests.web.test_browser import visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CSV = "序号,您的身份,Privacy,Energy,意见和建议\n1,Employees,很重要,不重要,\n2,朋友,顶顶重要,4,好\n"


def handed_in(survey, tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(CSV)
    with path.open("rb") as file:
        return take_table(survey, file, "answers.csv", None)


def begin(table):
    AnswerTable.objects.filter(pk=table.pk).update(state="checking")


def read(table):
    words = {"很重要": 5, "不重要": 2, "顶顶重要": 5}
    say(table, TableOptions(ratings={"stakeholder": words}, groups={"朋友": "customers"}))
    check(table)


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "light", 320), ("zh-hans", "dark", 390)]
)
def test_axe_finds_nothing_before_while_and_after_a_table_is_read(
    anonymous, round_, chromium, live_server, tmp_path, language, theme, width
):
    table = handed_in(anonymous, tmp_path)
    size = {"width": width, "height": 900}
    with visitor(chromium, live_server, color_scheme=theme, viewport=size) as page:
        for prepare in (lambda _table: None, begin, read):
            prepare(table)
            for name in ("answers/", f"answers/{table.pk}/"):
                page.goto(f"{tab(anonymous, name)}?lang={language}")
                assert axe_violations(page) == [], name
                wider = "document.documentElement.scrollWidth - window.innerWidth"
                assert page.evaluate(wider) <= 0, name
