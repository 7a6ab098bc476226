from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    name = "shuangbai.safeguarding"

    def ready(self) -> None:
        from shuangbai.cases import closing as cases
        from shuangbai.households import forgetting
        from shuangbai.network import closing
        from shuangbai.safeguarding.keeping import Alarms, Words
        from shuangbai.safeguarding.queries import hindering

        closing.register("safeguarding", Alarms())
        forgetting.register("safeguarding", Words())
        cases.register("safeguarding", hindering)
