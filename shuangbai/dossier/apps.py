from django.apps import AppConfig


class DossierConfig(AppConfig):
    name = "shuangbai.dossier"

    def ready(self) -> None:
        from shuangbai.core.papers import keeps_papers
        from shuangbai.dossier.queries import stored_names

        keeps_papers("附件", stored_names)
