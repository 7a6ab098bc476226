from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "shuangbai.ledgers"

    def ready(self) -> None:
        from shuangbai.core.papers import keeps_papers
        from shuangbai.households import forgetting
        from shuangbai.ledgers.enrolling import enrol
        from shuangbai.ledgers.enums import Kind
        from shuangbai.ledgers.keeping import Ledgers
        from shuangbai.ledgers.keepsakes import kept_names
        from shuangbai.ledgers.proposing import BESIDE
        from shuangbai.ledgers.queries import origin_url
        from shuangbai.services.queries import ORIGINS

        keeps_papers("台账", kept_names)
        forgetting.register("ledgers", Ledgers())
        ORIGINS["ledgers"] = origin_url
        BESIDE[Kind.VOLUNTEERS] = enrol
