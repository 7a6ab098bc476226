from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "shuangbai.stories"

    def ready(self) -> None:
        from shuangbai.core.papers import keeps_papers
        from shuangbai.households import forgetting
        from shuangbai.network import showing
        from shuangbai.stories.keeping import Stories, station_part
        from shuangbai.stories.queries import stored_names

        keeps_papers("案例与获奖", stored_names)
        forgetting.register("stories", Stories())
        showing.register("stories", station_part)
