"""What this room forgets of somebody beyond its declared fields: a result has no foreign key to a person."""

from shuangbai.households.forgetting import Forgetting
from shuangbai.scales.models import ScaleResult


class Answers:
    """The forgetter (households.forgetting): every answer and word of the results about the person.

    In what was noted beside those of others in the same case the name goes.
    """

    def forget(self, what: Forgetting) -> int:
        own = ScaleResult.objects.filter(person_key=what.person_id)
        subjects = list(own.values_list("subject_key", flat=True))
        count = own.update(said="", note="", void_reason="")
        for row in ScaleResult.objects.filter(subject_key__in=subjects).exclude(person_key=what.person_id):
            said = {"note": what.without_names(row.note), "void_reason": what.without_names(row.void_reason)}
            if said != {"note": row.note, "void_reason": row.void_reason}:
                count += ScaleResult.objects.filter(pk=row.pk).update(**said)
        return count
