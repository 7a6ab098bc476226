from django.apps import AppConfig


class LivesConfig(AppConfig):
    name = "shuangbai.lives"
