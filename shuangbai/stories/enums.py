"""Words of stories and prizes: how far a story is, what was agreed to, who awards what."""

from django.db.models import TextChoices


class StoryState(TextChoices):
    """How far a story is (rules.AFTER). Others than those of its case read it from RELEASED on."""

    DRAFT = "draft", "草稿"
    CHECKED = "checked", "已核对，等站长"
    AGREED = "agreed", "站长已同意"
    RELEASED = "released", "已发布"
    SUBMITTED = "submitted", "已报送"
    AWARDED = "awarded", "已获奖"
    WITHDRAWN = "withdrawn", "已撤下"


class Step(TextChoices):
    """What is done with a story."""

    CHECK = "check", "核对完成，请站长看"
    BACK = "back", "退回修改"
    AGREE = "agree", "同意发布"
    RELEASE = "release", "发布"
    SUBMIT = "submit", "报送评选"
    AWARD = "award", "获奖"
    WITHDRAW = "withdraw", "撤下"
    REDRAFT = "redraft", "重新修改"


class Reach(TextChoices):
    """How far a client lets their story go; each holds what stands before it."""

    INSIDE = "inside", "本市社工站、督导和民政局阅读"
    CONTEST = "contest", "也可以报送评选"
    PUBLIC = "public", "也可以对外发表"


class AwardFor(TextChoices):
    """What or who was awarded."""

    STORY = "story", "案例"
    PERSON = "person", "社工个人"
    STATION = "station", "社工站"
    PROJECT = "project", "项目、活动"


class Level(TextChoices):
    """Of which level the awarding body is."""

    COUNTY = "county", "县（市、区）级"
    CITY = "city", "市级"
    PROVINCE = "province", "省级"
    NATION = "nation", "国家级"


class AwardGrade(TextChoices):
    SPECIAL = "special", "特等奖"
    FIRST = "first", "一等奖"
    SECOND = "second", "二等奖"
    THIRD = "third", "三等奖"
    GOOD = "good", "优秀奖"
    NAMED = "named", "提名、入选"
    HONOUR = "honour", "荣誉称号（不分等次）"


class Does(TextChoices):
    """What is done about something that could tell who somebody is."""

    REPLACE = "replace", "替换"
    KEEP = "keep", "保留"
    ASK = "ask", "再问"
    SURE = "sure", "有把握的都替换"
