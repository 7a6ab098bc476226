"""What the demonstration's cases say: the article's four situations from the first knock to the visits afterwards.

All invented. {K} is the client, {k} the given name, {F} whoever heads the family, {V} the village, {W} the worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Talk:
    """A session: so many days after the case was opened. Without a place or people: where it is held as a rule, the
    client alone."""

    day: int
    minutes: int
    mode: str
    purpose: str
    process: str
    response: str = ""
    reflection: str = ""
    next_step: str = ""
    place: str = ""
    present: str = "{K}"


@dataclass(frozen=True, slots=True)
class Gift:
    """A resource of the city's directory (helping.CASEWORK) that reached the family: days after opening, worth in
    yuan and how that was told, how much, what came of it. `whom`: the client, or everybody."""

    day: int
    resource: str
    value: int
    valued_by: str
    quantity: tuple[int, str] | None
    result: str
    client: bool = True


@dataclass(frozen=True, slots=True)
class Sent:
    """A referral with its steps: (move, days after opening, with whom, what was said)."""

    body: str
    why: str
    asks: str
    steps: Sequence[tuple[str, int, str, str]]
    contact: str = ""
    client: bool = True  # otherwise it is the client's wife


@dataclass(frozen=True, slots=True)
class Claim:
    """A matter of policy: steps as (move, days after opening, note), and the amount granted."""

    policy: str
    steps: Sequence[tuple[str, int, str]]
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal with its ratings on the five-point scale: (days after opening, value, note)."""

    statement: str
    indicator: str
    baseline: str
    target: str
    ratings: Sequence[tuple[int, int, str]] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A case from end to end. `client`: how whom it is about is chosen (casework.PICKS)."""

    station: str
    client: str
    opened: date
    source: str
    kind: str
    risk: str
    risk_reason: str
    presenting: str
    judgement: str
    accept: str
    consent: str
    assessment: dict[str, str]
    plan: dict[str, str]
    aims: Sequence[Aim]
    talks: Sequence[Talk]
    urgency: str = "soon"
    evaluation: dict[str, str] = field(default_factory=dict)
    satisfaction: int = 4
    closed_after: int = 0
    closing: dict[str, str] = field(default_factory=dict)
    follow_ups: Sequence[tuple[int, str, str]] = ()  # months after closing, result, what was found
    views: tuple[str, str] = ("", "")  # the supervisor's, of the plan and of the closing
    answers: Sequence[int] = (5, 5, 5, 5, 5)  # how the five statements of satisfaction were ticked
    father: str = ""  # the given name of a father who lives elsewhere
    gifts: Sequence[Gift] = ()
    sent: Sequence[Sent] = ()
    claims: Sequence[Claim] = ()
    secret: bool = False  # what it was given is told in the case alone


BEATEN = Told(
    station="SW-CQ-01", client="teen", opened=date(2019, 9, 16), source="office", kind="violence", risk="high",
    risk_reason="近一个月被打三次，身上有新旧伤，父亲酗酒未停", urgency="crisis",
    presenting="班主任来电：{K}读初二，近一个月常迟到，手臂和后背有新旧瘀伤。{k}说父亲酒后用皮带抽他，上周六夜里被赶出门，在{V}码头坐到天亮。",
    judgement="有现实的人身危险，先保安全，再谈管教。已按强制报告的要求由学校拨打 110，并报告镇儿童督导员。",
    accept="未成年人遭受家庭暴力，属于本站服务范围，当天介入", consent="guardian",
    assessment={
        "physical": "软组织挫伤，没有骨折；睡眠不好，体重偏轻。",
        "psychological": "说话低着头，一听到摩托车声就停下来；觉得“是我不听话才挨打”。",
        "social": "父母分居两年，母亲在东莞打工，每月寄 800 元；父亲{F}以前跑船，失业后酗酒；奶奶八十多岁，同住，拦不住。姑姑住在同村，愿意照看。班上有一位要好的同学。",
        "tried": "母亲劝过，村干部调解过一次，停了半个月又打。",
        "strengths": "成绩中等，会修单车；受了委屈愿意写下来。",
        "resources": "姑姑、班主任、村妇女主任、镇儿童督导员、派出所告诫书。",
        "needs": "安全的住处\n不再自责\n父亲戒酒、改变管教方式\n功课跟上",
        "analysis": "打人与失业、酗酒、夫妻分居缠在一起。安全之外，要让孩子知道错不在他，让父亲有别的路可走。",
    },
    plan={
        "purpose": "{K}在安全的家里长大，父子能够说话。", "theory": "危机介入；生态系统理论；优势视角。",
        "strategy": "一、随姑姑临时生活，派出所出具告诫书；二、每周面谈，处理惊吓与自责；三、陪父亲到戒酒门诊，联系海上养殖场的工作；四、父子会面由社工在场，逐步放开。",
        "worker_duties": "每周至少见面一次，随时接听电话，联系各方。", "client_duties": "有危险马上打 110 或打给姑姑；每周写一页心情。",
        "schedule": "六个月，每月和学校、村委碰头一次。",
    },
    aims=(
        Aim("{K}不再挨打", "每周由本人、姑姑、班主任各说一次", "近一个月挨打三次", "连续三个月没有挨打",
            ((40, 0, "随姑姑住，没有挨打"), (120, 1, "周末回家住两天，没有挨打"), (190, 2, "回家住满两个月，没有挨打"))),
        Aim("{K}不再觉得挨打是自己的错", "面谈中的自述，和心情本", "“是我不听话”", "能说出“打人不对，不是我的错”",
            ((60, -1, "会说打人不对，还常常自责"), (150, 1, "能安慰别的同学"))),
        Aim("父亲戒酒、有工作", "门诊复诊记录、出工天数", "每天喝酒，失业八个月", "不再喝醉，每月出工二十天以上",
            ((90, -1, "停了又喝两次"), (180, 0, "两个月没有喝醉，出工二十二天"))),
    ),
    talks=(
        Talk(0, 70, "institution", "确认安全，让孩子知道可以说", "在学校心理室见面，班主任陪着。先告诉{k}这里说的话怎么保密、什么时候不能保密。他撩起衣袖给社工看，说昨晚也打。没有追问细节，陪他吃了一碗粉，再一起到镇卫生院验伤。",
             "问了三次“我爸会不会坐牢”，说想先住姑姑家。", "他最怕的不是疼，是这个家散掉；要把“求助”和“害了爸爸”分开说。", "当晚送到姑姑家，明天再见", "学校心理室、镇卫生院", "{K}、班主任"),
        Talk(3, 60, "home", "看住得怎样，定下安全计划", "到姑姑家。三个人一起写了一张安全卡：先离开、去隔壁、打 110、打给姑姑。把书包和换洗衣服取来了。", "把安全卡折好放进铅笔盒。",
             "姑姑担心得罪弟弟，社工要替她分担。", "联系父亲", "姑姑家", "{K}、姑姑"),
        Talk(10, 90, "home", "与父亲谈", "和村妇女主任一起见{F}，派出所已经出具告诫书。先听他说船上的事、欠下的两万元债、夜里睡不着。他说自己小时候也是这样挨打大的。", "沉默很久，问戒酒门诊要不要钱。",
             "不认同打人，也不把他看成坏人，他才坐得住。", "陪同到市第三人民医院戒酒门诊", present="{F}、村妇女主任"),
        Talk(31, 50, "office", "处理自责", "用画画和空椅子，让{k}对那天夜里坐在码头的自己说话。他写道：“你没有错，天会亮的。”", "哭了一会，走的时候自己把椅子摆好。",
             "写下来比说出来容易，心情本用对了。", "和{F}约定父子见面"),
        Talk(75, 60, "office", "父子第一次见面", "在社工站的院子里，父亲带来修好的单车。两人一起装链条，话不多，手没有停。", "说“还行”，笑了一下。", "一起做事比面对面谈更合适这对父子。", "周末试着回家半天", present="{K}、{F}"),
        Talk(160, 60, "home", "看回家以后的生活", "{k}回家住已经一个多月。墙上贴着父子写的三条：不动手、不锁门、有话吃完饭说。父亲在养殖场出工，戒酒药还在吃。", "说现在听到摩托车声，会去开门。", "变化是他们自己写出来的。", "准备结案", present="{K}、{F}、奶奶"),
    ),
    evaluation={
        "process": "共六节面谈，另有电话和碰头会；报告、安置、告诫书、门诊、学校各方配合及时。",
        "outcome": "三个目标都已达到或超过预期；父子恢复同住，三个月没有挨打。", "client_words": "现在下雨天，我爸会来接我。",
    }, satisfaction=5, closed_after=193,
    closing={"summary": "从危机安置到父子同住，靠姑姑、学校、村委和派出所一起托住；以后由班主任和村妇女主任每月看一次。",
             "outcome": "三个目标都达到或超过预期，见评估表。", "client_view": "愿意结束，留着安全卡。"},
    follow_ups=((1, "steady", "父亲仍在养殖场做工，没有再动手。{k}在家上网课，作业按时交，等着开学。"),),
    views=("先保安全和住处，再谈管教；父亲那边同时有人接，每月到站里看一次。", "安全稳住了，父子的约定是自己写的。结案后第一个月要见到孩子本人。"),
    answers=(5, 5, 5, 4, 5), secret=True,
    gifts=(
        Gift(45, "儿童心理辅导", 900, "market", (6, "次"), "六次做完，夜里不再惊醒"),
        Gift(160, "困境儿童助学金", 1000, "receipt", None, "交了下学期的伙食费"),
    ),
    sent=(
        Sent("市第三人民医院戒酒门诊", "孩子的父亲每天喝酒，酒后动手；本人愿意戒", "评估酒精依赖，告诉家里怎样配合、怎样复诊",
             (("send", 11, "门诊护士", "社工陪同当面送达"), ("accept", 12, "接诊医生", "当天接诊，两周复诊一次"),
              ("succeed", 165, "接诊医生", "复诊十次，两个月没有喝醉"), ("revisit", 185, "", "父亲说药吃完就停，想喝时给社工打电话"))),
    ),
)  # fmt: skip

MOTHERLESS = Told(
    station="SW-LF-01", client="granddaughter", father="建辉", opened=date(2018, 3, 5), source="visit", kind="care", risk="middle",
    risk_reason="丧母三个月，奶奶年老，父亲外出，孩子夜里独处",
    presenting="走访时发现{K}在灶前煮粥，锅比她的脸还大。母亲去年冬天因病去世，父亲{F}在深圳工地，半年回来一次，平时和弟弟跟着七十多岁的奶奶过。奶奶说她夜里抱着妈妈的围巾睡，不肯让人洗。",
    judgement="丧母的哀伤没有人陪着走过；照料靠老人，监护有缺口。", accept="符合困境儿童服务范围", consent="guardian",
    assessment={
        "physical": "身体健康，偏瘦；冬天手上有冻疮。", "psychological": "很少提妈妈，画里的一家人总是三个人背对着。",
        "social": "奶奶有高血压，能做饭；父亲每月寄 1500 元；邻居阿婶常送菜。和弟弟同在村小，读四年级，作业常交不上。",
        "tried": "父亲打电话叫她“坚强一点”。", "strengths": "手巧，会编绳子；照顾奶奶很细心。", "resources": "班主任、邻居、妇联的爱心妈妈、助学金。",
        "needs": "有人陪她说妈妈的事\n夜里有大人在\n功课有人看\n奶奶喘口气", "analysis": "一家三代都在失去亲人，各自忍着不说。把想念说出来，照料的网织密，孩子才能往前走。",
    },
    plan={"purpose": "{K}能想念妈妈，也能好好长大。", "theory": "哀伤辅导的四项任务；社会支持理论。",
          "strategy": "一、陪她做一本妈妈的书；二、联系爱心妈妈每周来一次，放学后到社工站做作业；三、和父亲约定每周三、周日晚上视频，过年以外再回来两次；四、申请孤困儿童助学金。",
          "worker_duties": "每周见一次，联系学校和妇联。", "client_duties": "每周放学来社工站两次；想妈妈的时候可以说。", "schedule": "九个月"},
    aims=(
        Aim("{K}能说起妈妈", "面谈和画里的变化", "不提，也不让人提", "能和家人一起看妈妈的照片",
            ((60, -1, "愿意讲妈妈煮的菜"), (200, 1, "和爸爸一起翻完妈妈的书"))),
        Aim("夜里有大人在、放学有人管", "每周由奶奶和邻居记录", "每周有三晚独处", "没有独处，每周两次有人辅导",
            ((90, 0, "邻居阿婶留宿，没有独处"), (240, 1, "父亲换到县城做工，每晚回家"))),
    ),
    talks=(
        Talk(2, 50, "home", "认识", "带了毛线，请{k}教社工编绳子。她编了一条红的，说妈妈以前给她编过。社工没有接着问，只说“编得真好，可以送给想送的人”。", "把绳子收进口袋。", "先做事，再说话。", "下周还带毛线", present="{K}、奶奶"),
        Talk(23, 60, "office", "妈妈的书", "一起做一本书的封面。她说妈妈叫她“小蚂蚁”，因为她总搬东西。第一页写：妈妈煮的番薯粥最甜。", "第一次哭出声，问妈妈会不会冷。",
             "哭是往前走的一步；奶奶在旁边也哭了，要照顾到她。", "联系爱心妈妈", present="{K}、奶奶"),
        Talk(64, 60, "video", "与父亲谈", "视频里父亲低着头，说不敢提，怕孩子难过。社工请他讲一件{k}妈妈的事，他讲了两个人第一次赶海。{k}趴在桌边听完了。", "说“爸爸你再讲一个”。", "父亲不是不想，是不会。", "每周三、周日视频", "社工站", "{F}（视频）、{K}"),
        Talk(140, 50, "office", "学习", "作业能按时交，数学从不及格到七十六分。{k}说老师让她当小组长。", "很高兴，要编一条绳子送老师。", "有事可做、有人等她，比安慰管用。", "给父亲看她的作业本"),
        Talk(225, 60, "home", "重阳前，全家说起妈妈", "全家一起翻妈妈的书，父亲补了两页。围巾洗了，晒在院子里。", "说“有妈妈的味道的，是书里”。", "想念有了放的地方，就不必抱着了。", "评估，准备结案", present="{K}、{F}、奶奶、弟弟"),
    ),
    evaluation={"process": "五节面谈，另有爱心妈妈每周一次；家、校、妇联配合好。", "outcome": "能一起想念妈妈；照料和学习都有了着落；父亲换到县城做工。", "client_words": "我现在会做一件事：想妈妈的时候，就编一条绳子。"},
    satisfaction=5, closed_after=291,
    closing={"summary": "哀伤有人陪，照料有人接，父亲回到身边；以后由班主任和儿童主任按月看望。", "outcome": "两个目标超过预期。", "client_view": "同意结案，想以后还来社工站写作业。"},
    follow_ups=((1, "steady", "寒假来社工站参加手工班，教更小的孩子编绳子。"), (3, "better", "升到年级前二十名，父亲参加了家长会。"), (6, "better", "奶奶血压稳定；她把妈妈的书带去学校讲了一次。")),
    views=("哀伤不赶时间，先陪着做事；照料的网要有人盯着，奶奶的身体也要看。", "想念有了去处，夜里有大人在，可以结案；逢清明、年节多走一趟。"),
    answers=(5, 4, 5, 5, 5),
    gifts=(
        Gift(40, "爱心妈妈结对", 0, "", (30, "次"), "每周来一次，陪写作业、梳头"),
        Gift(185, "困境儿童助学金", 1500, "receipt", None, "交了校服和伙食费"),
    ),
    sent=(
        Sent("{V}小学", "丧母后作业常交不上，放学没有人管", "安排班主任和课后辅导，留意情绪，有变化告诉社工",
             (("send", 6, "班主任", "当面说明"), ("accept", 7, "教导主任", "排进课后辅导，班主任每周看一次"),
              ("succeed", 140, "班主任", "数学从不及格到七十六分，当了小组长"), ("revisit", 226, "班主任", "上课举手，和同学玩得来"))),
    ),
)  # fmt: skip

ABANDONED = Told(
    station="SW-HF-01", client="elder", opened=date(2018, 9, 10), source="village", kind="elder", risk="high",
    risk_reason="独居、行动不便，一周内断餐两次，子女互相推托",
    presenting="村委来电：{K}独自住在老屋，摔伤后卧床，邻居隔窗递饭。五个子女都在外地，为老屋和赡养费吵翻，半年没有人回来。{K}说：“养了五个，像没养过。”",
    judgement="生活照料中断，有生命危险；先保吃饭和就医，再谈赡养。", accept="高龄独居、失能，属于重点对象", consent="written",
    assessment={
        "physical": "左髋部旧伤，不能久站；高血压，药停了两个月；营养不良。", "psychological": "常说“活着没意思”，问过没有具体打算；说到小女儿会流泪。",
        "social": "五个子女：三个在珠三角打工，一个在县城做生意，小女儿嫁到外省。老屋漏雨，存折被大儿子收着。邻居送饭一个多月。",
        "tried": "村委叫过两次，来了大儿子，吵完就走。", "strengths": "记性好，会唱白字戏，邻居都敬重。", "resources": "邻居、村委、镇敬老院日间照料、法律援助、高龄津贴。",
        "needs": "一日三餐和用药\n看好腿伤\n子女分担赡养\n有人说话", "analysis": "子女不是不知道，是谁都怕先出钱就全归自己。把事情摆到桌上、写成字据，再让想念有路可回。",
    },
    plan={"purpose": "{K}有饭吃、有药吃、有人来，安心过晚年。", "theory": "需求层次理论；家庭系统理论；老年人权益保障法。",
          "strategy": "一、村委食堂送餐，村医每周量血压；二、送县医院治腿；三、请法律援助律师和村委主持家庭会议，签赡养协议；四、组织志愿者每周两次陪聊，录她唱的白字戏。",
          "worker_duties": "每周两次入户，主持家庭会议的准备。", "client_duties": "按时吃药；想说的话先讲给社工。", "schedule": "八个月"},
    aims=(
        Aim("{K}三餐和用药不断", "送餐签收和药盒每天一格", "一周断餐两次，停药两个月", "连续三个月不断餐不停药", ((30, 0, "食堂送餐，药盒每天检查"), (180, 1, "大儿媳每周来做三天饭"))),
        Aim("子女分担赡养", "赡养协议和每月到账", "半年没有给钱，没有人回来", "五人签协议，每月按时到账，每月至少一人回来",
            ((70, 0, "五人签字，头月到账"), (200, 1, "连续五个月到账，春节全部回来"))),
    ),
    talks=(
        Talk(0, 60, "home", "看安全，送一顿饭", "和村妇女主任一起送粥。{K}三口就吃完一碗，说邻居的恩情还不上。看腿，肿着。当天请村医来，下午送县医院拍片。", "拉着社工的手问：“你下次还来吗？”", "先把饭和腿接住，别的话才说得进去。", "住院", present="{K}、村妇女主任"),
        Talk(8, 40, "institution", "在医院听她说", "{K}讲五个孩子怎么生下来的，谁发过烧、谁偷过番薯，没有一句骂。问她最想见谁，说最小的，“她胆子小”。", "说完睡着了。", "她要的不是判决，是有人回来。", "分别给五个子女打电话", "县医院骨科"),
        Talk(20, 90, "video", "分别与五个子女通话", "先问各自的难处，再说母亲现在的样子。大儿子说钱都花在老屋上；小女儿哭着说不知道摔了。都同意见一次面。", "小女儿当晚就给母亲打了电话。", "骂是容易的，听完再请才来得了。", "定家庭会议", "社工站", "五个子女（分别视频）"),
        Talk(45, 150, "office", "家庭会议", "在村委，律师讲法律，村书记主持，社工放了一段{K}唱白字戏的录音。先各说难处，再分工：两人出钱多，一人管看病，大儿媳每周做三天饭，小女儿每晚打电话。写成协议，按手印。", "回来告诉{K}，她让社工念了三遍。",
             "录音放出来的时候，屋里没有人说话。", "协议由村委保管，按月看", "村委会", "五个子女、大儿媳、律师、村书记"),
        Talk(130, 60, "home", "看约定做得怎样", "钱按月到，药盒没有空格。屋顶补好了。志愿者把白字戏录到第十二段。", "说腿不疼，就是想学用手机看小女儿。", "约定能不能走下去，要看第一个有事的月份。", "教她视频"),
        Talk(210, 60, "home", "准备结束", "一起看这半年的照片，{K}说最喜欢全家端着碗站在门口那张。说好以后志愿者每周来，村委食堂照送。", "说“放心去看别人”。", "告别要早说，多说几次。", "评估，准备结案"),
    ),
    evaluation={"process": "六节面谈、一次家庭会议、五次与子女通话。", "outcome": "三餐、用药、赡养都有着落；从“没人来”到每月有人回来。", "client_words": "现在电话响，我知道是谁。"},
    satisfaction=5, closed_after=226,
    closing={"summary": "照料由食堂、大儿媳、志愿者接住，赡养协议由村委按月看。", "outcome": "两个目标超过预期。", "client_view": "愿意结束，要社工有空来听戏。"},
    follow_ups=((1, "steady", "药盒没有空格，三儿子回来过。"), (3, "steady", "志愿者每周来，血压平稳。"), (6, "better", "中秋五个子女都回来了，老屋摆了两桌。")),
    views=("先把三餐、用药和腿接住；家庭会议请律师和村委在场，社工不做裁判。", "照料有人接，协议有人看。送餐和志愿者的排班抄一份给村委。"),
    answers=(5, 5, 4, 5, 5),
    gifts=(
        Gift(30, "长者食堂送餐", 2160, "market", (180, "餐"), "三餐不断，签收本齐全"),
        Gift(45, "法律援助", 600, "market", (1, "次"), "律师主持签了赡养协议"),
        Gift(60, "志愿者陪伴", 0, "", (40, "次"), "每周两次陪聊，录下她唱的白字戏"),
    ),
    sent=(
        Sent("县人民医院骨科", "独居，摔伤后卧床，左髋肿痛", "检查治疗，出院时教会怎样护理、怎样下床",
             (("send", 0, "急诊分诊", "社工和村妇女主任送到"), ("accept", 0, "骨科", "当天住院"),
              ("succeed", 18, "主治医生", "出院，能扶着走"), ("revisit", 32, "", "入户看过，能自己到灶前"))),
        Sent("镇卫生院", "高血压停药两个月，一个人住", "村医每周上门量血压、配药",
             (("send", 20, "公卫科", "当面送达"), ("accept", 22, "村医", "排进每周三的上门"),
              ("succeed", 110, "村医", "血压平稳，药盒没有空格"), ("revisit", 131, "", "见到村医上门，记录本齐全"))),
    ),
)  # fmt: skip

REKINDLED = Told(
    station="SW-LF-01", client="disabled", opened=date(2017, 10, 12), source="visit", kind="disability", risk="middle",
    risk_reason="主要劳力受伤致残，妻子抑郁，女儿面临辍学",
    presenting="{K}三年前在工地摔伤，双腿不能站，躺在屋后一间没有窗的房里。妻子一个人照料他和老母亲，不太说话；女儿读初三，想退学去打工。{K}说：“这个家的火灭了。”",
    judgement="一人受伤，全家停住：没有收入、没有康复、没有人上门。", accept="残疾人家庭，多重困难，属于本站重点", consent="written",
    assessment={
        "physical": "胸椎骨折后下肢瘫痪，二级肢体残疾，没有办残疾证；背上有褥疮。", "psychological": "{K}常说拖累家人；妻子失眠、流泪，说活着没有盼头，要请医院评估。",
        "social": "欠医药费 46000 元；低保没有申请过，不知道可以；亲戚来往少。屋后房间潮湿，轮椅进不去。", "tried": "找过包工头，赔了两万元就找不到人。",
        "strengths": "{K}以前会修电器，街坊都找他；妻子做的咸茶远近有名；女儿懂事。", "resources": "残联、民政救助、镇卫生院、爱心企业、邻居、妇女志愿队。",
        "needs": "看好褥疮、做康复\n收入和救助\n女儿留在学校\n妻子有人说话\n屋子能进轮椅", "analysis": "不是没有力气，是没有人把门推开。把资源一样一样接进来，先让身子坐起来，再让手动起来，家就会亮。",
    },
    plan={"purpose": "这个家重新有收入、有盼头。", "theory": "优势视角；增能；资源链接。",
          "strategy": "一、协助办残疾证、低保和临时救助；二、镇卫生院上门治褥疮、教康复；三、爱心企业改造屋门和坡道，捐轮椅；四、支起“阿叔修电器”的摊子，妻子卖咸茶；五、女儿申请助学金。",
          "worker_duties": "每两周一次，跑手续有人陪。", "client_duties": "每天做康复操；自己定摊子开几天。", "schedule": "十一个月"},
    aims=(
        Aim("{K}能坐起来、出房门", "每天坐轮椅的小时数，由妻子记", "整天躺着", "每天坐四小时以上，每周出门三次",
            ((60, -1, "褥疮结痂，每天坐一小时"), (180, 1, "每天坐六小时，到巷口摆摊"))),
        Aim("一家有稳定收入", "救助金到账和摊子账本", "没有收入，欠债", "救助到账，摊子每月有结余", ((90, 0, "低保、两项补贴到账"), (300, 2, "摊子每月结余一千多元，还了一部分债"))),
        Aim("女儿留在学校", "学校考勤", "初三，想退学", "没有缺课，读完初中", ((60, 0, "助学金到位，没有再提退学"), (300, 1, "考上高中"))),
    ),
    talks=(
        Talk(1, 60, "home", "推开门", "{K}不肯见，妻子在门口。社工帮着晒被子，第三次去他才说：“进来吧，里面臭。”看了褥疮，当天联系镇卫生院。", "说“你们不怕脏”。", "晒被子比讲道理先到。", "卫生院上门", present="{K}、妻子"),
        Talk(18, 60, "home", "办手续", "一项一项讲能申请什么，把材料列成一张表贴在门后。陪妻子到镇里三趟，残疾证、低保、临时救助都交了。", "妻子第一次坐下来喝茶。", "材料写在一张纸上，比讲三遍管用。", "改造屋门", present="{K}、妻子"),
        Talk(50, 90, "home", "屋子", "爱心企业来量尺寸，拆了门槛，做坡道，捐轮椅。{K}坐上轮椅，转到院子里，看了一会天。", "说“三年没有看过这棵龙眼树”。", "这一刻比任何评估都清楚。", "问他想做什么", present="{K}、妻子、爱心企业的师傅"),
        Talk(88, 60, "home", "手动起来", "邻居抱来一台坏电饭煲，{K}拆开看，说电容坏了，第二天修好。社工问要不要摆个摊，他说要想想，晚上打电话来说：“摆。”", "眼睛很亮。", "能力一直在，缺的是有人来问。", "妇女志愿队帮着招呼"),
        Talk(150, 60, "office", "妻子", "单独谈。妻子说夜里还会醒，白天有咸茶摊就不想。陪她到医院看，医生说是抑郁，药吃了三个月，睡得着了。", "说“原来我也可以看病”。", "照料的人也要有人照料。", "陪她复诊", present="妻子"),
        Talk(240, 60, "home", "看账本", "两个摊子的账，她记得整整齐齐。女儿下周中考，放学在摊子边背书。", "{K}说火又点起来了。", "写案例时，题目就用他这句话。", "暑假里评估", present="{K}、妻子、女儿"),
    ),
    evaluation={"process": "六节面谈，陪办手续九趟；残联、卫生院、企业、志愿队都接了进来。", "outcome": "从卧床到摆摊，从没有收入到有结余，女儿考上高中。", "client_words": "这个家的火，又点起来了。"},
    satisfaction=5, closed_after=343,
    closing={"summary": "五方面资源接进来，家庭自己转起来；妇女志愿队每月看一次。", "outcome": "三个目标达成或超过预期。", "client_view": "愿意结束，说别人家有困难也叫他去说说。"},
    follow_ups=((1, "better", "摊子一周开六天，收了一个徒弟。"), (3, "better", "还清一半的债。"), (6, "better", "在镇里的残疾人家庭座谈会上讲了一次。")),
    views=("资源一样一样接，先身子后摊子；妻子也是服务对象，要单独谈。", "家庭自己转起来了。欠债还清以前，手续到期要有人提醒。"),
    gifts=(
        Gift(50, "房门和坡道改造", 5200, "receipt", (1, "处"), "轮椅能进出，三年来第一次到院子里"),
        Gift(50, "轮椅、助行器借用", 600, "market", (1, "辆"), "每天坐六小时"),
        Gift(58, "困境儿童助学金", 2000, "receipt", None, "女儿没有再提退学", client=False),
        Gift(64, "临时救助金", 3000, "receipt", None, "还了卫生院的欠费", client=False),
        Gift(95, "志愿者陪伴", 0, "", (20, "次"), "妇女志愿队帮着招呼摊子", client=False),
    ),
    sent=(
        Sent("镇卫生院", "卧床三年，背上有褥疮，家属不会护理", "上门治褥疮，教翻身和康复操",
             (("send", 1, "公卫科", "当面送达"), ("accept", 2, "护士长", "每周上门两次"),
              ("succeed", 62, "护士长", "褥疮结痂，会做康复操"), ("revisit", 70, "", "每天坐一小时，妻子会翻身"))),
        Sent("县残联", "下肢瘫痪三年，还没有办残疾证", "上门评定，办证，说明能申请的补贴",
             (("send", 18, "办证窗口", "材料交齐"), ("accept", 20, "办证窗口", "约了上门评定"),
              ("succeed", 48, "办证窗口", "肢体二级，证已领"), ("revisit", 90, "", "两项补贴已到账"))),
        Sent("市第三人民医院", "妻子失眠、流泪两年，说活着没有盼头", "评估情绪和睡眠，告诉家里怎样复诊",
             (("send", 150, "心理科", "社工陪同"), ("accept", 150, "接诊医生", "当天接诊，每月复诊"),
              ("succeed", 243, "接诊医生", "睡得着了，药减了一半"), ("revisit", 252, "", "说白天有摊子，夜里睡得沉")), client=False),
    ),
    claims=(
        Claim("card", (("apply", 19, ""), ("accept", 20, "残联受理"), ("grant", 47, ""), ("pay", 48, "领到证"))),
        Claim("dibao", (("apply", 20, ""), ("accept", 24, "镇里受理"), ("check", 34, "入户两人"), ("publish", 45, ""), ("grant", 58, ""), ("pay", 75, "")), 1120),
        Claim("linshi", (("apply", 40, ""), ("accept", 42, "镇里受理"), ("grant", 60, ""), ("pay", 64, "")), 3000),
    ),
)  # fmt: skip
FOUR = (BEATEN, MOTHERLESS, ABANDONED, REKINDLED)
NAMED = {
    "teen": "teenager",
    "granddaughter": "motherless-child",
    "elder": "abandoned-elder",
    "disabled": "rekindled-family",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A story as its worker wrote it in the end, and the prize it won."""

    title: str
    texts: dict[str, str]
    drafted: date
    released: date
    submitted: tuple[date, str]
    awarded: date
    name: str
    grade: str


FIRE = Written(
    title="燃起家庭的希望之火", drafted=date(2019, 4, 8), released=date(2019, 5, 20),
    submitted=(date(2019, 6, 18), "全省优秀社会工作案例征集"), awarded=date(2019, 11, 20), name="全省优秀社会工作案例", grade="second",
    texts={
        "background": "案主正当壮年，几年前做工受伤，双腿不能再站，躺在屋后一间没有窗的房里。妻子一个人照料，很少说话；女儿想退学去打工。案主说：“这个家的火灭了。”",
        "analysis": "一人受伤，全家停住：没有收入，没有康复，也没有人上门。但这个家并不缺力气——案主会修电器，街坊都找过他；案主妻子做的茶远近有名；女儿懂事。缺的是有人把门推开，把资源一样一样接进来。",
        "theory": "优势视角、增能与资源链接：相信每个家庭都有自己的力量，社工的工作是让它重新动起来。",
        "goals": "案主能坐起来、出房门；一家有稳定的收入；女儿留在学校；照料的人也有人照料。",
        "process": "起初案主不肯见人，社工帮着晒被子，第三次去他才说“进来吧”。先请卫生院上门治褥疮，再陪妻子办证件、低保和临时救助，把能申请的列成一张表贴在门后。爱心企业拆了门槛、做了坡道、捐了轮椅。坐上轮椅那天，案主转到院子里，看了很久那棵树。\n邻居抱来一台坏电饭煲，案主拆开看，第二天修好了。社工问要不要摆个摊，他想了一夜，说：“摆。”妇女志愿队帮着招呼，妻子在旁边支起茶摊。社工也单独陪妻子看医生，她说：“原来我也可以看病。”",
        "outcome": "近一年后，案主每天坐起来大半天，到巷口摆摊；救助按月到账，两个摊子有了结余，还了一部分债；女儿升了学；妻子睡得着了。结案半年后，案主收了一个徒弟，还去给别的残疾人家庭讲自己的事。他说：“这个家的火，又点起来了。”",
        "reflection": "晒被子比讲道理先到。能力一直都在，缺的是有人来问；资源要接到他手上，而不是替他做完。照料别人的人，也要有人照料。",
    },
)  # fmt: skip
ROPE = Written(
    title="想妈妈的时候，就编一条绳子", drafted=date(2019, 7, 15), released=date(2019, 9, 2),
    submitted=(date(2019, 10, 10), "全省优秀社会工作案例征集"), awarded=date(2020, 3, 17), name="全省优秀社会工作案例", grade="good",
    texts={
        "background": "小A读小学，前一年冬天失去了妈妈，父亲在外地做工，平时跟着年老的奶奶过。走访时，她正在灶前煮粥。奶奶说她夜里抱着妈妈的围巾睡，不肯让人洗。",
        "analysis": "一家三代都在失去亲人，各自忍着不说。把想念说出来，照料的网织密，孩子才能往前走。",
        "theory": "哀伤辅导的任务理论与社会支持理论。",
        "goals": "小A能说起妈妈；夜里有大人在，放学有人管。",
        "process": "社工先带毛线，请小A教编绳子，不急着问。后来一起做一本“妈妈的书”，第一页写妈妈煮的粥最甜，那天她第一次哭出声。视频里，父亲不敢提妈妈，社工请他讲一件妈妈的事，他讲了两个人第一次赶海，小A说：“爸爸你再讲一个。”爱心妈妈每周来一次，放学后到社工站做作业，邻居夜里留宿。",
        "outcome": "小A能和家人一起翻妈妈的书，作业按时交，当了小组长；父亲换到近处做工，每晚回家；围巾洗了，晒在院子里。",
        "reflection": "先做事，再说话。哭是往前走的一步。有事可做、有人等她，比安慰管用。",
    },
)  # fmt: skip
