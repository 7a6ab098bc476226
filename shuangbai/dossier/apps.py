from django.apps import AppConfig


class DossierConfig(AppConfig):
    name = "shuangbai.dossier"

    def ready(self) -> None:
        from shuangbai.core.papers import keeps_papers
        from shuangbai.dossier.keeping import Parts
        from shuangbai.dossier.queries import aliases_of, stored_names
        from shuangbai.households import forgetting
        from shuangbai.households.queries import MORE_NAMES

        keeps_papers("附件", stored_names)
        MORE_NAMES["dossier"] = aliases_of
        forgetting.register("dossier", Parts())
