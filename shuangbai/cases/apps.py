from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "shuangbai.cases"

    def ready(self) -> None:
        from shuangbai.cases.keeping import Cases, Words
        from shuangbai.cases.queries import beside_record
        from shuangbai.households import forgetting
        from shuangbai.network import closing
        from shuangbai.services.queries import BESIDE

        closing.register("cases", Cases())
        forgetting.register("cases", Words())
        BESIDE["cases"] = beside_record
