"""A questionnaire to begin with: the usual words and dates, to be changed before publishing."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from materiality.actions import SurveyPlan, ask
from materiality.actions.groups import RATED_WITH
from materiality.catalogue.wording import FINANCIAL_HEADLINE, HEADLINE, IMPACT_HEADLINE
from materiality.models import Assessment, Dimension
from surveys.languages import in_language
from surveys.models import Mode, Survey, new_slug

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LASTS = timedelta(days=30)
KEPT = timedelta(days=730)
HEADLINES = {"stakeholder": HEADLINE, "impact": IMPACT_HEADLINE, "financial": FINANCIAL_HEADLINE}


def draft_survey(*, assessment: Assessment, dimension: Dimension, by: "User | None") -> Survey:
    """Build the questionnaire on one dimension, open from tomorrow for thirty days.

    The financial effect is asked in the questionnaire on the impact, where the same panel judges
    both: whichever of the two is named, one questionnaire asks them.
    """
    dimension = _leading(dimension)
    opens = (timezone.localtime() + timedelta(days=1)).replace(
        hour=9, minute=0, second=0, microsecond=0
    )
    is_asked_of_many = dimension.code == "stakeholder"
    plan = SurveyPlan(
        slug=new_slug(),
        headline=HEADLINES.get(dimension.code, HEADLINE),
        opens_at=opens,
        closes_at=opens + LASTS,
        keep_until=(opens + LASTS + KEPT).date(),
        mode=Mode.ANONYMOUS if is_asked_of_many else Mode.NAMED,
        languages=assessment.languages,
        **_words(assessment, dimension),
    )
    return ask(assessment=assessment, dimension=dimension.code, plan=plan, by=by)


def _leading(dimension: Dimension) -> Dimension:
    """Return the dimension that this one is rated with, where that is not asked about yet."""
    leaders = [code for code, also in RATED_WITH.items() if dimension.code in also]
    unasked = dimension.assessment.dimensions.unasked().filter(code__in=leaders)
    return unasked.first() or dimension


def _about(dimension: Dimension) -> str:
    """Name everything that the questionnaire asks about."""
    also = dimension.assessment.dimensions.filter(
        code__in=RATED_WITH.get(dimension.code, ()), weights__isnull=False
    )
    return " · ".join(in_language(row.name) for row in [dimension, *also.distinct()])


def _words(assessment: Assessment, dimension: Dimension) -> dict[str, Any]:
    words: dict[str, Any] = {"title": {}, "lead": {}, "after": {}}
    for code in assessment.languages:
        with translation.override(code):
            company = assessment.organisation.name.get(code, "")
            facts = {
                "company": company,
                "year": assessment.year,
                "about": _about(dimension),
            }
            words["title"][code] = _("%(year)s report · %(about)s") % facts
            lead = _(
                "%(company)s asks the people it affects which topics its report should address "
                "first. Tell us what you think."
            )
            # Without a name in this language the lead stays to be written, and is said to be.
            words["lead"][code] = lead % facts if company else ""
            words["after"][code] = _(
                "We add up the ratings and rank the topics\n"
                "Results and our response appear in the annual report"
            )
    return words
