"""How a narrative ends, and what is written when nobody was met; blanks as in ``clauses``."""

from __future__ import annotations

_ACTIONS = {
    "next_visit": """
过{n}周再来
下月回访
约好{n}天后再看
下次带{gift}来
下次与{by}一起来
过些天再打电话
等{kin}回来再谈
开学后再来看孩子
月底前再走一趟
下次量血压
下次核对{paper}
约定{time}再来""",
    "apply": """
协助准备{paper}申请补助
帮填申请表,交村里盖章
陪去镇民政窗口递材料
代拟申请,差{paper}
已和镇里经办对接,等入户核查
协助申请残疾人两项补贴
帮申请医疗救助
材料齐了,{week}送镇里""",
    "referral": """
转介卫生院上门看
联系残联借轮椅
转妇联跟进
介绍到{work}试工
联系学校老师多留意
转给村医随访
联系志愿者每周送菜
联系司法所咨询
转介市里康复机构评估""",
    "case": """
拟开个案跟进
与督导商量后转个案
情况复杂,先列为个案
征得同意开个案
回站讨论是否开个案""",
    "report": """
已报站长和村委
当天报镇里
报居委和镇民政
已报督导中心,持续关注
情况已告知村委,请留意""",
    "none": """
暂无需要
保持联系
留下站里电话
无特别需求
情况已记入本子
有事可打站里电话
继续观察
已告知活动时间
请{by}平时多看一眼""",
}

_UNMET = {
    "nobody_home": """
上门无人应答,{by}称外出做工
敲门{n}次无人,{by}说去了{kin}家
门锁着,留了字条和电话
无人在家,电话也没接
门半掩,喊了几声没人应,{by}说下田了
{time}到,家中无人,改日再来
人不在,{by}讲去赶集
门口鞋在,敲门无回应,{by}说刚出去
未遇,托{by}转告来过
{by}说去{far}看病,{n}天后回
没人,灶台是冷的,问{by}不清楚去向
{by}说一早去{odd},{late}才回
第{n}次上门仍未遇,{by}说白天都在外
{by}说一早都出门了,家里没人
下雨,家中关门,{by}代为转告""",
    "vacant": """
屋已空置,{by}说搬去{far}{few}年多
门锁生锈,{site}塌了,无人住
空屋,只有年节回来,{by}证实
租户已退租,房东不知去向
老屋没人住,{kin}接去{far}
院里长草,水表停了,{by}说去{far}后没回""",
    "refused": """
门内应声,说不需要,未开门
{S}隔门说没空,不便打扰
家属说不想登记,留下宣传单离开
说上次填过了,不愿再讲
怕泄露情况,不愿见,尊重其意思
家人正吵架,请我们改日,{time}离开
摆手不谈,{by}说此人向来少话
以为来收钱,解释后仍不愿开门
疫情期间不让外人进门,隔门问了一句""",
    "away": """
一家去{far}做工,过年才回
{by}说随{kin}到{far}带孙
外出{few}个月,联系不上
去{far}打工,{kin}接的电话
回娘家住{k}周,改期
{week}起在{far}{work},问了电话
出海未归,{by}说还要{n}天
去{far}喝喜酒,{n}天后回""",
    "hospital": """
{by}说住院{n}天,未见到
家中锁门,在市医院住院
{S}在{far}住院,{kin}陪护
卫生院说已转市里,等出院再访
{week}摔伤住院,向{by}问了病房
因{ill}住院,家里只剩锁着的门""",
    "wrong_number": """
号码是空号,须再核
打{n}次是别人接,号码错
停机,请{by}问新号码
接电话的说打错了,名单上号码要改
对方是{far}的人,不认识,号码登记有误
号码少一位,问{by}未得""",
}

_TAILS = {
    "nobody_home": """
{n}天后再来
改{time}上门
{week}也来过一次
联系电话已留在门缝
和{by}换了电话,人回来告知
下次先打电话
顺路再看
托{by}留意
已电话约{time}
{kin}的电话打不通
窗台晾着衣服,应该没走远
等了{n}分钟""",
    "other": """
已记下
请{by}有消息告知
{n}周后再核
报村里更新名单
已与{kin}联系上
问了{by},说法一致
先列入待核
留了站里电话
{week}也联系过一次
另想办法联系
转告{by}代为问好
站里已备注""",
}


def _lines(texts: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(text.strip().split("\n")) for name, text in texts.items()}


ACTIONS = _lines(_ACTIONS)
"""By what follows: none, next_visit, case, referral, apply, report."""
UNMET = _lines(_UNMET)
"""By result."""
UNMET_TAILS = _lines(_TAILS)
"""What may be added when nobody was home, and otherwise."""
