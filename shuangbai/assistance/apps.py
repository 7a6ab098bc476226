from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "shuangbai.assistance"

    def ready(self) -> None:
        from shuangbai.assistance.keeping import Matters, Words
        from shuangbai.assistance.models import Matter
        from shuangbai.households import forgetting
        from shuangbai.network import closing
        from shuangbai.resources.queries import DRAFTED, Drafted

        DRAFTED["applying"] = Drafted(Matter, "matter-new")
        closing.register("assistance", Matters())
        forgetting.register("assistance", Words())
