from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "shuangbai.households"

    def ready(self) -> None:
        from shuangbai.core.hashes import keeps_hashes
        from shuangbai.households import hashes
        from shuangbai.households.keeping import Families
        from shuangbai.network import closing

        keeps_hashes("家庭与人员", rebuild=hashes.rebuild, stale=hashes.stale)
        closing.register("households", Families())
