"""Narratives with planted identifiers: who, where, when, which number, by kind and by how it is written.

Independent of the engine's own lists where it matters: names come from the demonstration's tables and from a list of
rare ones, places from the official gazetteer of other counties too, sentences from here and from the demonstration's
clauses. Some are hard on purpose: names that nothing announces, family names that are everyday words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from shuangbai.core.idnumber import check_digit
from shuangbai.core.pinyin import initials, syllables
from shuangbai.demo.clauses import POOLS, WORDS
from shuangbai.demo.names import Names
from shuangbai.network.gazetteer import read_divisions
from shuangbai.stories.deidentify.parts import Kind, Known, Part, Place, Surroundings

START = date(2019, 3, 4)
COUNTY, AFAR = "441581", ("441502", "441521", "441523", "445281", "441322")
BLANK = re.compile(r"\{(\w+)\}")
# Names that no table of the engine was made from: rare family names, rare characters, one-character given names.
RARE_FAMILY = "麦 佘 辜 揭 冼 区 单 仇 查 阮 涂 莘 练 侬 幸 巫 占 练 植 邝".split()
WORDY_FAMILY = "高 方 周 金 王 黄 马 江 石 田 许 万 白 关 温 连 施 丁 余 程 全 何 向 安 常".split()
COMPOUND = "欧阳 司徒 上官 诸葛".split()
# The 3,755 characters of everyday writing (GB 2312, first level): whatever parents may have thought of.
ANY_CHARACTERS = [
    bytes((high, low)).decode("gb2312")
    for high in range(0xB0, 0xD8)
    for low in range(0xA1, 0xFF)
    if (high, low) < (0xD7, 0xFA)
]
TRADITIONAL = str.maketrans("陈张黄吴刘杨许叶罗郑庄卢丽华国龙东凤兰", "陳張黃吳劉楊許葉羅鄭莊盧麗華國龍東鳳蘭")
HOMOPHONES = {"英": "瑛", "秀": "绣", "文": "闻", "丽": "莉", "华": "桦", "明": "铭", "志": "智", "强": "墙", "伟": "玮", "梅": "玫", "珍": "真",
              "兰": "岚", "娟": "鹃", "燕": "艳", "芳": "方", "玉": "育", "金": "今", "水": "税", "国": "帼", "建": "健", "海": "骇", "婷": "亭"}  # fmt: skip

# What is told of people of whom the station knows ({K…}) and of others ({S…}); other blanks by their names.
SENTENCES = """
{day}，社工第一次到{village}入户，{K}坐在门口晒太阳
{K}说自己{age}，一个人住在{address}
{K}的{kin}{K2}在深圳打工，过年才回来一次
社工拨打了{phone}，接电话的是{K2}
邻居{S}告诉社工，{Kt}最近不太出门
村干部{S}陪同社工一起入户，{K}有些拘谨
{K}确诊{illness}已经三年，一直在{hospital}拿药
{K}读{school}，班主任{So}反映最近成绩下滑
{day}下午，{S}带着孩子来到社工站求助
{K2}欠下{amount}，债主{S}几次上门
每月领低保{amount}，其余靠{K2}寄回来
社工与{So}联系，请求减免部分医药费
身份证号为{idno}，一直没有办残疾证
{K}有{children}，如今只有{K2}偶尔回来看看
社工陪{Kn}去{hospital}复诊，来回坐了两趟车
{Kn}哭着说：“我不想再回去了”
{Kn}的父亲在{month}出了{accident}，家里断了收入
当天见到了{K}、{K2}和村里的{S}
据{S}回忆，{Kn}小时候很爱笑
{S}开车送他们到{police}，做了笔录
联系人：{S}，电话{phone}
微信{wechat}，加好友时请备注
银行账户{card}，由{K2}代管
车牌{plate}的面包车停在巷口
{K}曾{prize}，奖状还贴在墙上
{day}，{K}转到{school}上学，由{S}接送
他家就在{address}，门口有一棵龙眼树
{town}民政办核实后，从{month}起发放补贴{amount}
{K}被村里人叫作“{alias}”，从不生气
资料里写着{pinyin}，其实就是她本人
{unique}，乡亲们都知道
{K}以前是{work}，退休后在家种菜
在{S}的鼓励下，{Kn}报名参加了手工班
昨天又在市场碰见{S}卖菜，她说生意还行
{Sh}骑着摩托车从巷口经过，朝社工点了点头
后来{Sh}拿出户口簿，一页一页翻给我们看
那天夜里{Sh}独自守在病床边，直到天亮
说起{Sh}，老人眼里有了光
{Kt}拉着社工的手，久久不放
{Sm}帮忙把材料送到镇里，当天就受理了
村里的{Sm}也捐了两百斤米，{Kt}十分感激
残疾证号{cert}，等级为二级
邮箱{mail}可以收到通知
{lunar}是{K}的生日，社工买了一个小蛋糕
{firm}招工，{K2}去试了三天
{K}住过{village2}，后来搬到{village}
社工向{Sx}介绍了情况，{Sx}答应帮忙
村民{Su}说起这件事，至今还很激动
当年的同学{Su}听说后，特地从外地赶回来
外号“{nick}”的邻居{Sw}常来串门
{Sw}说孩子学习有进步，想请社工多来
志愿者{Sw}和{S}每周上门一次
{K}{agecn}那年嫁到{village2}，再没有离开过
夜里十一点，{S}敲开社工站的门，怀里抱着发烧的孙女
{K}翻出一张旧相片，指着左边那个说是{S}
听完这些，{Sh}半天没吭声，末了只叹一口气
我们三人，{S}、{Sw}，还有村医，轮着守了一夜
“你找{Sh}去，她懂，”{K}这样说
灶台边上贴着纸条：{phone}，{S}留
{Kn}同桌{Sh}把作业本借给了她
欠条上写着{S}，{amount}，{day}
{K}本是{village2}人，{agecn}上随人讨海到这里
打听了一圈，才晓得{Su}早些年做过接生
开小卖部的{Sm}赊给她家两袋奶粉
那年{rare_accident}以后，{K}再没下过海
他{rare_work}出身，一双手什么都会
医生怀疑是{rare_illness}，让去广州再查
她家墙上挂着{rare_prize}的牌子
说是{rare_unique}，记者来过两趟
孩子转学到{school}，{So}特意来家里看过
{K2}把低保卡交给{S}代领，密码写在背面：{card}
隔壁{Sx}屋里的灯亮到后半夜
{Kt}的娘家在{village2}，回去要转三趟车
""".strip().splitlines()

# Written once the engine was finished, and never looked at to improve it: what a text of somebody else's may hold.
HELD_OUT = """
雨停了，{S}撑着伞把{K}送到村口，回头还挥了挥手
来站里的是{K2}，身后跟着{S}和她的小儿子
信封背面写了一行字：转{Sh}，{phone}
祠堂里坐满了人，{Sh}第一个开口，说不能再拖
{day}晚，{Kn}发来语音，说想见{S}一面
他把存折塞给{Sw}，说密码是{card}的后六位
要不是{Su}路过，{Kt}恐怕就掉下去了
{S}家的三轮车借给我们拉了一趟家具
据说{K}年轻时在{village2}插过队，认识不少人
那张合影里有{S}，有{K}，还有刚满{age}的{Kn}
社工站隔天就接到{Sx}的电话，语气很急
老人掰着手指头数：{S}、{Sh}、{Sw}，都走了
家里的开销全靠{K2}在{firm}上夜班，每月{amount}
{K}查出{held_illness}，药要从香港带
{K}做过{held_work}，村里小孩都爱听他讲
{K}家有一块{held_prize}的铜牌，擦得发亮
{held_unique}，一问谁都知道
{held_accident}那晚，{K}抱着孩子跑了出来
搬去{address}以后，{S}偶尔过去搭把手
{school}的门卫认得{Kn}，每天替他留着灯
""".strip().splitlines()


@dataclass(frozen=True, slots=True)
class Planted:
    """Something that tells who somebody is: where it stands, of which kind, and how it is written."""

    start: int
    end: int
    kind: Kind
    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Narrative:
    text: str
    planted: list[Planted]
    around: Surroundings


@dataclass(frozen=True, slots=True)
class Who:
    name: str
    sex: str
    elder: bool
    nickname: str = ""

    @property
    def family(self) -> str:
        return self.name[:2] if self.name[:2] in COMPOUND else self.name[:1]

    @property
    def given(self) -> str:
        return self.name[len(self.family) :]


class Writer:
    """Writes narratives; the same seed the same ones."""

    def __init__(self, seed: int = 20200606, sentences: list[str] = SENTENCES) -> None:
        self.chance, self.sentences = Random(seed), sentences
        self.names = Names(self.chance)
        areas = list(read_divisions())
        self.county = next(row["name"] for row in areas if row["code"] == COUNTY)
        self.towns = [row["name"] for row in areas if row["parent_code"] == COUNTY]
        villages = [row for row in areas if row["level"] == "village" and len(_bare(row["name"])) < 6]
        self.villages = [row["name"] for row in villages if row["parent_code"].startswith(COUNTY)]
        self.afar = [row["name"] for row in villages if row["parent_code"].startswith(AFAR)]

    def who(self, family: str = "") -> Who:
        sex, born = self.chance.choice("12"), self.chance.randrange(1935, 2012)
        name = self.names.full(family or self.names.surname(), sex, born)
        nickname = self.chance.choice(["", "狗仔", "细妹", "大头", "阿肥", "猪仔", "矮仔", "老虾"])
        return Who(name, sex, born < 1960, nickname)

    def narrative(self, sentences: int = 14) -> Narrative:
        self.client, self.relative = self.who(), self.who()
        self.worker = self.who()
        villages = self.chance.sample(self.villages, 12)
        self.home, self.around_villages = villages[0], villages
        parts, planted, size = [], [], 0
        for _ in range(sentences):
            pieces = self._filler() if self.chance.random() < 0.35 else self._sentence()
            for text, kind, how in pieces:
                if kind:
                    planted.append(Planted(size, size + len(text), kind, how, text))
                parts.append(text)
                size += len(text)
        return Narrative("".join(parts), planted, self._around())

    def _around(self) -> Surroundings:
        client, relative = self.client, self.relative
        nick = (client.nickname,) if client.nickname else ()
        people = [
            Known("p:1", client.name, Part.CLIENT, "案主", nick, client.sex == "2", client.elder),
            Known("p:2", relative.name, Part.MEMBER, "案主家人", (), relative.sex == "2", relative.elder),
            Known("w:1", self.worker.name, Part.WORKER, "社工"),
        ]
        places = [Place(name, "某村" if "村" in name else "某社区") for name in self.around_villages]
        places += [Place(name, "某镇") for name in self.towns]
        return Surroundings(people, [*places, Place(self.county, "某市")], {}, START)

    def _filler(self) -> list[tuple[str, Kind | None, str]]:
        """A clause of the demonstration, in which nobody is named; those with figures are left out."""
        for _ in range(50):
            clause = self.chance.choice(self.chance.choice(CLAUSES))
            filled = BLANK.sub(lambda blank: self.chance.choice(WORDS.get(blank[1], ("老人",))), clause)
            if not re.search(r"[\d{}万岁元]|八十|九十", filled):
                return [(filled + "。", None, "")]
        return [("社工继续跟进。", None, "")]

    def _sentence(self) -> list[tuple[str, Kind | None, str]]:
        template, pieces, latest = self.chance.choice(self.sentences), [], 0
        for blank in BLANK.finditer(template):
            pieces.append((template[latest : blank.start()], None, ""))
            text, kind, how = self._filled(blank[1])
            pieces.append((text, kind, how))
            latest = blank.end()
        return [*pieces, (template[latest:] + "。", None, "")]

    def _filled(self, name: str) -> tuple[str, Kind | None, str]:
        if name in _HELD_OUT:
            return self._rare(_RARE[name.partition("_")[2]], _HELD_OUT[name])
        if name == "kin":
            return self.chance.choice("儿子 女儿 侄子 孙女".split()), None, ""
        text, kind, how = getattr(self, f"_{name}")()
        return text, kind, how

    # PEOPLE ------------------------------------------------------------------

    def _known(self, who: Who, ways: str) -> tuple[str, Kind, str]:
        way = self.chance.choice(ways.split())
        made = _WAYS[way](who, self.chance)
        return (made, Kind.PERSON, f"known, {way}") if made else (who.name, Kind.PERSON, "known, whole")

    def _K(self) -> tuple[str, Kind, str]:
        return self._known(
            self.client,
            "whole whole whole given spaced titled dotted homophone mistyped masked small traditional invisible",
        )

    def _K2(self) -> tuple[str, Kind, str]:
        return self._known(self.relative, "whole whole given spaced titled small")

    def _Kn(self) -> tuple[str, Kind, str]:
        return self._known(self.client, "given small whole")

    def _Kt(self) -> tuple[str, Kind, str]:
        return self._known(self.client, "titled")

    def _alias(self) -> tuple[str, Kind | None, str]:
        if not self.client.nickname:
            return "好人", None, ""
        return self.client.nickname, Kind.PERSON, "known, nickname"

    def _pinyin(self) -> tuple[str, Kind, str]:
        return self._known(self.client, "letters initials")

    def _S(self) -> tuple[str, Kind, str]:
        return self.who().name, Kind.PERSON, "unknown, announced"

    def _Sh(self) -> tuple[str, Kind, str]:
        return self.who().name, Kind.PERSON, "unknown, not announced"

    def _Sw(self) -> tuple[str, Kind, str]:
        return self.who(self.chance.choice(WORDY_FAMILY)).name, Kind.PERSON, "unknown, family name a word"

    def _Sx(self) -> tuple[str, Kind, str]:
        return self.who(self.chance.choice(RARE_FAMILY + COMPOUND)).name, Kind.PERSON, "unknown, rare family name"

    def _Su(self) -> tuple[str, Kind, str]:
        given = "".join(self.chance.choice(ANY_CHARACTERS) for _ in range(2))
        return self.names.surname() + given, Kind.PERSON, "unknown, any characters"

    def _So(self) -> tuple[str, Kind, str]:
        office = self.chance.choice("老师 医生 主任 书记 护士 校长 民警".split())
        return self.names.surname() + office, Kind.PERSON, "unknown, family name and office"

    def _Sm(self) -> tuple[str, Kind, str]:
        title = self.chance.choice("伯 叔 婶 阿姨 大姐 婆婆 先生 女士".split())
        return self.names.surname() + title, Kind.PERSON, "unknown, family name and title"

    def _nick(self) -> tuple[str, Kind, str]:
        return self.chance.choice("黑皮 大炮 虾米 老铁 豆芽".split()), Kind.PERSON, "unknown, nickname"

    # PLACES ------------------------------------------------------------------

    def _village(self) -> tuple[str, Kind, str]:
        name = self.chance.choice(self.around_villages)
        short = _bare(name)
        if self.chance.random() < 0.3:
            return short, Kind.PLACE, "known, bare name"
        return short + ("村" if "村" in name else "社区"), Kind.PLACE, "known"

    def _village2(self) -> tuple[str, Kind, str]:
        name = self.chance.choice(self.afar)
        return _bare(name) + ("村" if "村" in name else "社区"), Kind.PLACE, "unknown"

    def _town(self) -> tuple[str, Kind, str]:
        return self.chance.choice(self.towns), Kind.PLACE, "known"

    def _stem(self) -> str:
        return _bare(self.chance.choice(self.villages + self.afar))

    def _school(self) -> tuple[str, Kind, str]:
        return self._stem() + self.chance.choice("小学 中学 中心小学 幼儿园".split()), Kind.UNIT, "school"

    def _hospital(self) -> tuple[str, Kind, str]:
        town = re.sub(r"(?:街道|镇)$", "", self.chance.choice(self.towns))
        return town + self.chance.choice("镇卫生院 人民医院 中心卫生院 妇幼保健院".split()), Kind.UNIT, "hospital"

    def _police(self) -> tuple[str, Kind, str]:
        town = re.sub(r"(?:街道|镇)$", "", self.chance.choice(self.towns))
        return town + "派出所", Kind.UNIT, "police station"

    def _firm(self) -> tuple[str, Kind, str]:
        name = "".join(self.chance.sample("宏发达兴利丰盛隆新美佳源", 2))
        return name + self.chance.choice("制衣厂 五金厂 电子有限公司 超市".split()), Kind.UNIT, "firm"

    def _address(self) -> tuple[str, Kind, str]:
        number, stem = self.chance.randrange(1, 200), self._stem()
        ways = (
            (f"{stem}路{number}号", "road and number"), (f"{stem}三巷{number % 30 + 1}号", "lane and number"),
            (f"{number % 12 + 1}栋{number % 6 + 1}0{number % 4 + 1}", "block and flat"),
            (f"{stem}村第{number % 9 + 1}村民小组", "group of a village"),
        )  # fmt: skip
        text, how = self.chance.choice(ways)
        return text, Kind.ADDRESS, how

    # DAYS, SIZES -------------------------------------------------------------

    def _day(self) -> tuple[str, Kind, str]:
        day = START + timedelta(self.chance.randrange(-60, 300))
        digits = "〇一二三四五六七八九"
        year = "".join(digits[int(one)] for one in str(day.year))
        ways = (
            (f"{day.year}年{day.month}月{day.day}日", "in full"), (f"{day:%Y-%m-%d}", "with hyphens"),
            (f"{day.year}.{day.month}.{day.day}", "with dots"), (f"{day.month}月{day.day}日", "without the year"),
            (f"{day.month}月{day.day}号", "without the year"), (f"{day.year} 年 {day.month} 月 {day.day} 日", "spaced"),
            (f"{year}年{_cn(day.month)}月{_cn(day.day)}日", "in characters"), (f"{day:%Y/%m/%d}", "with slashes"),
        )  # fmt: skip
        text, how = self.chance.choice(ways)
        return text, Kind.DAY, how

    def _month(self) -> tuple[str, Kind, str]:
        return f"{self.chance.choice((2018, 2019))}年{self.chance.randrange(1, 13)}月", Kind.DAY, "month"

    def _lunar(self) -> tuple[str, Kind, str]:
        return (
            f"农历{self.chance.choice('正二三四五六七八九十冬腊')}月{self.chance.choice(('初三', '十五', '廿四'))}",
            Kind.DAY,
            "lunar",
        )

    def _age(self) -> tuple[str, Kind, str]:
        return f"{self.chance.randrange(5, 96)}岁", Kind.AGE, "in figures"

    def _agecn(self) -> tuple[str, Kind, str]:
        return f"{_cn(self.chance.randrange(16, 60))}岁", Kind.AGE, "in characters"

    def _amount(self) -> tuple[str, Kind, str]:
        value = self.chance.randrange(320, 90_000)
        ways = (
            (f"{value}元", "in figures"), (f"{value / 10_000:.1f}万元", "ten thousands"), (f"{value:,}元" if value > 999 else f"{value}元", "with commas"),
            (f"{_cn(value // 1000 % 90 + 10)}万元", "in characters"), (f"{value // 10_000 + 1}万{value % 9 + 1}千元", "mixed"), (f"{value}块钱", "as it is said"),
        )  # fmt: skip
        text, how = self.chance.choice(ways)
        return text, Kind.AMOUNT, how

    # NUMBERS -----------------------------------------------------------------

    def _idno(self) -> tuple[str, Kind, str]:
        number = self.names.id_no(date(1950, 1, 1) + timedelta(self.chance.randrange(20_000)), self.chance.choice("12"))
        old = number[:6] + number[8:17]
        ways = (
            (number, "identity"), (f"{number[:6]} {number[6:14]} {number[14:]}", "identity, spaced"), (old, "identity of 15"),
            (number.translate(_WIDE), "identity, full width"), (number[:-1] + ("1" if number[-1] != "1" else "2"), "identity, wrong check digit"),
        )  # fmt: skip
        assert check_digit(number[:17]) == number[17]
        text, how = self.chance.choice(ways)
        return text, Kind.NUMBER, how

    def _phone(self) -> tuple[str, Kind, str]:
        number = self.names.mobile()
        digits = "零一二三四五六七八九"
        ways = (
            (number, "mobile"), (f"{number[:3]} {number[3:7]} {number[7:]}", "mobile, spaced"), (f"{number[:3]}-{number[3:7]}-{number[7:]}", "mobile, hyphens"),
            ("".join(digits[int(one)] for one in number), "mobile in characters"), (self.names.landline(), "landline"),
            (f"{number[:3]}****{number[7:]}", "mobile, half hidden"), (number.translate(_WIDE), "mobile, full width"),
        )  # fmt: skip
        text, how = self.chance.choice(ways)
        return text, Kind.NUMBER, how

    def _wechat(self) -> tuple[str, Kind, str]:
        return (
            f"{self.chance.choice(('wxid_', 'xiao', 'lucky', 'abc-'))}{self.chance.randrange(1000, 99999)}",
            Kind.NUMBER,
            "WeChat",
        )

    def _card(self) -> tuple[str, Kind, str]:
        number = "62" + "".join(self.chance.choice("0123456789") for _ in range(17))
        text, how = self.chance.choice(
            ((number, "bank card"), (" ".join(re.findall(r".{1,4}", number)), "bank card, spaced"))
        )
        return text, Kind.NUMBER, how

    def _plate(self) -> tuple[str, Kind, str]:
        tail = "".join(self.chance.choice("ABCDEFGHJK0123456789") for _ in range(5))
        text, how = self.chance.choice(
            ((f"粤N{tail}", "plate"), (f"粤N·{tail}", "plate, dotted"), (f"粤N{tail}D", "plate, electric"))
        )
        return text, Kind.NUMBER, how

    def _cert(self) -> tuple[str, Kind, str]:
        return self.names.id_no(date(1970, 5, 5), "1") + "42", Kind.NUMBER, "disability certificate"

    def _mail(self) -> tuple[str, Kind, str]:
        return f"chen{self.chance.randrange(100, 999)}@example.com", Kind.NUMBER, "mail"

    # RARE --------------------------------------------------------------------

    def _rare(self, how: str, choices: str) -> tuple[str, Kind, str]:
        return self.chance.choice(choices.split()), Kind.RARE, how

    def _illness(self) -> tuple[str, Kind, str]:
        return self._rare(
            "illness",
            "渐冻症 成骨不全症 血友病 白化病 重症肌无力 肝豆状核变性 马凡综合征 唐氏综合征 艾滋病 雷特综合征 亨廷顿病 鱼鳞病 法洛四联症 粘多糖贮积症",
        )

    def _work(self) -> tuple[str, Kind, str]:
        return self._rare(
            "occupation",
            "村支书 戏班花旦 渔船船长 小学校长 灯塔守护员 皮影艺人 殡仪馆化妆师 赤脚医生 接生婆 镇人大代表 白字戏演员 跳水运动员",
        )

    def _children(self) -> tuple[str, Kind, str]:
        return self._rare("many children", "七个孩子 六个女儿 八个子女 五个儿子 三胞胎女儿 四子三女 9个孩子 一对龙凤胎")

    def _prize(self) -> tuple[str, Kind, str]:
        return self._rare(
            "prize",
            "获全国道德模范提名奖 获省技能大赛一等奖 荣立二等功 获评全市优秀教师 拿过全省举重冠军 被评为广东好人 当选劳动模范 获得国家奖学金",
        )

    def _accident(self) -> tuple[str, Kind, str]:
        return self._rare("accident", "特大车祸 沉船事故 工地坍塌 烟花厂爆炸 重大火灾 矿难")

    def _unique(self) -> tuple[str, Kind, str]:
        return self._rare(
            "the only one",
            "他是全村唯一的研究生 她是全镇第一个女拖拉机手 这是当地首例移植手术 她是村里最年长的老人 此事被省电视台报道过 当年轰动全县",
        )


def _bare(name: str) -> str:
    """A village's name without what it is."""
    return re.sub(r"(?:村|社区)?(?:居民委员会|村民委员会|居委会|村委会|办事处社区)$", "", name) or name


_HELD_OUT = {
    "held_illness": "噬血细胞综合征 法布里病 腓骨肌萎缩症 先天性胆道闭锁 卟啉病 异染性脑白质营养不良 皮肌炎 系统性红斑狼疮",
    "held_work": "说书先生 放映员 扎纸匠 领航员 排雷兵 盐场场长 摆渡人 跳水教练 地质队员 接线员",
    "held_prize": "全国文明家庭 特级教师 双拥先进个人 慈善之星 技术能手 巾帼建功标兵",
    "held_unique": "整条街就她一个外国媳妇 村子里没有第二家姓这个姓 全镇岁数最大的就是他 岛上只剩他一户",
    "held_accident": "化工厂起火 渔船触礁 山洪冲垮堤坝 面包车坠桥 煤气罐炸开",
    "rare_illness": "克罗恩病 先天性无虹膜 遗传性血管性水肿 卡尔曼综合征 肾小管酸中毒 川崎病 肢带型肌病 白塞病",
    "rare_work": "打更人 庙祝 吹糖人师傅 潜艇兵 渔政船轮机员 弹棉花匠 灯谜社社长 拳馆师傅",
    "rare_prize": "中国好人榜入选 五一劳动奖章 最美家庭 见义勇为先进分子 省级非遗项目代表 拥军模范",
    "rare_unique": "村里就他家没通过电 方圆十里只有她会接骨 镇上最后一个会唱渔歌的人 全县头一个考上北大的",
    "rare_accident": "台风掀翻渔排 锅炉爆炸 渡船倾覆 石场放炮炸死三人 堤坝决口",
}  # fmt: skip
_RARE = {
    "illness": "illness", "work": "occupation", "prize": "prize", "unique": "the only one", "accident": "accident",
}  # fmt: skip
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
CLAUSES = [clauses for _, _, clauses in POOLS.values()]


def _cn(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (digits[ones] if ones or not tens else "")


def _homophone(who: Who, chance: Random) -> str:
    changed = [c for c in who.given if c in HOMOPHONES]
    return who.name.replace(changed[0], HOMOPHONES[changed[0]]) if changed and len(who.name) > 2 else ""


def _titled(who: Who, chance: Random) -> str:
    titles = {
        ("2", True): "婆婆 奶奶 婶",
        ("2", False): "女士 姐 阿姨",
        ("1", True): "伯 爷爷 老伯",
        ("1", False): "先生 叔 哥",
    }
    return who.family + chance.choice(titles[who.sex, who.elder].split())


def _letters(who: Who, chance: Random) -> str:
    sounds = syllables(who.name)
    size = len(who.family)
    family, given = "".join(sounds[:size]), "".join(sounds[size:])
    return chance.choice(
        (f"{family} {given}", f"{family.title()} {given.title()}", f"{family}{given}".upper(), f"{given} {family}")
    )


_WAYS: dict[str, Callable[[Who, Random], str]] = {
    "whole": lambda who, chance: who.name,
    "given": lambda who, chance: who.given if len(who.given) == 2 else "",
    "spaced": lambda who, chance: chance.choice((" ", "\u3000", "  ")).join(who.name),
    "dotted": lambda who, chance: "·".join(who.name),
    "traditional": lambda who, chance: changed if (changed := who.name.translate(TRADITIONAL)) != who.name else "",
    "invisible": lambda who, chance: "\u200b".join(who.name),
    "titled": _titled,
    "homophone": _homophone,
    "mistyped": lambda who, chance: who.name[:-1] + chance.choice("芬荣坚彪娜") if len(who.given) == 2 else "",
    "masked": lambda who, chance: f"{who.family}*{who.given[-1]}" if len(who.given) == 2 else "",
    "small": lambda who, chance: chance.choice("阿小") + who.given[-1],
    "letters": _letters,
    "initials": lambda who, chance: initials(who.name).upper() if len(who.name) > 2 else "",
}
