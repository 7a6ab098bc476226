from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "shuangbai.resources"

    def ready(self) -> None:
        from shuangbai.activities.keeping import Activities
        from shuangbai.cases import helped
        from shuangbai.core.papers import keeps_papers
        from shuangbai.households import forgetting
        from shuangbai.network import closing
        from shuangbai.resources.keeping import Help, Receipts
        from shuangbai.resources.models import HELPED
        from shuangbai.resources.queries import beside_record, stored_names
        from shuangbai.resources.sheet import helped_for
        from shuangbai.services.queries import PARTS

        keeps_papers("资源票据", stored_names)
        closing.register("resources", Help())
        forgetting.register("resources", Receipts())
        helped.register("resources", helped_for)
        PARTS["resources"] = beside_record
        HELPED["activities"] = Activities()
