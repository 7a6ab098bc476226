"""The check-up, the backups and the keys, each for the administrator whose business it is."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuangbai.core import keys
from shuangbai.core.findings import Refused
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.upkeep import doctor, jobs, rekeying
from shuangbai.upkeep.enums import Severity, Step
from shuangbai.upkeep.forms import KeyForm
from shuangbai.upkeep.queries import (
    backup_lines,
    backup_under_way,
    is_silent,
    latest_checkup,
    latest_key_run,
    next_backup_at,
)
from shuangbai.upkeep.values import files_by_key, values_by_key

MARKS = {Severity.PROBLEM: "due", Severity.WARNING: "due", Severity.NOTE: ""}


def only(request: HttpRequest, permission: Permission) -> None:
    """Raises Http404 for everybody without the permission."""
    if not viewer_of(request.user).may(permission):
        raise Http404


def whole_page_after(part: HttpResponse, *, ended: bool) -> HttpResponse:
    """What was polled for has ended: htmx loads the page anew, for its buttons and figures have changed too."""
    if ended:
        part.headers["HX-Refresh"] = "true"
    return part


# THE CHECK-UP --------------------------------------------------------------


@require_safe
def checkup_page(request: SignedIn) -> HttpResponse:
    """体检: what shows at once, and the latest whole check-up."""
    only(request, Permission.RUN_SYSTEM)
    now = [finding.as_dict() for finding in doctor.examine(slow=False)]
    latest = latest_checkup()
    slow = {check.label for check in doctor.CHECKS if check.slow}
    context = {
        "now": now, "latest": latest, "slow": "、".join(sorted(slow)),
        "earlier": latest.findings if latest else [],
        "problems": sum(one["severity"] == Severity.PROBLEM for one in now),
    }  # fmt: skip
    return render(request, "upkeep/checkup.html", context)


@require_POST
def checkup_start(request: SignedIn) -> HttpResponse:
    """Ask for a whole check-up."""
    only(request, Permission.RUN_SYSTEM)
    jobs.order_checkup()
    messages.success(request, _("已安排全面体检，通常一两分钟后刷新本页可见结果。"))
    return redirect("checkup")


# BACKUPS -------------------------------------------------------------------


@require_safe
def backups_page(request: SignedIn) -> HttpResponse:
    """备份: every run, when the next is, and one more at once. To htmx only how far the running one is."""
    only(request, Permission.RUN_SYSTEM)
    running = backup_under_way()
    steps = [step.value for step in Step]
    context = {
        "running": running,
        "step": steps.index(running.step) + 1 if running and running.step else 0,
        "steps": len(steps) + 1,
        "lines": backup_lines(),
        "next_at": next_backup_at(),
    }
    if request.htmx:
        return whole_page_after(render(request, "upkeep/backup_lines.html", context), ended=running is None)
    return render(request, "upkeep/backups.html", context)


@require_POST
def backup_start(request: SignedIn) -> HttpResponse:
    """现在备份."""
    only(request, Permission.RUN_SYSTEM)
    try:
        jobs.order_backup(by=request.user)
    except Refused as refused:
        messages.warning(request, refused.findings[0].sentence)
    return redirect("backups")


# KEYS ----------------------------------------------------------------------


@require_safe
def keys_page(request: SignedIn) -> HttpResponse:
    """密钥: each key with what it encrypts, and changing it. To htmx only how far a change is."""
    only(request, Permission.SET_POLICIES)
    run = latest_key_run()
    if request.htmx:
        part = render(request, "upkeep/key_progress.html", {"run": run})
        return whole_page_after(part, ended=run is None or run.ended_at is not None)
    return show_keys(request, KeyForm(initial={"cipher": keys.keyring().current.cipher}))


def show_keys(request: HttpRequest, form: KeyForm, status: int = 200) -> HttpResponse:
    ring, values, files, run = keys.keyring(), values_by_key(), files_by_key(), latest_key_run()
    rows = [
        {"key": key, "current": key == ring.current, "values": values[key.key_id], "files": files[key.key_id]}
        for key in ring.by_id.values()
    ]
    left = sum(values[key_id] + files[key_id] for key_id in ring.by_id if key_id != ring.current.key_id)
    context = {"form": form, "rows": rows, "run": run, "left": left, "stopped": bool(left) and is_silent(run)}
    return render(request, "upkeep/keys.html", context, status=status)


@require_POST
def key_change(request: SignedIn) -> HttpResponse:
    """更换密钥."""
    only(request, Permission.SET_POLICIES)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return show_keys(request, form, status=422)
    jobs.order_key_change(by=request.user, cipher=form.cleaned_data["cipher"])
    messages.success(request, _("新密钥已经启用。请告诉系统管理员马上备份一次：此前的备份里没有它。"))
    return redirect("keys")


@require_POST
def key_continue(request: SignedIn) -> HttpResponse:
    """Go on with a change that was interrupted."""
    only(request, Permission.SET_POLICIES)
    if rekeying.left():
        jobs.order_continuation(by=request.user)
    return redirect("keys")
