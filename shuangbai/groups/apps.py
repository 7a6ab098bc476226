from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "shuangbai.groups"

    def ready(self) -> None:
        from shuangbai.groups.keeping import Groups, Sessions, Words
        from shuangbai.households import forgetting
        from shuangbai.network import closing
        from shuangbai.pictures import access

        closing.register("groups", Groups())
        forgetting.register("groups", Words())
        access.register("sessions", Sessions())
