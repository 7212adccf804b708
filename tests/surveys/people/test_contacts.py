"""Contacts in comments: found nearly always, and nothing else taken for one."""

import random
from uuid import uuid4

import pytest

from surveys.actions import answer
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.models import Comment, Mode
from surveys.people.contacts import BLACK, without_contacts
from tests.builders import consent_of, make_link, make_survey

AROUND = (
    "请联系 {}，谢谢。",
    "我的电话{}",
    "call me: {} (after 6)",
    "邮箱：{}。",
    "{} is mine",
    "（{}）",
)


def seeded(number: int) -> list[str]:
    """A hundred contacts as people write them, from fixed dice."""
    dice = random.Random(2020)

    def digits(count: int) -> str:
        return "".join(dice.choice("0123456789") for _digit in range(count))

    made = {
        "mobile": lambda: f"1{dice.choice('3456789')}{digits(9)}",
        "spaced": lambda: f"1{dice.choice('358')}{digits(1)} {digits(4)} {digits(4)}",
        "dashed": lambda: f"+86-1{dice.choice('358')}{digits(1)}-{digits(4)}-{digits(4)}",
        "landline": lambda: f"0{dice.choice(['10', '21', '755'])}-{digits(8)}",
        "abroad": lambda: f"+44 20 {digits(4)} {digits(4)}",
        "mail": lambda: f"{dice.choice(['li.lei', 'Ann_B', 'a-1'])}{digits(2)}@example.com.cn",
        "at": lambda: f"ann{digits(2)} [at] example.org",
        "wechat": lambda: f"微信号：wx_{digits(6)}",
        "qq": lambda: f"QQ {digits(9)}",
        "identity": lambda: f"{digits(17)}X",
    }
    return [dice.choice(AROUND).format(made[dice.choice(sorted(made))]()) for _n in range(number)]


def test_of_a_hundred_contacts_at_least_ninety_five_are_found():
    result = [text for text in seeded(100) if BLACK in without_contacts(text)]

    assert len(result) >= 95, sorted(set(seeded(100)) - set(result))


@pytest.mark.parametrize(
    "text",
    ["2020 年减排 12.5%，共 1,380,013 吨", "GB/T 36000-2015 and ISO 26000:2010", "从 2019-2020 起",
     "Reduce by 13800 tonnes until 2030", "议题 3、4、5 最重要", "I use the QQ app", "微信很好用",
     "our wechat group",
     "At 8:30 @ the gate", "http://example.com/a/b", "0.755 to 0.812345678"],
)  # fmt: skip
def test_what_is_no_contact_is_left_alone(text):
    assert without_contacts(text) == text


@pytest.mark.django_db
@pytest.mark.parametrize(("mode", "kept"), [(Mode.ANONYMOUS, False), (Mode.NAMED, True)])
def test_the_seal_blacks_them_out_where_nobody_is_to_be_known(mode, kept):
    survey = make_survey(topics=1, mode=mode)
    keys = survey.questions.values_list("pk", flat=True)
    answer.submit(
        make_link(survey),
        submission=uuid4(),
        ratings=dict.fromkeys(keys, 4),
        comment="Call me: 13800138000",
        consent=consent_of(survey),
    )
    close(survey)
    seal(survey)

    assert Comment.objects.get().text == ("Call me: 13800138000" if kept else f"Call me: {BLACK}")
