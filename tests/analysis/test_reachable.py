"""Nothing of the analysis is there for tests alone."""

from tests.reachable import unreached


def test_the_product_leads_to_every_public_function():
    assert unreached() == []


def test_a_function_that_nothing_calls_is_named(tmp_path):
    analysis, product = tmp_path / "analysis", tmp_path / "product"
    for folder in (analysis, product):
        folder.mkdir()
    (analysis / "scores.py").write_text(
        "def used(): return helper()\ndef helper(): ...\ndef forgotten(): ...\n"
    )
    (product / "page.py").write_text("from materiality.analysis import used\n")

    assert unreached(analysis, (product,)) == ["forgotten"]
