"""What every write about a story begins with. The trail says who did what, never about whom, or where."""

from shuangbai.cases.models import Case
from shuangbai.core import audit
from shuangbai.core.bulk import sign
from shuangbai.core.findings import Conflict, NotAllowed
from shuangbai.network.models import User
from shuangbai.stories.access import case_of, may_write, own_stories
from shuangbai.stories.models import Story

DRAFTED = audit.kind("story.drafted", "{by} 从一件个案起草了一篇案例", placeless=True)
LOOKED = audit.kind("story.looked", "{by} 看了一篇正在写的案例", placeless=True)
WROTE = audit.kind("story.wrote", "{by} 改了一篇案例", placeless=True)
DECIDED = audit.kind("story.decided", "{by} 对一篇案例里可能认出人的内容作了决定", placeless=True)
MOVED = audit.kind("story.moved", "{by} 处理了一篇案例：{what}", placeless=True, label="处理案例")
AGREED = audit.kind("story.consent", "{by} 登记了一份公开案例的同意", placeless=True)
TAKEN_BACK = audit.kind("story.consent_withdrawn", "{by} 登记了撤回公开案例的同意", placeless=True)
OPENED = audit.kind("story.paper", "{by} 看了一份公开案例的同意书", placeless=True)
TAKEN = audit.kind("story.taken", "{by} 取走了一篇案例：{what}", placeless=True, label="取走案例")


def check_sees(by: User, story: Story) -> Case:
    """The story's case. Raises NotAllowed for whoever may not know of it."""
    case = case_of(by, story) if own_stories(by).filter(pk=story.pk).exists() else None
    if case is None:
        raise NotAllowed
    return case


def locked(by: User, story: Story, version: int | None = None) -> tuple[Story, Case]:
    """The story as it stands, locked, and its case, for whoever writes. Raises NotAllowed, Conflict."""
    case = check_sees(by, story)
    if not may_write(by, case):
        raise NotAllowed
    return read_locked(story, version), case


def read_locked(story: Story, version: int | None) -> Story:
    current = Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    if version is not None and current.version != version:
        raise Conflict(current)
    return current


def keep(story: Story, by: User) -> None:
    story.version += 1
    sign(story, by=by)
    story.save()
