"""What is one thing has one name on the page, in the spreadsheet and in the report."""

from pathlib import Path

import pytest
from django.utils.translation import gettext, override

import materiality
from materiality.actions.register_sheets import HEADINGS
from materiality.models import Involvement
from materiality.report.words import WORDS


@pytest.mark.parametrize(
    ("page", "sheet", "report"),
    [("Kind", "kind", "iro_kind"), ("Involvement", "involvement", "iro_involvement")],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_property_of_an_entry_is_called_alike_everywhere(language, page, sheet, report):
    with override(language):
        assert gettext(page) == HEADINGS[sheet][language] == WORDS[language][report]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_its_value_is_called_alike_on_the_page_and_in_the_report(language):
    with override(language):
        assert gettext("Significance") == WORDS[language]["iro_value"]


def test_how_a_company_is_involved_is_not_called_as_links_between_entries_are():
    with override("zh-hans"):
        assert [str(one.label) for one in Involvement] == [
            WORDS["zh-hans"][f"iro_{one.value}"] for one in Involvement
        ]
        assert gettext("Links") == "关联"  # control
        assert not any("关联" in str(one.label) for one in Involvement)


def test_an_account_is_written_with_one_sign():
    path = Path(materiality.__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.po"
    catalogue = path.read_text(encoding="utf-8")

    assert "帐号" not in catalogue
    assert "账号" in catalogue  # control
