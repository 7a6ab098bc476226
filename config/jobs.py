"""Every periodic job of the product, in one list. `shuangbai serve` runs them (shuangbai/core/periodic.py).

Each is a function without arguments, by its dotted path, that may be run again at any moment: a worker
that is killed leaves its job to be begun anew.
"""

from datetime import time, timedelta

from django.conf import settings

from shuangbai.core.periodic import Job

DAY = timedelta(days=1)

JOBS: list[Job] = [
    Job("backup", DAY, "shuangbai.upkeep.jobs.back_up_daily", time(settings.BACKUP_HOUR), timedelta(hours=6)),
    Job("checkup", DAY, "shuangbai.upkeep.jobs.check_up_daily", time(5, 30), timedelta(hours=2)),
    # One that was killed is taken up where it stopped: the values say what is left.
    Job("rekey", timedelta(minutes=2), "shuangbai.upkeep.jobs.resume_rekeying", patience=timedelta(hours=6)),
    # Patience and rhythm make the longest unsealed window of docs/explanation/trail.md.
    Job("trail-seal", timedelta(minutes=1), "shuangbai.core.chain.seal", patience=timedelta(minutes=2)),
    Job("trail-verify", DAY, "shuangbai.upkeep.checking.verify_daily", time(4), timedelta(hours=2)),
    # Whoever waits for a page is looked for at once; this is for spreadsheets and for what was there before.
    Job("doubles", timedelta(minutes=10), "shuangbai.households.likeness.look_for_due", patience=timedelta(hours=2)),
    Job("old-drafts", DAY, "shuangbai.visits.actions.drop_old_drafts", time(3, 50)),
    Job("old-case-drafts", DAY, "shuangbai.cases.actions.working.drop_old_drafts", time(3, 52)),
    Job("old-group-drafts", DAY, "shuangbai.groups.actions.drafting.drop_old_drafts", time(3, 54)),
    Job("old-family-drafts", DAY, "shuangbai.resources.actions.drafting.drop_old_drafts", time(3, 53)),
    Job("old-ledgers", DAY, "shuangbai.ledgers.actions.drop_old_ledgers", time(3, 55)),
    Job("old-sign-ups", DAY, "shuangbai.events.actions.joining.drop_old_sign_ups", time(3, 57)),
    Job("forget-ended-jobs", DAY, "shuangbai.core.jobs.prune", time(3, 40)),
]
