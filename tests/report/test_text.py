import pytest

from materiality.report.figure.layout.type import WEIGHTS, halves, pieces, width, wrap
from materiality.report.fonts.widths import measured
from materiality.report.text import isolated, name_in, number, plain, with_sign
from materiality.report.words import WORDS


def test_control_and_direction_characters_are_taken_out():
    assert plain("a\x00b\x1b\u202ec\u200e\ufeff\ud800") == "abc"


def test_line_breaks_become_blanks():
    assert plain(" a\r\n\tb ") == "a b"


def test_an_emoji_made_of_several_keeps_its_joiner():
    family = "\U0001f469\u200d\U0001f467"

    assert plain(family) == family


def test_only_right_to_left_text_is_isolated():
    assert isolated("שלום") == "\u2068שלום\u2069"
    assert isolated("数据") == "数据"


def test_a_missing_translation_shows_the_code_and_never_the_other_language():
    assert name_in({"en": "Energy"}, "zh-hans", "energy") == "[energy]"


@pytest.mark.parametrize(
    ("value", "shown"), [(4.256, "4.26"), (-0.5, "−0.50"), (0.0, "0.00"), (None, "–")]
)
def test_scores_have_two_decimals_and_a_true_minus(value, shown):
    assert number(value) == shown


def test_changes_carry_their_sign():
    assert [with_sign(value) for value in (0.27, -0.02, None)] == ["+0.27", "−0.02", "–"]


def test_both_languages_have_the_same_wordings_with_the_same_fields():
    import string

    def fields(template):
        return {name for _, name, _, _ in string.Formatter().parse(template) if name} - {"Word"}

    chinese, english = WORDS["zh-hans"], WORDS["en"]

    assert chinese.keys() == english.keys()
    differing = {key for key in chinese if fields(chinese[key]) != fields(english[key])}
    assert differing <= _WORDLESS


# English says "materiality" where Chinese names the round's word.
_WORDLESS = {
    "board_title", "board_years",
    "tier_none",
    "matrix_title", "section_title", "report_title", "changes_before", "changes_after",
    "list_heading", "matrix_heading", "method_note_title", "tier_plain", "tier_heading_plain",
    "tier_less", "tier_heading_less", "tier_material", "tier_heading_material",
}  # fmt: skip


def test_a_hanzi_is_one_em_wide():
    assert width("数据", 10.0) == 20.0


def test_widths_are_those_of_the_font():
    # Noto Sans CJK SC 2.004, hmtx: space 224, A 608 of 1000 units.
    assert width(" ", 1000.0) == 224.0
    assert width("A", 1000.0) == 608.0


def test_lines_do_not_begin_with_closing_punctuation():
    assert pieces("数据，安全") == ["数", "据，", "安", "全"]


def test_wrapped_lines_fit_and_lose_nothing():
    text = "Driving the digital transformation of 全球贸易数字化转型 " + "x" * 80

    lines = wrap(text, 3.0, 40.0)

    assert all(width(line, 3.0) <= 40.0 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_combining_mark_stays_with_its_letter():
    lines = wrap("e\u0301" * 40, 3.0, 10.0)

    assert not any(line.startswith("\u0301") for line in lines)


def test_short_names_stay_on_one_line():
    assert halves("数据安全") is None


def test_long_chinese_names_break_before_and():
    assert halves("员工培训与职业发展机会") == ("员工培训", "与职业发展机会")


def test_long_english_names_break_between_words():
    assert halves("Employee training and development") == ("Employee training", "and development")


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
def test_a_character_is_as_wide_as_the_shipped_font_draws_it(bold):
    for code, thousandths in measured(WEIGHTS[bold]).items():
        assert width(chr(code), 1, bold=bold) == thousandths / 1000, hex(code)


def test_what_the_font_lacks_is_measured_safely():
    assert width("\U00020000", 10) == 10
    assert width("e\u0301", 10) == width("e", 10)
