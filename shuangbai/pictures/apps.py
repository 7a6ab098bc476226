from django.apps import AppConfig


class PicturesConfig(AppConfig):
    name = "shuangbai.pictures"

    def ready(self) -> None:
        from shuangbai.core.papers import keeps_papers
        from shuangbai.households import forgetting
        from shuangbai.pictures.keeping import Captions
        from shuangbai.pictures.queries import stored_names

        keeps_papers("图片", stored_names)
        forgetting.register("pictures", Captions())
