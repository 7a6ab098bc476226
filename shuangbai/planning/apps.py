from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "shuangbai.planning"

    def ready(self) -> None:
        from shuangbai.planning.queries import claims
        from shuangbai.reports import beside

        beside.register("planning", claims)
