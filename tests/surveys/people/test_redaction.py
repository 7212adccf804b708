"""What in a comment may name its author is proposed to a reader, who may only take away."""

import random

import pytest

from surveys.errors import RuleBroken
from surveys.models import Comment
from surveys.people.contacts import BLACK
from surveys.people.redaction import blacken, only_takes_away, pieces, proposal, released_text

AROUND = (
    "请联系 {}，谢谢。",
    "我的电话{}",
    "call me: {} (after 6)",
    "{} is mine",
    "（{}）",
    "or {}",
)


def seeded(number: int) -> list[str]:
    """A hundred contacts as people at home and abroad write them, from fixed dice."""
    dice = random.Random(47)

    def digits(count: int) -> str:
        return "".join(dice.choice("0123456789") for _digit in range(count))

    made = (
        lambda: f"1{dice.choice('3456789')}{digits(9)}",
        lambda: f"+86 1{dice.choice('358')}{digits(1)} {digits(4)} {digits(4)}",
        lambda: f"（0{dice.choice(['10', '21', '755'])}）{digits(8)}",
        lambda: f"400-{digits(3)}-{digits(4)}",
        lambda: f"({dice.randint(201, 989)}) {digits(3)}-{digits(4)}",
        lambda: f"{dice.randint(201, 989)}-{digits(3)}-{digits(4)}",
        lambda: f"020 {digits(4)} {digits(4)}",
        lambda: f"+49 30 {digits(4)} {digits(4)}",
        lambda: f"+1 {dice.randint(201, 989)} {digits(3)} {digits(4)}",
        lambda: f"{dice.choice(['li.lei', 'Ann_B', 'a-1'])}{digits(2)}@example.com.cn",
        lambda: f"ann{digits(2)}＠example.org",
        lambda: f"微信号：wx_{digits(6)}",
        lambda: f"{digits(17)}X",
        lambda: f"工号 A{digits(5)}",
    )
    return [dice.choice(AROUND).format(dice.choice(made)()) for _one in range(number)]


def test_of_a_hundred_contacts_from_everywhere_at_least_ninety_five_are_proposed():
    """Case 47."""
    missed = [text for text in seeded(100) if sum(map(str.isdigit, proposal(text))) > 1]

    assert len(missed) <= 5, missed


@pytest.mark.parametrize(
    ("text", "proposed"),
    [("我叫李雷，在采购部", f"我叫{BLACK}，在采购部"),
     ("我叫李雷在采购部工作", f"我叫{BLACK}在采购部工作"),
     ("我是王芳，希望改进", f"我是{BLACK}，希望改进"),
     ("请找王经理和李女士", f"请找{BLACK}和{BLACK}"),
     ("姓名：欧阳娜娜", f"姓名：{BLACK}"),
     ("My name is Ann Other and I agree", f"My name is {BLACK} and I agree"),
     ("I’m John Smith.", f"I’m {BLACK}."),
     ("ask Dr. Wang", f"ask {BLACK}"),
     ("Best regards,\nAnn B. Other", f"Best regards,\n{BLACK}")],
)  # fmt: skip
def test_names_are_proposed_where_people_say_that_they_are_names(text, proposed):
    assert proposal(text) == proposed


@pytest.mark.parametrize(
    "text",
    ["2020 年减排 12.5%，共 1,380,013 吨", "GB/T 36000-2015 and ISO 26000:2010", "从 2019-2020 起",
     "我是供应商", "项目经理说", "I am happy with it", "This is good.", "My name matters little",
     "Reduce by 13800 tonnes until 2030"],
)  # fmt: skip
def test_what_names_nobody_is_not_proposed(text):
    assert proposal(text) == text


def test_the_pieces_are_the_text():
    for text in seeded(100):
        assert "".join(piece for piece, _found in pieces(text)) == text


@pytest.mark.parametrize("sign", ["***", "*****", "[...]", "[…]", "█", "████████"])
def test_every_sign_for_taken_away_is_the_same(sign):
    assert blacken(f"I am {sign} of Sales") == f"I am {BLACK} of Sales"


@pytest.mark.parametrize(
    ("shorter", "may"),
    [("I am Ann of Sales, Ann.", True), (f"I am {BLACK} of Sales, {BLACK}.", True),
     (BLACK, True), (f"{BLACK}Sales{BLACK}", True), (f"I am Ann{BLACK}", True),
     ("I am Bob of Sales, Ann.", False), (f"I am {BLACK} of Sales, {BLACK}!", False),
     (f"Sales {BLACK} I am", False), (f"I am Ann of Sales, Ann.{BLACK}Ann.", False), ("", False)],
)  # fmt: skip
def test_a_reader_only_takes_away(shorter, may):
    assert only_takes_away("I am Ann of Sales, Ann.", shorter) is may


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_comes_back_from_a_browser_however_its_lines_ended(end):
    assert released_text(Comment(text=f"Fair.{end}Clean."), "Fair.\r\nClean.") == "Fair.\nClean."
    with pytest.raises(RuleBroken):
        released_text(Comment(text=f"Fair.{end}Clean."), "Fair. Clean.")
