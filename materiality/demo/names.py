"""Names for the simulated people, invented by combining common ones; nobody in particular."""

from materiality.demo.case import Text

SURNAMES = (
    "王 Wang 李 Li 张 Zhang 刘 Liu 陈 Chen 杨 Yang 赵 Zhao 黄 Huang 周 Zhou 吴 Wu 徐 Xu 孙 Sun "
    "马 Ma 朱 Zhu 胡 Hu 郭 Guo 何 He 林 Lin 高 Gao 罗 Luo 郑 Zheng 梁 Liang 谢 Xie 宋 Song"
)
GIVEN = (
    "伟 Wei 芳 Fang 娜 Na 敏 Min 静 Jing 丽 Li 强 Qiang 磊 Lei 军 Jun 洋 Yang 勇 Yong 艳 Yan "
    "杰 Jie 娟 Juan 涛 Tao 明 Ming 超 Chao 秀英 Xiuying 霞 Xia 平 Ping 刚 Gang 桂英 Guiying "
    "建国 Jianguo 志强 Zhiqiang 晓梅 Xiaomei 文博 Wenbo 思远 Siyuan 雨桐 Yutong 子涵 Zihan "
    "浩然 Haoran 欣怡 Xinyi 佳琪 Jiaqi 一鸣 Yiming 若曦 Ruoxi 俊熙 Junxi 海燕 Haiyan "
    "国栋 Guodong 雪梅 Xuemei 立新 Lixin 春华 Chunhua"
)
STEP = 47
"""Neighbours on a list share neither name; without a common divisor with 24 × 40, all differ."""


def _pairs(words: str) -> list[Text]:
    split = words.split()
    return [Text(*pair) for pair in zip(split[::2], split[1::2], strict=True)]


def name_of(number: int) -> Text:
    """Return a full name in both scripts; numbers below 960 give different ones.

    >>> name_of(0)
    Text(zh='王伟', en='Wei Wang')
    """
    surnames, given_names = _pairs(SURNAMES), _pairs(GIVEN)
    at = number * STEP % (len(surnames) * len(given_names))
    family, own = surnames[at % len(surnames)], given_names[at // len(surnames)]
    return Text(family.zh + own.zh, f"{own.en} {family.en}")


def address_of(name: Text) -> str:
    """Return the mail address of a name.

    >>> address_of(name_of(0))
    'wei.wang@example.org'
    """
    return name.en.lower().replace(" ", ".") + "@example.org"
