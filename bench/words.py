"""Narratives of about sixty characters, put together from a few hundred clauses."""

from random import Random

WHO = "老人 户主 儿子 女儿 儿媳 孙子 孙女 老伴 邻居 村医 村干部 监护人 侄子 小组长".split()
WHAT = (
    "说血压偏高 按时服药 胃口不错 夜里睡不好 腿脚不便 在外打工 申请低保 电线老化已提醒 领到补贴 "
    "每周来看一次 学习有进步 屋顶漏雨 复诊已陪同 情绪低落 愿意参加活动 种了番薯 电话能打通 "
    "担心医药费 材料还差一份 口罩够用 家里收拾得干净 听不清说话 约好下月再访 送来米和油 残疾证到期 "
    "不愿去养老院 网课没有手机 想学一门手艺"
).split()
# Searched for: in about one narrative of six, and in one of two thousand.
COMMON, RARE = "血压", "助听"
RARE_CLAUSE = "助听器电池换好了"
TITLES = "政策宣传进村 相伴童行 长者茶话会 义诊到家门口 端午包粽 儿童阅读角 防溺水小课堂 村民议事".split()


def narrative(chance: Random, clauses: int = 8) -> str:
    """A text of `clauses` clauses, some 60 characters."""
    parts = [f"{chance.choice(WHO)}{chance.choice(WHAT)}" for _ in range(clauses)]
    if chance.random() < 1 / 2000:
        parts.append(RARE_CLAUSE)
    return ",".join(parts) + "。"


FAMILY = "陈林黄蔡吴李郑刘张许罗曾余彭谢庄叶钟杨邱"
GIVEN = "秀英建国丽娟志明海生文慧小燕伟敏强芳军玲桂兰玉珍水木金火土土城东南"


def name(chance: Random) -> str:
    return chance.choice(FAMILY) + "".join(chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2))))
