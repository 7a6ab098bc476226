from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "shuangbai.services"

    def ready(self) -> None:
        from shuangbai.network import closing
        from shuangbai.services import doctor
        from shuangbai.services.keeping import Records
        from shuangbai.upkeep.doctor import also_look

        closing.register("services", Records())
        also_look(doctor.CHECK, doctor.KINDS)
