"""Ledgers in wordings that were made up before the importer was tried on them, to measure what it makes of new ones.

The wordings must not be copied into the importer's lists: a new list line needs the reason that many use it.
"""

UNSEEN: dict[str, tuple[str, str]] = {
    "大走访工作日志": (
        "visits",
        """
        日志编号 - code
        哪一天去的 = visit.date
        去的村 = household.village
        去谁家 = household.head_name or person.name
        用什么方式 = visit.mode
        碰到人没 = visit.result
        见了几个人 = visit.persons_met
        谁去的 = visit.worker
        还有谁一起 = visit.companions
        聊了些什么 = visit.narrative
        需要帮什么 = visit.needs
        之后怎么办 = visit.followup
        """,
    ),
    "探访关爱服务登记": (
        "visits",
        """
        序号 - seq
        被探访人姓名 = person.name or household.head_name
        被探访人身份证 = person.id_number
        被探访人电话 = household.phone or person.phone
        所在村居名 = household.village
        探访日 = visit.date
        探访起始时刻 = visit.time
        探访途径 = visit.mode
        探访结论 = visit.result
        主探访员 = visit.worker
        探访缘由 = visit.purpose
        探访概述 = visit.narrative
        备注栏 - note
        """,
    ),
    "走访明细（两行表头）": (
        "visits",
        """
        编号 - seq
        服务对象·村（社区） = household.village
        服务对象·姓名 = person.name or household.head_name
        服务对象·证件号 = person.id_number
        服务对象·手机 = person.phone or household.phone
        走访·日期 = visit.date
        走访·方式 = visit.mode
        走访·在家与否 = visit.result
        记录·谈话摘要 = visit.narrative
        记录·困难与诉求 = visit.needs
        记录·回应 = visit.followup
        走访人 = visit.worker
        """,
    ),
    "家庭基础台账": (
        "households",
        """
        户档编码 = household.file_no
        乡镇名 - town
        行政村名称 = household.village
        村民小组名称 = household.group
        户主名讳 = household.head_name
        户内人员姓名 = person.name
        与户主的亲属关系 = person.relation
        性别 = person.sex
        公民身份证件号 = person.id_number
        出生日 = person.birth_date
        民族成份 = person.ethnicity
        受教育状况 = person.education
        婚姻情形 = person.marital
        健康情形 = person.health
        困难群体类属 = person.categories
        家里电话 = household.phone or person.phone
        房屋地址 = household.address
        关爱等级 = household.grade
        首次立档日 = household.opened_on
        包联社工 = household.worker
        """,
    ),
    "残疾人基础信息花名册": (
        "roster",
        """
        序号 - seq
        残疾人名字 = person.name
        性别 = person.sex
        身份证件号码 = person.id_number
        残疾人证编号 - code
        残疾类型 = person.disability : kind
        残疾分级 = person.disability : grade
        监护人 = person.guardian
        监护人手机号 - phone
        户籍详址 = household.address
        村居委会名称 = household.village
        手机 = person.phone or household.phone
        有无护理补贴 - yes
        """,
    ),
    "困境儿童信息表": (
        "roster",
        """
        序号 - seq
        孩子姓名 = person.name
        性别 = person.sex
        出生年月日 = person.birth_date
        孩子身份证 = person.id_number
        儿童分类 = person.categories : child
        就读学校名称 - school
        所在年级 - class
        实际照料人姓名 = person.guardian
        照料人与儿童关系 - kin
        照料人联系电话 - phone
        居住村居 = household.village
        家庭详细地址 = household.address
        """,
    ),
    "特困供养人员名册": (
        "roster",
        """
        供养证号 - code
        供养对象姓名 = person.name
        供养形式 = person.categories : care
        自理能力等级 = person.self_care
        身份号 = person.id_number
        所属村委 = household.village
        照料护理人姓名 = person.guardian
        护理费（元/月） - money
        发放账号 - account
        """,
    ),
    "长者信息登记": (
        "persons roster",
        """
        长者名字 = person.name
        年岁 - age
        公民身份证 = person.id_number
        居住社区 = household.village
        紧急联络人 - name
        紧急联络人手机 - phone
        长者手机 = person.phone or household.phone
        身体状态 = person.health
        文化水平 = person.education
        婚姻 = person.marital
        备注 - note
        """,
    ),
    "社区活动开展情况统计": (
        "activities",
        """
        场次 - seq
        开展日 = activity.date
        活动题目 = activity.name
        活动所在村居 = activity.village
        活动类属 = activity.kind
        参与者人数 = activity.persons
        服务人次数 = activity.person_times
        志愿者参与数 = activity.volunteers
        经费（元） - money
        """,
    ),
    "小组和社区活动台账": (
        "activities",
        """
        时间 = activity.date
        地点 = activity.village
        主题 = activity.name
        性质 = activity.kind
        主办社工站 - station
        参加人数（人） = activity.persons
        义工（人） = activity.volunteers
        """,
    ),
    "一户一行的户档": (
        "households",
        """
        户号 = household.file_no
        村居名 = household.village
        户主 = household.head_name
        户主身份证号码 = person.id_number or null
        家庭总人口 - count
        家庭类属 = person.categories
        致困主因 - words
        联系方式 = household.phone or person.phone
        跟进社工姓名 = household.worker
        建档的时间 = household.opened_on
        等级 = household.grade
        """,
    ),
    "低保发放名单": (
        "roster",
        """
        保障证号 - code
        户主名称 = household.head_name
        享受对象名称 = person.name
        身份证件 = person.id_number
        与户主关系 = person.relation
        保障类型 = person.categories
        村别名 = household.village
        家庭住所 = household.address
        联系方式 = person.phone or household.phone
        月人均补差额 - money
        代发银行 - bank
        """,
    ),
    "志愿者登记表": (
        "volunteers",
        """
        志愿者编码 = null or volunteer.number : code
        姓名 = person.name
        男女 = person.sex
        证件号 = person.id_number
        联系手机号 = person.phone or household.phone
        服务队名称 = volunteer.team : words
        累计服务小时数 = volunteer.hours : count
        学历程度 = person.education
        """,
    ),
    "入户慰问登记": (
        "visits",
        """
        慰问年月日 = visit.date
        慰问家庭 = household.head_name or person.name : household.head_name
        家庭所在村 = household.village
        家庭分类 = person.categories
        入户社工签名 = visit.worker
        陪同的村干部 = visit.companions
        慰问金额 - money
        受访家庭情况 = visit.narrative
        受访人数（人） = visit.persons_met
        户联系电话 = household.phone or person.phone
        """,
    ),
}

# A second set, made up after the first had been used to improve the importer.
HELD_OUT: dict[str, tuple[str, str]] = {
    "特殊困难老年人探访记录": (
        "visits",
        """
        老人编码 - code
        老年人姓名 = person.name or household.head_name
        老年人身份证号 = person.id_number
        所属村居委 = household.village
        居家地址 = household.address
        本次探访日期 = visit.date
        探访服务方式 = visit.mode
        本次探访结果 = visit.result
        身体健康状况 = person.health
        生活自理状况 = person.self_care
        探访发现的问题 = visit.needs
        处置措施 = visit.followup
        探访服务人员 = visit.worker
        下次计划探访日期 = visit.next_date
        """,
    ),
    "驻村社工周走访": (
        "visits",
        """
        周次 - seq
        走访的日期 = visit.date
        村（社区）名称 = household.village
        走访户主 = household.head_name
        户主电话号码 = household.phone or person.phone
        对象分类 = person.categories
        走访形式（入户/电话） = visit.mode
        是否见到本人 = visit.result
        见面人员数 = visit.persons_met
        走访情况记录 = visit.narrative
        后续跟进计划 = visit.followup
        驻村社工 = visit.worker or household.worker
        同行村干 = visit.companions
        """,
    ),
    "家庭档案（合并两行）": (
        "households",
        """
        档案信息·档案编码 = household.file_no
        档案信息·建档年月日 = household.opened_on
        档案信息·建档社工 = household.worker
        家庭·所在社区 = household.village
        家庭·门牌地址 = household.address
        家庭·户主 = household.head_name
        家庭·联系号码 = household.phone or person.phone
        家庭·风险等级 = household.grade
        成员·姓名 = person.name
        成员·关系 = person.relation
        成员·性别 = person.sex
        成员·出生年月 = person.birth_date
        成员·身份证 = person.id_number
        成员·学历 = person.education
        成员·婚姻 = person.marital
        成员·是否残疾及级别 = person.disability
        """,
    ),
    "留守儿童台账": (
        "roster",
        """
        序号 - seq
        村委会名称 = household.village
        留守儿童姓名 = person.name
        性别 = person.sex
        民族 = person.ethnicity
        儿童身份证号码 = person.id_number
        留守类型 = person.categories : child
        在读学校 - school
        委托照料人姓名 = person.guardian
        委托照料人与儿童关系 - kin
        委托照料人联系方式 - phone
        父亲姓名 - name
        父亲联系电话 - phone
        家庭住址 = household.address
        """,
    ),
    "高龄津贴发放花名册": (
        "roster",
        """
        序号 - seq
        县区 - county
        镇街 - town
        村居（社区） = household.village
        领取人姓名 = person.name
        性别 = person.sex
        公民身份号码 = person.id_number
        年龄段 - count
        发放金额（元） - money
        银行卡号 - account
        联系人电话 - phone
        """,
    ),
    "重残补贴公示": (
        "roster",
        """
        姓名 = person.name
        残疾证号 - code
        身份证号码 = person.id_number
        残疾类别 = person.disability : kind
        残疾等级 = person.disability : grade
        户籍所在地（村、社区） = household.village
        享受补贴类别 = null or person.categories : words
        月补贴标准 - money
        """,
    ),
    "义工名册": (
        "volunteers",
        """
        义工号 = null or volunteer.number : code
        义工姓名 = person.name
        性别 = person.sex
        出生年月 = person.birth_date
        身份证明号 = person.id_number
        所在社区 = household.village
        联络手机 = person.phone or household.phone
        受教育程度 = person.education
        擅长领域 = volunteer.skills : words
        """,
    ),
    "宣传活动明细": (
        "activities",
        """
        活动序号 - seq
        举办时间 = activity.date
        活动主题名称 = activity.name
        举办地点（村居） = activity.village
        活动分类 = activity.kind
        现场参与人数 = activity.persons
        服务总人次 = activity.person_times
        志愿者人数（名） = activity.volunteers
        支出经费 - money
        """,
    ),
    "入户探访登记簿": (
        "visits",
        """
        日期（年月日） = visit.date
        时段 = visit.time
        社区/村 = household.village
        受访户主姓名 = household.head_name or person.name
        受访者证件号码 = person.id_number
        家庭成员人数 - count
        探访对象类别 = person.categories
        访问形式 = visit.mode
        应答情况 = visit.result
        访谈要点 = visit.narrative
        服务需求 = visit.needs
        跟进情况及措施 = visit.followup
        登记社工 = visit.worker
        备考 - note
        """,
    ),
}

# A third, of odder sheets, made up after the second had been used.
ODDER: dict[str, tuple[str, str]] = {
    "镇双百社工站入户探访工作台账": (
        "visits",
        """
        序号 - seq
        探访时间·日期 = visit.date
        探访时间·具体时间 = visit.time
        服务对象·姓名 = person.name or household.head_name
        服务对象·性别 = person.sex
        服务对象·身份证号 = person.id_number
        服务对象·家庭住址 = household.address
        服务对象·所属村（居） = household.village
        服务对象·联系方式 = person.phone or household.phone
        服务对象·类别 = person.categories
        探访情况·探访方式 = visit.mode
        探访情况·是否见面 = visit.result
        探访情况·家庭情况及需求 = visit.needs or visit.narrative
        探访情况·社工跟进服务 = visit.followup
        探访社工签名 = visit.worker
        备注 - note
        """,
    ),
    "儿童主任走访儿童记录": (
        "visits",
        """
        村（居） = household.village
        儿童姓名 = person.name or household.head_name
        儿童身份证号 = person.id_number
        监护人姓名 = person.guardian
        监护人联系电话 - phone
        走访日期 = visit.date
        走访形式 = visit.mode
        走访人员 = visit.worker
        监护照料情况 - words
        走访发现的主要问题 = visit.needs
        采取的措施 = visit.followup
        """,
    ),
    "活动统计（分项人数）": (
        "activities",
        """
        序号 - seq
        日期 = activity.date
        活动名称 = activity.name
        活动地点 = activity.village
        类别 = activity.kind
        参加人数·合计 = activity.persons
        参加人数·儿童 - count
        参加人数·长者 - count
        参加人数·志愿者 = activity.volunteers or null
        人次 = activity.person_times
        负责社工 - name
        """,
    ),
    "重点服务对象信息库": (
        "persons roster households",
        """
        编号 - seq
        姓名 = person.name
        性别 = person.sex
        年龄 - age
        民族 = person.ethnicity
        政治面貌 - words
        身份证号码 = person.id_number
        户籍地址 = household.address
        现居住地址 = household.address
        所在村居 = household.village
        联系电话1 = person.phone or household.phone : person.phone
        联系电话2 = person.phone or household.phone or null : person.phone
        婚姻状况 = person.marital
        文化程度 = person.education
        健康状况 = person.health
        残疾类别 = person.disability : kind
        残疾等级 = person.disability : grade
        生活自理能力 = person.self_care
        服务对象类型 = person.categories
        家庭年收入（元） - money
        家庭主要困难 - words
        服务等级 = household.grade
        责任社工 = household.worker
        建档日期 = household.opened_on
        """,
    ),
    "城乡特困人员信息": (
        "roster",
        """
        序号 - seq
        县（市、区） - county
        乡镇（街道） - town
        村（社区） = household.village
        特困人员姓名 = person.name
        特困证号 - code
        身份证号码 = person.id_number
        特困类别 = person.categories : care
        自理能力类别 = person.self_care
        照料护理人·姓名 = person.guardian
        照料护理人·身份证号码 - id
        照料护理人·联系电话 - phone
        月基本生活费 - money
        月护理费 - money
        账户名 - name
        开户银行 - bank
        银行账号 - account
        """,
    ),
    "家访情况汇总": (
        "visits",
        """
        家访时间 = visit.date
        站点 - station
        镇街 - town
        村社 = household.village
        家庭户主 = household.head_name
        受访人与户主关系 = null or person.relation : kin
        家访方式 = visit.mode
        在家人数 = visit.persons_met
        家访社工1 = visit.worker
        家访社工2 = visit.worker or visit.companions or null : visit.companions
        家访内容摘要 = visit.narrative
        下一步跟进计划 = visit.followup
        下次家访时间 = visit.next_date
        是否需要转介 - yes
        """,
    ),
    "志愿服务活动登记": (
        "activities",
        """
        活动编号 - code
        志愿服务项目名称 = activity.name
        服务日期 = activity.date
        服务地点 = activity.village
        服务对象人数 = activity.persons
        参与志愿者人数 = activity.volunteers
        服务时长（小时） - count
        """,
    ),
    "困难家庭一户一策": (
        "households",
        """
        户编码 = household.file_no
        村（社区） = household.village
        小组 = household.group
        户主姓名 = household.head_name
        家庭成员姓名 = person.name
        与户主关系 = person.relation
        身份证号码 = person.id_number
        劳动能力 - words
        就业状况 - words
        身体状况 = person.health
        残疾证类型及等级 = person.disability
        困难类型 = person.categories
        家庭困难程度 = household.grade or null
        联系人手机 - phone
        入库时间 - money
        帮扶干部 - name
        结对社工 = household.worker
        """,
    ),
}
