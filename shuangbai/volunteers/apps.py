from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "shuangbai.volunteers"

    def ready(self) -> None:
        from shuangbai.households import forgetting
        from shuangbai.network import closing, showing
        from shuangbai.services.queries import PARTS
        from shuangbai.volunteers.keeping import Volunteers, Words
        from shuangbai.volunteers.queries import about_station, beside_record

        closing.register("volunteers", Volunteers())
        forgetting.register("volunteers", Words())
        PARTS["volunteers"] = beside_record
        showing.register("volunteers", about_station)
