from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "shuangbai.surveys"

    def ready(self) -> None:
        from shuangbai.households import forgetting
        from shuangbai.network import closing
        from shuangbai.surveys.keeping import Surveys, Words

        closing.register("surveys", Surveys())
        forgetting.register("surveys", Words())
