"""Who may do what: the one page that lists role against permission.

A role is held for a unit of the tree and reaches the stations under it. The roles that serve families
hold only while the person is posted at the unit on the day. Three administrators are kept apart: none
of them sees families.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class Permission(StrEnum):
    SEE_FAMILIES = "see_families"
    EDIT_FAMILIES = "edit_families"
    OPEN_MASKED = "open_masked"
    OPEN_RESTRICTED = "open_restricted"
    SEE_OPENINGS = "see_openings"
    SEE_NAMES = "see_names"
    SEE_RECORDS = "see_records"
    WRITE_RECORDS = "write_records"
    ASK_FOLLOWUPS = "ask_followups"
    VOID_ANY_RECORD = "void_any_record"
    KEEP_RESOURCES = "keep_resources"
    RAISE_ALARMS = "raise_alarms"
    SEE_ALARMS = "see_alarms"
    WORK_CASES = "work_cases"
    LEAD_CASES = "lead_cases"
    SUPERVISE_CASES = "supervise_cases"
    READ_STORIES = "read_stories"
    MATCH_PEOPLE = "match_people"
    HAND_OVER = "hand_over"
    ASK_ERASURE = "ask_erasure"
    DECIDE_ERASURE = "decide_erasure"
    SEE_REPORTS = "see_reports"
    FILE_REPORTS = "file_reports"
    REVIEW_REPORTS = "review_reports"
    ACCEPT_REPORTS = "accept_reports"
    CALL_CAMPAIGNS = "call_campaigns"
    ENTER_BALANCES = "enter_balances"
    SET_DEMANDS = "set_demands"
    SEE_NETWORK = "see_network"
    MANAGE_NETWORK = "manage_network"
    MANAGE_CODES = "manage_codes"
    MANAGE_ACCOUNTS = "manage_accounts"
    RUN_SYSTEM = "run_system"
    GRANT_ROLES = "grant_roles"
    SET_POLICIES = "set_policies"
    READ_TRAIL = "read_trail"


PERMISSION_WORDS: dict[Permission, str] = {
    Permission.SEE_FAMILIES: "查看家庭与人员",
    Permission.EDIT_FAMILIES: "建档、修改家庭与类别",
    Permission.OPEN_MASKED: "说明理由后查看证件号、电话、住址",
    Permission.OPEN_RESTRICTED: "看到谁带有保密类别，和因此计入的记录",
    Permission.SEE_OPENINGS: "看到谁查看过一户家庭隐去的内容",
    Permission.SEE_NAMES: "看到完整姓名（否则只见姓）",
    Permission.SEE_RECORDS: "查看走访与活动记录",
    Permission.WRITE_RECORDS: "填写、更正记录，作废自己录入的记录",
    Permission.ASK_FOLLOWUPS: "布置跟进事项",
    Permission.VOID_ANY_RECORD: "作废本站任何记录",
    Permission.KEEP_RESOURCES: "查看资源名录，登记、更新所任机构的资源",
    Permission.RAISE_ALARMS: "发起安全警报（只有自己、站长、督导和站长指定的人看得到）",
    Permission.SEE_ALARMS: "查看、结案所管各站的安全警报",
    Permission.WORK_CASES: "办理个案（只看得到自己主责或协同的）",
    Permission.LEAD_CASES: "查看、分派本站的个案",
    Permission.SUPERVISE_CASES: "督导指定给自己的个案",
    Permission.READ_STORIES: "阅读各站已发布的案例（去掉了能认出人的内容）",
    Permission.MATCH_PEOPLE: "核对两站登记的是否同一人（证号、姓名隐去）",
    Permission.HAND_OVER: "发起交接，把家庭交给别的社工",
    Permission.ASK_ERASURE: "申请依法抹去一个人的资料",
    Permission.DECIDE_ERASURE: "决定抹去申请（须与申请人不同）",
    Permission.SEE_REPORTS: "查看成效报告与数字依据",
    Permission.FILE_REPORTS: "起草、确认本站上报的报告",
    Permission.REVIEW_REPORTS: "复核或退回各站上报的报告",
    Permission.ACCEPT_REPORTS: "接收或退回上报的报告（接收即封存）",
    Permission.CALL_CAMPAIGNS: "发起、修改各站一起做的专项与系列",
    Permission.ENTER_BALANCES: "登记系统启用前的历史汇总（无明细）",
    Permission.SET_DEMANDS: "定各站年度任务，维护报表目录",
    Permission.SEE_NETWORK: "查看机构、覆盖村居与人员",
    Permission.MANAGE_NETWORK: "维护区划、机构、村居覆盖、人员与任职",
    Permission.MANAGE_CODES: "维护类别、结果等代码表与编号规则",
    Permission.MANAGE_ACCOUNTS: "开设、停用账号，发出邀请",
    Permission.RUN_SYSTEM: "系统设置、体检、备份与恢复",
    Permission.GRANT_ROLES: "确认与收回角色",
    Permission.SET_POLICIES: "设定密码、登录、会话与密钥的规则",
    Permission.READ_TRAIL: "查阅操作留痕",
}


class Role(TextChoices):
    WORKER = "worker", "社工"
    HEAD = "head", "站长"
    SUPERVISOR = "supervisor", "督导"
    OFFICER = "officer", "民政局经办"
    SYSADMIN = "sysadmin", "系统管理员"
    SECURITY = "security", "安全管理员"
    AUDITOR = "auditor", "安全审计员"


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """`needs_posting`: holds only while the person is posted at the unit on the day."""

    does: str
    needs_posting: bool
    permissions: frozenset[Permission]


P = Permission
ROLES: dict[Role, RoleSpec] = {
    Role.WORKER: RoleSpec(
        "在站服务家庭、记录走访与活动",
        True,
        frozenset({P.SEE_FAMILIES, P.EDIT_FAMILIES, P.OPEN_MASKED, P.OPEN_RESTRICTED, P.SEE_NAMES, P.SEE_RECORDS,
                   P.WRITE_RECORDS, P.ASK_FOLLOWUPS, P.KEEP_RESOURCES, P.RAISE_ALARMS, P.WORK_CASES, P.READ_STORIES,
                   P.SEE_REPORTS, P.SEE_NETWORK}),
    ),
    Role.HEAD: RoleSpec(
        "负责一个站：社工的全部权限，并可作废本站记录、登记本站历史汇总、发起交接、申请抹去、上报报告",
        True,
        frozenset({P.SEE_FAMILIES, P.EDIT_FAMILIES, P.OPEN_MASKED, P.OPEN_RESTRICTED, P.SEE_NAMES, P.SEE_RECORDS,
                   P.WRITE_RECORDS, P.ASK_FOLLOWUPS, P.KEEP_RESOURCES, P.SEE_OPENINGS, P.VOID_ANY_RECORD, P.HAND_OVER,
                   P.ASK_ERASURE, P.RAISE_ALARMS, P.SEE_ALARMS, P.WORK_CASES, P.LEAD_CASES, P.READ_STORIES,
                   P.SEE_REPORTS, P.FILE_REPORTS, P.ENTER_BALANCES, P.SEE_NETWORK}),
    ),
    Role.SUPERVISOR: RoleSpec(
        "督导所辖各站：看业务记录，布置跟进事项，不改记录，不看证件号；核对两站是否登记了同一人；发起专项；复核上报的报告",
        False,
        frozenset({P.SEE_FAMILIES, P.OPEN_RESTRICTED, P.SEE_OPENINGS, P.SEE_NAMES, P.SEE_RECORDS, P.ASK_FOLLOWUPS,
                   P.KEEP_RESOURCES, P.MATCH_PEOPLE, P.SEE_ALARMS, P.SUPERVISE_CASES, P.READ_STORIES, P.SEE_REPORTS,
                   P.REVIEW_REPORTS, P.CALL_CAMPAIGNS, P.SEE_NETWORK}),
    ),
    Role.OFFICER: RoleSpec(
        "用数：看报告与依据，接收上报，人名只见姓；定年度任务、报表目录、代码表与编号规则，决定抹去申请",
        False,
        frozenset({P.SEE_RECORDS, P.KEEP_RESOURCES, P.READ_STORIES, P.SEE_REPORTS, P.ACCEPT_REPORTS, P.ENTER_BALANCES,
                   P.SET_DEMANDS, P.SEE_NETWORK, P.MANAGE_CODES, P.DECIDE_ERASURE}),
    ),
    Role.SYSADMIN: RoleSpec(
        "管机构、账号与系统，不看家庭",
        False,
        frozenset({P.SEE_NETWORK, P.MANAGE_NETWORK, P.MANAGE_ACCOUNTS, P.RUN_SYSTEM}),
    ),
    Role.SECURITY: RoleSpec(
        "定角色与安全规则，不看家庭",
        False,
        frozenset({P.SEE_NETWORK, P.GRANT_ROLES, P.SET_POLICIES}),
    ),
    Role.AUDITOR: RoleSpec(
        "查留痕，不改任何东西，不看家庭",
        False,
        frozenset({P.READ_TRAIL, P.SEE_NETWORK}),
    ),
}  # fmt: skip
