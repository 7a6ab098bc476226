"""Which clauses fit which scene, told by the words in them."""

from __future__ import annotations

from shuangbai.demo.clauses import POOLS
from shuangbai.demo.endings import ACTIONS, UNMET

# A clause with one of these words fits only a scene with the trait (or, after "!", without it).
_TRAITS = """
过世的老伴 !spouse|婆媳 three|老小齐全 three
老人轻松 three|孩子围着 children|孩子想来 children|夫妻 spouse
网课 pupil|蹭网 pupil|休渔 fishing|拉着手 home|贴近大声 home
怕生 home|开窗 home|量了血压 home|比划 home|陪坐 home
当面 home|倒水给我们 home|墙上 home|碎玻璃 home
道题 home|没有新伤 home|门口等 home|认出来 again|来电说 again
道谢 again|房东 rent|租的房子 rent|月租 rent|廉租 public
公租 public|刚会走 baby|奶粉 baby|出生证 baby|疫苗 baby
同龄慢 baby|幼儿园 small|奶奶 grandma|爷爷 grandpa
试工 adult|招工 adult|学校老师 pupil|来看孩子 pupil|轮椅 wheel
康复 patient|两项补贴 patient|残疾证 patient|残疾人证 patient
学费 pupil|粽子 june|对联 january|前夫 woman|娘家 woman
养老金 elder|高龄津贴从 elder|无儿无女 alone|改嫁失联 cause0|父亲病逝 cause1|父亲重残 cause2
听器 d2|听见 d2|看不见路 d1|行动不便 d4|肢体 d4
假肢 d4|左手 d4|简单的话 d5|台阶高 d4|宿舍区老人 elder|敬老院看望 elder
一家人在收 home|边做边聊 home|帮忙绕好 home|端碗 home
认得来往 home|按早晚分好 home|门上 home|放在桌上 home
奖状 home|养了一只猫 home|有瘀青 home|气色 !home
视频要等 !wechat|锅里是 home|闲坐 !epidemic|广场舞 !epidemic
祠堂 !epidemic|庙里 !epidemic|市里康复 patient|每周送菜 elder|上门看 elder|借书 pupil
到{far}带孙 old|一家去 !old|打工 !old|回娘家 !old
出海未归 !old|外出做工 !old|子女 !childless|孙辈 !childless
{kin}每月回来 !childless|老伴 !childless|在{far}{work} !old
下田 !bedridden|赶集 !bedridden|扶墙 !bedridden|挑得动 !bedridden
填表 home|上下学 pupil|家长会 pupil|学校的通知 pupil|帮洗碗 pupil
全家{k} !alone|人数与户口 !alone|读书加看病 pupil|复工 adult
补贴家用 !alone|老两口 spouse|两老 spouse
夫妻俩 spouse|过年才回 !childless|没来电话 !childless|洗衣晒被 !bedridden
"""


def _traits_of(clause: str) -> tuple[str, ...]:
    return tuple(trait for word, trait in _RULES if word in clause)


_RULES = tuple(
    (rule.split(" ")[0], rule.split(" ")[1]) for line in _TRAITS.strip().split("\n") for rule in line.split("|")
)
TRAITS: dict[str, tuple[str, ...]] = {
    clause: wanted
    for clauses in (*(pool[2] for pool in POOLS.values()), *ACTIONS.values(), *UNMET.values())
    for clause in clauses
    if (wanted := _traits_of(clause))
}
"""Traits that a clause asks of its scene; clauses without an entry fit everywhere."""
