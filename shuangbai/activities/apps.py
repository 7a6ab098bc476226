from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "shuangbai.activities"

    def ready(self) -> None:
        from shuangbai.activities.keeping import Activities
        from shuangbai.activities.queries import held_with
        from shuangbai.pictures import access
        from shuangbai.services.access import OPENED

        OPENED["activities"] = held_with
        access.register("activities", Activities())
