from django.apps import AppConfig


class MaterialityConfig(AppConfig):
    name = "materiality"
    verbose_name = "Materiality"
