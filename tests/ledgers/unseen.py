"""Ledgers in wordings that were made up before the importer was tried on them, to measure what it makes of new ones.

The wordings must not be copied into the importer's lists: a new list line needs the reason that many use it.
"""

UNSEEN: dict[str, tuple[str, str]] = {
    "大走访工作日志": ("visits", """
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
        """),
    "探访关爱服务登记": ("visits", """
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
        """),
    "走访明细（两行表头）": ("visits", """
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
        """),
    "家庭基础台账": ("households", """
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
        """),
    "残疾人基础信息花名册": ("roster", """
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
        """),
    "困境儿童信息表": ("roster", """
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
        """),
    "特困供养人员名册": ("roster", """
        供养证号 - code
        供养对象姓名 = person.name
        供养形式 = person.categories : care
        自理能力等级 = person.self_care
        身份号 = person.id_number
        所属村委 = household.village
        照料护理人姓名 = person.guardian
        护理费（元/月） - money
        发放账号 - account
        """),
    "长者信息登记": ("persons roster", """
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
        """),
    "社区活动开展情况统计": ("activities", """
        场次 - seq
        开展日 = activity.date
        活动题目 = activity.name
        活动所在村居 = activity.village
        活动类属 = activity.kind
        参与者人数 = activity.persons
        服务人次数 = activity.person_times
        志愿者参与数 = activity.volunteers
        经费（元） - money
        """),
    "小组和社区活动台账": ("activities", """
        时间 = activity.date
        地点 = activity.village
        主题 = activity.name
        性质 = activity.kind
        主办社工站 - station
        参加人数（人） = activity.persons
        义工（人） = activity.volunteers
        """),
    "一户一行的户档": ("households", """
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
        """),
    "低保发放名单": ("roster", """
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
        """),
    "志愿者登记表": ("persons roster", """
        志愿者编码 - code
        姓名 = person.name
        男女 = person.sex
        证件号 = person.id_number
        联系手机号 = person.phone or household.phone
        服务队名称 - words
        累计服务小时数 - count
        学历程度 = person.education
        """),
    "入户慰问登记": ("visits", """
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
        """),
}
