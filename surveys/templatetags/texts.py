"""Show a text that exists in both languages."""

from django import template

from surveys.languages import in_language

register = template.Library()
register.filter("in_language", in_language)
