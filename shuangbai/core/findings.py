"""What a rule has to say about an entry, and which door refuses on it.

A rule is a pure function that returns findings. Whether a finding refuses the entry or only warns
depends on the door it came through, and that stands in one table per room (`DOORS` in its rules.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Door(StrEnum):
    """Where an entry comes from."""

    PAGE = "page"
    SHEET = "sheet"
    PHONE = "phone"


class Severity(StrEnum):
    """REFUSE: nothing is saved. WARN: saved once the person has seen the sentence. IGNORE: not said."""

    REFUSE = "refuse"
    WARN = "warn"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one field, in plain Chinese, that says what to do."""

    code: str
    field: str
    sentence: str
    severity: Severity = Severity.REFUSE


DoorTable = Mapping[str, Mapping[Door, Severity]]


def judge(findings: Iterable[Finding], door: Door, table: DoorTable) -> list[Finding]:
    """The findings with the severity that `door` gives them; ignored ones left out.

    Raises KeyError for a code that the table does not know: an unlisted rule is a defect, not a warning.
    """
    judged = (Finding(f.code, f.field, f.sentence, table[f.code][door]) for f in findings)
    return [finding for finding in judged if finding.severity is not Severity.IGNORE]


class Refused(Exception):
    """An action said no. `findings` name the fields; nothing has been written."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = list(findings)
        super().__init__(";".join(finding.sentence for finding in self.findings))

    @property
    def first(self) -> Finding:
        """The first of the findings that stood in the way; warnings beside it did not."""
        return next((one for one in self.findings if one.severity is Severity.REFUSE), self.findings[0])

    @classmethod
    def because(cls, field: str, sentence: str, code: str = "refused") -> "Refused":
        return cls([Finding(code, field, sentence)])


class NeedsAcknowledgement(Refused):
    """Only warnings stand in the way: the same entry with `acknowledged=True` will be saved."""


class Conflict(Exception):
    """Somebody else saved first. `current` is the record as it stands now."""

    def __init__(self, current: object) -> None:
        self.current = current
        super().__init__("这条记录在您打开之后已被别人改过")


class NotAllowed(Exception):
    """The person may not do this; views answer 404, so that nothing is learnt from the refusal."""


def refuse_if_any(findings: list[Finding], *, acknowledged: bool) -> None:
    """Raise Refused for a refusing finding, NeedsAcknowledgement for warnings not yet acknowledged."""
    if any(finding.severity is Severity.REFUSE for finding in findings):
        raise Refused(findings)
    if findings and not acknowledged:
        raise NeedsAcknowledgement(findings)
