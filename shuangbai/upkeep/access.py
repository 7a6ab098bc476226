"""Who may look after the installation. These roles reach the whole city or nothing."""

from typing import Any

from shuangbai.core.findings import NotAllowed
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission


def check_runs_system(by: Any) -> None:
    """Raise NotAllowed for whoever may not run backups and check-ups; None is the system itself or its shell."""
    if by is not None and not viewer_of(by).may(Permission.RUN_SYSTEM):
        raise NotAllowed


def check_reads_trail(by: Any) -> None:
    """Raise NotAllowed for whoever may not read the trail."""
    if not viewer_of(by).may(Permission.READ_TRAIL):
        raise NotAllowed


def check_sets_policies(by: Any) -> None:
    """Raise NotAllowed for whoever may not change keys; None is the shell of the server."""
    if by is not None and not viewer_of(by).may(Permission.SET_POLICIES):
        raise NotAllowed
