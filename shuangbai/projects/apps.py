from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "shuangbai.projects"

    def ready(self) -> None:
        from shuangbai.households import forgetting
        from shuangbai.network import closing
        from shuangbai.pictures import access
        from shuangbai.projects.keeping import After, Before, Names, Problems, Projects, Whole
        from shuangbai.projects.queries import AFTER, BEFORE, PROBLEMS
        from shuangbai.resources.models import HELPED

        closing.register("projects", Projects())
        forgetting.register("projects", Names())
        access.register(BEFORE, Before())
        access.register(AFTER, After())
        access.register(PROBLEMS, Problems())
        HELPED["projects"] = Whole()
