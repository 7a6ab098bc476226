"""Pages of scales, templates, and of what is measured, drawn and printed in a case, for test_screens."""

# Goes on where casework.IDS ends: `case` is the worker's, `begun` when it was opened.
IDS = """
from shuangbai.cases.actions.drawing import TieEntry, draw_tie
from shuangbai.cases.actions.scoring import record_scale
from shuangbai.cases.models import CaseClient
from shuangbai.cases.ties import CaseTie, Flow, Strength, System
from shuangbai.scales.actions import ResultEntry
from shuangbai.scales.enums import Filler
from shuangbai.scales.models import ScaleResult
if not CaseTie.objects.filter(case=case).exists():
    for system, name, strength, flow in (
        (System.SCHOOL, "村小", Strength.WEAK, Flow.FROM), (System.KIN, "父亲", Strength.STRESSED, Flow.NEITHER),
        (System.RELATIVES, "外婆家", Strength.BROKEN, Flow.NEITHER), (System.STATION, "", Strength.STRONG, Flow.FROM),
        (System.NEIGHBOURS, "邻居阿姨", Strength.STRONG, Flow.BOTH),
    ):
        draw_tie(by=by, case=case, entry=TieEntry(system, strength, flow, case.opened_on, name))
whose = CaseClient.objects.filter(case=case).first().person_key
if not ScaleResult.objects.filter(subject_key=case.pk, scale="phq9").exists():
    for day, points in ((0, 2), (9, 1), (16, 1)):
        answers = {str(item): points for item in range(1, 9)} | {"9": 0}
        entry = ResultEntry(
            random_id(), whose, "phq9", 1, case.opened_on + timedelta(days=day), Filler.CLIENT, answers,
            note="读给本人听")
        record_scale(by=by, case=case, entry=entry)
answer |= {
    "case_tie": str(CaseTie.objects.filter(case=case, ended_on=None).first().pk),
    "case_result": str(ScaleResult.objects.filter(subject_key=case.pk).first().pk),
}
"""

PAGES = {
    "scales": ("worker", "/scales/"),
    "scale": ("worker", "/scales/phq9/"),
    "scale-new": ("officer", "/scales/new"),
    "papers": ("officer", "/setup/papers/"),
    "paper": ("officer", "/setup/papers/case-plan/"),
    "paper-put": ("officer", "/setup/papers/case-plan/put"),
    "case-scales": ("worker", "/cases/{case}/scales"),
    "case-scale": ("worker", "/cases/{case}/scales/phq9"),
    "case-scale-total": ("worker", "/cases/{case}/scales/who5"),
    "case-scale-void": ("worker", "/cases/{case}/results/{case_result}/void"),
    "case-ecomap": ("worker", "/cases/{case}/ecomap"),
    "case-tie-new": ("worker", "/cases/{case}/ties/new"),
    "case-tie": ("worker", "/cases/{case}/ties/{case_tie}"),
    "case-papers": ("worker", "/cases/{case}/papers"),
}
