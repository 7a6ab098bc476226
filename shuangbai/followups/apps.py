from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    name = "shuangbai.followups"

    def ready(self) -> None:
        from shuangbai.followups.keeping import Tasks
        from shuangbai.network import closing

        closing.register("followups", Tasks())
