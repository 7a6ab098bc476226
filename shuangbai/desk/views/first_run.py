"""首次设置: from an empty database to a city with a tree and an administrator. Each step stands once it is taken."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shuangbai.core import keys
from shuangbai.core.findings import Refused
from shuangbai.core.forms import add_findings
from shuangbai.core.models import Installation
from shuangbai.core.queries import installation_names
from shuangbai.desk import actions
from shuangbai.desk.forms import AdministratorForm, CityForm, CodeForm, TreeForm
from shuangbai.network.models import Area
from shuangbai.network.queries import root_unit

KNOWS = "first_run"  # in the session: proof that the code was typed
STEPS = [("city", "城市与区划"), ("tree", "机构树"), ("administrator", "第一个管理员")]


def proof() -> str:
    """What a session holds that typed the code; nothing where there is no code."""
    code = keys.kept_first_run_code()
    return salted_hmac("first-run", code).hexdigest() if code else ""


@sensitive_post_parameters("password", "again", "code")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """首次设置: the step that comes next, or on demand the city's names once more."""
    if not installation_names().founding:
        return redirect("today")
    if not proof() or request.session.get(KNOWS) != proof():
        return code(request)
    step = next_step()
    if request.GET.get("step") == "city":
        step = "city"
    return {"city": city, "tree": tree, "administrator": administrator}[step](request)


def next_step() -> str:
    """From the data alone, so that nothing is lost by closing the window."""
    if not Installation.objects.exists() or not Area.objects.exists():
        return "city"
    return "administrator" if root_unit() else "tree"


def page(request: HttpRequest, step: str, form: forms.Form, **more: Any) -> HttpResponse:
    names, here = installation_names(), [name for name, _label in STEPS].index(step) if step != "code" else -1
    steps = [(label, "done" if n < here else "here" if n == here else "") for n, (_name, label) in enumerate(STEPS)]
    context = {"form": form, "step": step, "steps": steps, "number": here + 1, "city": names.city, **more}
    return render(request, "desk/first_run.html", context, status=422 if form.errors else 200)


def taken(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Whether the step stands; its sentences are on the form where it does not."""
    try:
        act()
    except Refused as refused:
        add_findings(form, refused)
        return False
    return True


def code(request: HttpRequest) -> HttpResponse:
    """The code from the console, so that no stranger on the network founds the city."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if keys.is_first_run_code(form.cleaned_data["code"]):
            request.session[KNOWS] = proof()
            return redirect("first-run")
        form.add_error("code", _("首次设置码不对，请照控制台上的再输一遍"))
    return page(request, "code", form, made=bool(keys.kept_first_run_code()))


def city(request: HttpRequest) -> HttpResponse:
    row = Installation.objects.first()
    began = {"city_name": row.city_name, "bureau_name": row.bureau_name} if row else {}
    form = CityForm(request.POST or None, initial=began)
    if form.is_valid() and taken(form, lambda: actions.found_place(**form.cleaned_data)):
        return redirect("first-run")
    return page(request, "city", form)


def tree(request: HttpRequest) -> HttpResponse:
    form = TreeForm(request.POST or None, city_name=installation_names().city)
    if form.is_valid() and taken(form, lambda: actions.found_tree(entry=form.entry())):
        return redirect("first-run")
    return page(request, "tree", form, places=Area.objects.count())


def administrator(request: HttpRequest) -> HttpResponse:
    form = AdministratorForm(request.POST or None)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("username", "display_name", "password")}
        if taken(form, lambda: actions.found_first_account(**said)):
            request.session.pop(KNOWS, None)
            messages.success(request, _("城市已建立。请用刚才的账号登录，接着看「开始使用」还差什么。"))
            return redirect("signin")
    return page(request, "administrator", form)
