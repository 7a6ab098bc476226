from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "shuangbai.events"

    def ready(self) -> None:
        from shuangbai.events.keeping import Events, Words
        from shuangbai.events.queries import part_of
        from shuangbai.households import forgetting
        from shuangbai.network import closing
        from shuangbai.services.queries import PARTS

        closing.register("events", Events())
        forgetting.register("events", Words())
        PARTS["events"] = part_of
