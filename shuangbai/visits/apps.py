from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "shuangbai.visits"

    def ready(self) -> None:
        from shuangbai.households import forgetting
        from shuangbai.households.queries import LAST_MET
        from shuangbai.visits.keeping import Drafts
        from shuangbai.visits.queries import last_met

        LAST_MET["visits"] = last_met
        forgetting.register("visits", Drafts())
