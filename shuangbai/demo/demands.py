"""What is asked of the demonstration's stations: two counties' totals from paper, one county's targets, the catalogue.

Most groups of the first years were kept on paper: of these there are totals, so that a report shows both kinds.
"""

from datetime import date
from decimal import Decimal

from shuangbai.core import clock
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit, User
from shuangbai.planning.actions import (
    BalanceEntry,
    decline_reported,
    end_demand,
    enter_balance,
    enter_demand,
    report_demand,
    set_targets,
)
from shuangbai.planning.enums import FilledBy, Often
from shuangbai.planning.models import DemandedForm
from shuangbai.planning.rules import Demand

FIRST, LAST = date(2017, 7, 1), date(2019, 12, 31)
# figure, totals of the first and the second county
ON_PAPER = (("G2", 168, 97), ("G4", 1_932, 1_104))
AIMS = {"V1": 280, "A1": 16, "A2": 500, "V8": 200}
SINCE = date(2019, 1, 1)
FORMS = (
    Demand("社工站走访月报", "市民政局", Often.MONTHLY, 180, SINCE, "市民政局关于社工站月报的通知（2018年）",
           filled_by=FilledBy.RESULTS),
    Demand("特殊困难老人探访季报", "市民政局", Often.QUARTERLY, 120, SINCE, "特殊困难老人探访工作方案（2018年）",
           filled_by=FilledBy.RATES),
    Demand("社工站活动周报", "市社工督导中心", Often.WEEKLY, 40, SINCE, "", filled_by=FilledBy.RESULTS),
    Demand("在岗社工花名册", "市社工督导中心", Often.QUARTERLY, 30, SINCE, "市社工督导中心工作制度"),
    Demand("信息报送统计表", "镇街党政办", Often.WEEKLY, 45, SINCE),
    Demand("志愿服务时长表", "团县委", Often.MONTHLY, 60, date(2019, 7, 1), "志愿服务条例", filled_by=FilledBy.RESULTS),
    Demand("临时要数", "镇街各办", Often.IRREGULAR, 60, SINCE, "", 30, filled_by=FilledBy.QUESTION),
    Demand("防疫入户排查日报", "镇街防疫办", Often.DAILY, 60, date(2020, 2, 1), "", None, date(2020, 4, 30)),
)  # fmt: skip
ENDED = "在岗社工花名册"


def fill() -> None:
    """Everything by the officer and one head, on the days on which it would have been."""
    officer, head = (User.objects.get(username=name) for name in ("officer", "head"))
    counties = list(OrgUnit.objects.filter(kind=UnitKind.COUNTY).order_by("path"))
    station = head.grants.filter(role="head").latest("pk").unit
    with clock.pinned(date(2020, 1, 10)):
        for town in OrgUnit.objects.filter(parent=counties[0], kind=UnitKind.STATION).order_by("path"):
            set_targets(by=officer, station=town, year=2020, version=0, numbers=AIMS)
    with clock.pinned(date(2020, 5, 11)):
        for code, *totals in ON_PAPER:
            for county, total in zip(counties, totals, strict=False):
                title = f"{county.name}社工站小组工作统计（2017—2019年）"
                entry = BalanceEntry(
                    county, code, FIRST, LAST, Decimal(total), title, document_on=date(2020, 1, 6),
                    keeper="市社工督导中心档案柜", note="各站手工相加，不含系统里有节次的小组",
                )  # fmt: skip
                enter_balance(by=officer, entry=entry, acknowledged=True)
    with clock.pinned(date(2020, 5, 18)):
        root = OrgUnit.objects.get(parent=None)
        for said in FORMS:
            enter_demand(by=officer, said=said, units=[root] if said.asker.startswith("市") else counties[:2])
        row = DemandedForm.objects.get(name=ENDED)
        end_demand(by=officer, form=row, version=1, ends_on=date(2020, 5, 31), reason="系统里的人员名单随时可看")
    with clock.pinned(date(2020, 6, 2)):
        told = report_demand(by=head, station=station, name="每周工作亮点表", asker="镇街宣传办", minutes=40)
        decline_reported(by=officer, reported=told, version=1, answer="已与镇街说好，用活动周报代替")
        said_ = "要照片三张、文字两百字，和活动周报重复"
        report_demand(by=head, station=station, name="文明实践活动台账", asker="镇街文明办", minutes=90, said=said_)
