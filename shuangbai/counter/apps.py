from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "shuangbai.counter"

    def ready(self) -> None:
        from shuangbai.activities.queries import PLACES
        from shuangbai.counter.keeping import SmallThings, Venues
        from shuangbai.counter.queries import venue_of
        from shuangbai.network import closing
        from shuangbai.services.queries import PARTS

        closing.register("counter", SmallThings())
        PARTS["counter"] = venue_of
        PLACES["venue"] = Venues()
