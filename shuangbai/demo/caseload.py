"""Cases of the demonstration that run: short, of every kind, in every stage, so that lists look as they do in May."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from shuangbai.demo.casebook import Aim, Talk


@dataclass(frozen=True, slots=True)
class Kind:
    """What such a case says. `client`: how whom it is about is chosen (casework.PICKS)."""

    client: str
    kind: str
    presenting: str
    judgement: str
    assessment: dict[str, str]
    plan: dict[str, str]
    aims: Sequence[Aim]
    talks: Sequence[Talk]


@dataclass(frozen=True, slots=True)
class Running:
    """A case in a stage, with what it has by then."""

    station: str
    stage: str
    opened: date
    client: str
    kind: str
    presenting: str
    judgement: str
    source: str = "visit"
    urgency: str = "usual"
    risk: str = ""
    risk_reason: str = ""
    accept: str = ""
    consent: str = ""
    assessment: dict[str, str] = field(default_factory=dict)
    plan: dict[str, str] = field(default_factory=dict)
    aims: Sequence[Aim] = ()
    talks: Sequence[Talk] = ()
    next_on: date | None = None
    hurry: str = ""
    comment: str = ""


KINDS = {
    "elder": Kind(
        "old", "elder", "{K}独居，最近两次忘记关煤气，说夜里常听见有人敲门。", "记忆可能下降，居家安全要先看。",
        {"physical": "血压偏高，听力下降，近半年走失一次。", "social": "儿子在外地，每周来一次电话；邻居有钥匙。", "strengths": "会唱山歌，爱干净。",
         "needs": "煤气和夜里的安全\n看记忆门诊\n有人常来", "analysis": "先装报警器，再陪去看门诊，把邻居、村医和儿子连起来。"},
        {"purpose": "{K}在家安全地住下去。", "theory": "生态系统理论", "strategy": "装煤气报警器；陪同看记忆门诊；邻居、村医、志愿者轮流探望。", "schedule": "四个月"},
        (Aim("不再发生忘关煤气", "邻居每天看一次", "一个月两次", "三个月没有发生", ((20, -1, "发生一次，报警器响了"),)),),
        (Talk(8, 45, "home", "看居家安全", "和村医一起走了一遍屋子，把煤气、药盒、门锁逐样看过。{K}愿意装报警器，怕贵。", "问能不能不告诉儿子。", "先尊重，再慢慢让家人知道。", "申请适老化补助"),
         Talk(22, 40, "home", "装报警器", "志愿者来装好了，教了三遍。在门后贴了大字。", "说响起来像公鸡叫，笑了。")),
    ),
    "rehab": Kind(
        "adult", "disability", "{K}中风后右手不灵便，原来的活做不了，整天不出门，家里靠妻子。", "康复停了，信心也停了。",
        {"physical": "右侧肢体无力，能拄拐走。", "psychological": "爱发脾气，过后又自责。", "social": "医保报销后还欠几千元；女儿读初中。", "strengths": "以前做过木工。",
         "needs": "接着做康复\n办残疾证\n有点事做", "analysis": "康复要有人陪着开头，事情要小到左手也能做成。"},
        {"purpose": "{K}接着康复，重新有事做。", "theory": "优势视角", "strategy": "每周两次到卫生院康复；办残疾证；学左手编竹器。", "schedule": "六个月"},
        (Aim("每周做两次康复", "卫生院签到", "停了四个月", "每周两次，坚持三个月", ((30, 0, "每周两次"),)),),
        (Talk(10, 50, "home", "听他说病", "{K}说手像别人的。社工带了软球，一边捏一边听他讲以前做的柜子。", "捏了两百下。", "", "陪去康复"),
         Talk(24, 60, "outside", "陪第一次康复", "在卫生院见了两位病友，约好一起来。", "回来的路上话多了。")),
    ),
    "left": Kind(
        "kid", "care", "{K}的父母都在外地，祖辈年老，班主任说上课打瞌睡，夜里玩手机到一两点。", "看护有缺口，夜里没有人管。",
        {"psychological": "说话少，玩手机的时候才放松。", "social": "父母半年回来一次，寄钱准时；爷爷耳背。", "strengths": "跑得快，想进校队。", "needs": "夜里有人管\n和父母多说话\n白天有朋友",
         "analysis": "手机是他和外面唯一的线，要给别的线，再商量收起来。"},
        {"purpose": "{K}夜里睡得好，白天有精神。", "theory": "社会支持理论", "strategy": "与父母约定每晚九点视频；手机交给爷爷；参加站里的跑步小队。", "schedule": "三个月"},
        (Aim("每晚十点前睡", "爷爷每天打勾", "常到一两点", "一周至少六天", ((21, -1, "一周四天"),)),),
        (Talk(7, 40, "institution", "认识", "在操场走了四圈。{K}说跑步的时候什么都不想。", "问跑步小队哪天有。", "", "周六来站里"),
         Talk(20, 45, "video", "和父母约定", "父母在工厂宿舍里，说愿意每天视频，先从十分钟开始。", "{k}把手机交给了爷爷。")),
    ),
    "mind": Kind(
        "wife", "mind", "{K}产后一直睡不着，抱着孩子哭，家里人说她“想太多”。", "可能是产后抑郁，要先看医生。",
        {"physical": "瘦了十几斤，奶水少。", "psychological": "夜里醒四五次，觉得自己不是好妈妈；没有伤害自己和孩子的打算。", "social": "丈夫跑船，婆婆身体不好。", "strengths": "愿意把想法写下来。",
         "needs": "看医生\n有人搭把手\n家里人懂得", "analysis": "不是想太多，是病。家里人明白了，她才歇得下来。"},
        {"purpose": "{K}睡得着，能安心带孩子。", "theory": "认知行为；家庭支持", "strategy": "陪同到市里看门诊；妇女志愿队每周三次搭手；和婆婆、丈夫各谈一次。", "schedule": "四个月"},
        (Aim("每晚能睡五小时以上", "睡眠记录", "两三小时", "连续一个月五小时以上", ((28, -1, "四小时左右"),)),),
        (Talk(3, 60, "home", "先听", "孩子睡着以后，{K}说了一个多小时。社工只说：很多妈妈这样，能好。", "第一次说出“我怕”。", "", "预约门诊"),
         Talk(16, 50, "home", "和婆婆谈", "把医生的话讲给婆婆听。婆婆说自己当年也这样，没有人说过是病。", "婆婆夜里接过一次奶。")),
    ),
    "money": Kind(
        "adult", "money", "{K}原来在酒店做厨工，疫情后停工，房租欠了三个月，孩子学费交不上。", "一时困难，能找到工作就好。",
        {"social": "夫妻都停工，存款用完；没有申请过救助。", "strengths": "有厨师证，肯吃苦。", "needs": "救急\n找工作\n孩子学费", "analysis": "先申请临时救助顶住，再对接岗位。"},
        {"purpose": "一家人过了这一关。", "theory": "任务中心", "strategy": "协助申请临时救助；联系工业园饭堂；学校缓交学费。", "schedule": "两个月"},
        (Aim("有一份收入", "工资到账", "停工三个月", "夫妻至少一人有工资", ((25, 0, "到饭堂上班"),)),),
        (Talk(2, 30, "office", "算一笔账", "把欠的、要交的、能申请的写在一张纸上。{K}说看清楚了反而不慌。", "当天交了材料。", "", "联系饭堂"),),
    ),
    "loss": Kind(
        "old", "loss", "{K}的老伴上个月走了，老人不肯收拾房间，饭也吃得少。", "丧偶的哀伤，正常，也要有人陪。",
        {"psychological": "常对着空床说话；没有轻生的想法。", "social": "女儿接去住了三天，又自己回来。", "strengths": "写得一手好毛笔字。", "needs": "有人听他说老伴\n按时吃饭\n重新出门", "analysis": "不急着收拾房间，先收好回忆。"},
        {"purpose": "{K}带着想念过日子。", "theory": "哀伤辅导", "strategy": "每周见面写一段老伴的事；邻居一起吃晚饭；端午参加长者活动。", "schedule": "三个月"},
        (Aim("每天吃三餐", "邻居每天看", "常常只吃一餐", "连续一个月三餐", ((20, 0, "邻居叫他一起吃晚饭"),)),),
        (Talk(4, 50, "home", "听他说", "{K}讲了怎么认识的，讲到天黑。社工记了三页，念给他听。", "说“你写得对”。", "", "下周带宣纸"),),
    ),
}  # fmt: skip


def _one(station: str, stage: str, opened: date, kind: str, **more: object) -> Running:
    """A case of a kind with what it has in that stage."""
    told, reached = KINDS[kind], ("intake", "assess", "plan", "act", "evaluate").index(stage)
    said: dict[str, object] = {"risk": "middle", "risk_reason": "按走访所见判断"} if reached >= 2 else {}
    if reached >= 1:
        said |= {"accept": "属于本站服务范围", "consent": "written"}
    if reached >= 2:
        said["assessment"] = told.assessment
    if reached >= 3:
        said |= {"plan": told.plan, "aims": told.aims, "talks": told.talks}
    return Running(station, stage, opened, told.client, told.kind, told.presenting, told.judgement, **{**said, **more})  # type: ignore[arg-type]


RUNNING = (
    _one("SW-CQ-01", "act", date(2020, 4, 13), "elder", next_on=date(2020, 6, 9), comment="记忆门诊的结果出来后，把风险再评一次。"),
    _one("SW-CQ-01", "act", date(2020, 4, 27), "mind", risk="high", risk_reason="情绪低落两个月，独自照看婴儿", urgency="soon",
         next_on=date(2020, 6, 4), hurry="情况急，先做起来，督导意见后补"),
    _one("SW-CQ-01", "plan", date(2020, 5, 20), "left"),
    _one("SW-CQ-01", "assess", date(2020, 6, 1), "money", source="self"),
    _one("SW-CQ-01", "intake", date(2020, 6, 4), "loss"),
    _one("SW-CQ-01", "evaluate", date(2020, 3, 16), "rehab", hurry="评估表这周写"),
    _one("SW-CQ-03", "act", date(2020, 4, 20), "rehab", next_on=date(2020, 6, 11)),
    _one("SW-HF-01", "act", date(2020, 5, 6), "left", next_on=date(2020, 6, 8)),
    _one("SW-HF-01", "assess", date(2020, 5, 28), "elder"),
    _one("SW-HF-02", "act", date(2020, 4, 9), "loss", next_on=date(2020, 6, 10)),
    _one("SW-HF-02", "plan", date(2020, 5, 14), "rehab"),
    _one("SW-HF-03", "act", date(2020, 4, 28), "money", source="self", next_on=date(2020, 6, 12)),
    _one("SW-LH-01", "act", date(2020, 5, 11), "elder", next_on=date(2020, 6, 9)),
    _one("SW-LH-01", "intake", date(2020, 6, 3), "left", source="office"),
    _one("SW-LH-02", "act", date(2020, 4, 15), "left", next_on=date(2020, 6, 15)),
    _one("SW-LF-01", "act", date(2020, 4, 22), "elder", next_on=date(2020, 6, 8)),
    _one("SW-LF-01", "plan", date(2020, 5, 18), "loss", source="village"),
    _one("SW-LF-01", "assess", date(2020, 6, 2), "rehab"),
    _one("SW-LF-02", "act", date(2020, 5, 7), "rehab", next_on=date(2020, 6, 10)),
    _one("SW-LF-03", "act", date(2020, 4, 30), "loss", next_on=date(2020, 6, 16)),
)  # fmt: skip
