from django.apps import AppConfig


class DossierConfig(AppConfig):
    name = "shuangbai.dossier"

    def ready(self) -> None:
        from shuangbai.core.papers import keeps_papers
        from shuangbai.dossier.queries import aliases_of, stored_names
        from shuangbai.households.queries import MORE_NAMES

        keeps_papers("附件", stored_names)
        MORE_NAMES["dossier"] = aliases_of
