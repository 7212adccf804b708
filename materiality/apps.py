from django.apps import AppConfig


class MaterialityConfig(AppConfig):
    name = "materiality"
    verbose_name = "Materiality"

    def ready(self) -> None:
        from materiality.project import checks  # noqa: F401, registers them
