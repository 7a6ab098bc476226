from django.apps import AppConfig


class ScalesConfig(AppConfig):
    name = "shuangbai.scales"

    def ready(self) -> None:
        from shuangbai.households import forgetting
        from shuangbai.scales.keeping import Answers

        forgetting.register("scales", Answers())
