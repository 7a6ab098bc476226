from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "shuangbai.services"

    def ready(self) -> None:
        from shuangbai.network import closing
        from shuangbai.services.keeping import Records

        closing.register("services", Records())
