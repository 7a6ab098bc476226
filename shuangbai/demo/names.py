"""Names as people around 汕尾 bear them, ID numbers and telephone numbers, all invented.

Nobody real is meant. An ID number carries a county code that was never assigned, so it
cannot be anybody's; the telephone blocks are not in use.
"""

from __future__ import annotations

from datetime import date
from random import Random

SURNAMES = (
    "陈:96 林:74 黄:62 吴:40 郑:38 李:38 张:32 蔡:32 庄:27 曾:24 卢:17 刘:24 叶:22 王:19 罗:19 "
    "杨:17 徐:11 许:14 彭:17 余:11 施:8 马:9 何:13 吕:9 温:9 朱:10 谢:14 钟:10 赖:8 丘:5 范:5 "
    "江:6 魏:6 洪:6 戴:5 方:6 高:4 柯:4 颜:3 邱:5 周:7 郭:6 沈:4 胡:4 梁:4 麦:2 尤:2 佘:3 辜:1 "
    "单:1 缪:1 欧阳:1 揭:1 翁:3 蓝:1"
)
MARRIED_IN = "李 陈 林 张 黄 吴 郑 蔡 韦 莫 覃 罗 刘 王 周 唐 蒋 谭 邓 冯 赵 孙 袁 龙 田 向".split()

# (born before, characters that begin a given name, characters that end it)
_MALE = (
    (1945, "亚阿木水火金石娘妈德国文锦振汉永乃天庆炳", "发财土根城顺来福成贵水兴添泉钦木谦利妹狗"),
    (1960, "文国建振汉永炳锦木德世少水金志庆如乃春", "雄强辉明忠松祥荣坤泉城财和生兴泰江庭宜"),
    (1975, "建国志伟文汉永少俊海小锦振春晓佛宗贤", "强雄辉明文军平武城波泉忠彬坚林青东荣"),
    (1990, "志伟俊文海晓少建泽宇汉锡楚嘉远家光晨", "鹏杰伟锋斌涛豪彬龙勇威辉宏铭填群乐奇"),
    (2005, "俊伟泽嘉宇晓楚文家梓锐少浩佳志铠炜钧", "豪鑫杰涛鸿填锋铭轩城彬熙航权烨标滨贤"),
    (2030, "梓宇浩子俊泽嘉铭奕承宸皓楷锦睿烨炫思", "轩睿涵宇豪熙杰泽淇霖诚恒阳航桐玮翔辰"),
)
_FEMALE = (
    (1945, "亚阿妈娘秀玉金银月惠香招水桂碧素巧如", "娘妹好花兰娥香英惜笑女珠眉音吟枝桃菊"),
    (1960, "秀玉桂丽惠美月金素碧春巧淑赛雪少香瑞", "英珍兰花云香娥琴珠梅霞卿娇芳莲吟枝贞"),
    (1975, "丽秀美惠小少玉海燕雪春晓瑞淑银宝楚妙", "华芳珍玲萍娟云霞燕琴红英丹如卿贞君端"),
    (1990, "晓丽小海雪婷燕惠少佩楚秋妙静思嘉旭春", "婷玲敏燕芬丽珊娜萍君莹琳娴纯璇妹漫云"),
    (2005, "晓佳思嘉雅诗梓慧婉静欣楚芷依可钰颖淑", "婷琪欣怡彤琳娜敏儿妍慧莹雯铃纯瑜漫涵"),
    (2030, "梓诗子欣雨思语若芷可依心嘉钰悦佳沐星", "涵彤萱妍怡琪晴瑶汐玥悠桐宁熙妤柠诺欣"),
)
_SINGLE = {
    "1": "伟辉勇斌涛杰锋浩钦填鑫彬淦熹槟",
    "2": "丽娟燕玲婷敏琳珊霞莹娜琪妍洁媚璇",
}
# Rare characters, two of them outside the basic plane: names like these are typed in real ledgers.
_RARE = "垚旻昇淼堃犇璟翀喆焜婳媖嫄頔𬱖𣸣"
# Names of well-known people that the tables could produce.
_AVOIDED = frozenset(
    "李强 李鹏 李勇 李娜 李杰 王勇 王伟 刘涛 何勇 林丹 温国辉 徐少华 张学友 刘德华 周杰伦 林俊杰 王力宏 陈伟霆 "
    "陈小春 张国荣 李小龙 朱丽倩 林志玲 林志颖 李玉刚 李春江 王俊凯 张海迪 张文宏 马伟明 王志文 李国庆".split()
)

_ID_COUNTIES = ("441592", "441593", "441598")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"


def _weighted(spec: str) -> tuple[list[str], list[int]]:
    names, weights, total = [], [], 0
    for item in spec.split():
        name, weight = item.split(":")
        total += int(weight)
        names.append(name)
        weights.append(total)
    return names, weights


class Names:
    """Draws names, ID numbers and telephone numbers; each number only once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._surnames, self._cumulative = _weighted(SURNAMES)
        self._ids: dict[str, int] = {}
        self._mobile = 0
        self._landline = 0

    def surname(self) -> str:
        """Draw a surname by its local weight."""
        return self._rng.choices(self._surnames, cum_weights=self._cumulative)[0]

    def married_in(self) -> str:
        """Draw a surname of somebody who married into a village, often from afar."""
        rng = self._rng
        return self.surname() if rng.random() < 0.75 else rng.choice(MARRIED_IN)

    def given(self, sex: str, born: int) -> str:
        """Draw a given name as it was in fashion in the year of birth."""
        rng = self._rng
        dice = rng.random()
        if dice < 0.004:
            return rng.choice(_RARE) if dice < 0.002 else rng.choice("志文子雨") + rng.choice(_RARE)
        if dice < 0.045 and born > 1950:
            return rng.choice(_SINGLE[sex])
        table = _MALE if sex == "1" else _FEMALE
        first, last = next((first, last) for before, first, last in table if born < before)
        one, two = rng.choice(first), rng.choice(last)
        return one + two if one != two else one + rng.choice("明" if sex == "1" else "华")

    def full(self, surname: str, sex: str, born: int) -> str:
        """Draw a full name under a surname; never that of a known public figure."""
        while True:
            name = surname + self.given(sex, born)
            if name not in _AVOIDED:
                return name

    def id_no(self, born_on: date, sex: str) -> str:
        """Make an ID number (GB 11643) of a county that does not exist."""
        stem = self._rng.choice(_ID_COUNTIES) + born_on.strftime("%Y%m%d")
        used = self._ids.get(stem + sex, self._rng.randrange(1, 60))
        self._ids[stem + sex] = used + 1
        body = f"{stem}{used * 2 + (1 if sex == '1' else 0):03d}"
        return body + _ID_CHECK[sum(int(d) * w for d, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]

    def mobile(self) -> str:
        """A mobile number of an unused block."""
        self._mobile += self._rng.randrange(1, 4)
        return f"1990{self._mobile // 10000:03d}{self._mobile % 10000:04d}"

    def landline(self) -> str:
        """A landline of 汕尾 of an unused block."""
        self._landline += 1
        return f"0660-5550{self._landline % 1000:03d}"
