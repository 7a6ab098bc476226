from django.apps import AppConfig


class FilingsConfig(AppConfig):
    name = "shuangbai.filings"

    def ready(self) -> None:
        from shuangbai.filings import doctor
        from shuangbai.upkeep.doctor import also_look

        also_look(doctor.CHECK, doctor.KINDS)
