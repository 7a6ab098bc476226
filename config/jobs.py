"""Every periodic job of the product, in one list. `shuangbai serve` runs them (shuangbai/core/periodic.py).

Each is a function without arguments, by its dotted path, that may be run again at any moment: a worker
that is killed leaves its job to be begun anew.
"""

from shuangbai.core.periodic import Job

JOBS: list[Job] = []
