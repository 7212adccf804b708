"""The admin site shows surveys; what respondents gave is not there to be changed, or seen."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from surveys.models import Audience, Membership, Organisation, SealedAnswers, Survey


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that only actions write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MembershipInline(admin.TabularInline[Membership, Organisation]):
    model = Membership
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    inlines = (MembershipInline,)


class AudienceInline(admin.TabularInline[Audience, Survey]):
    model = Audience
    extra = 0
    can_delete = False


@admin.register(Survey)
class SurveyAdmin(ReadOnlyAdmin):
    list_display = ("slug", "organisation", "mode", "opens_at", "closes_at", "sealed_at")
    inlines = (AudienceInline,)


@admin.register(SealedAnswers)
class SealedAnswersAdmin(ReadOnlyAdmin):
    list_display = ("survey", "respondents", "digest")
    exclude = ("block",)
