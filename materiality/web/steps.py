"""The five steps of a round: what is true of each now, and which act is next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.actions.log import name_of
from materiality.errors import NoResultsYet
from materiality.inputs import Progress, require_scores
from materiality.models import Approval, Assessment, RoundContext, Verb, Verdict
from materiality.results import Results
from materiality.selectors.approvals import approvers
from materiality.selectors.context import missing_of
from materiality.selectors.register import Progress as Scoring
from materiality.selectors.register import progress_of as scoring_of
from materiality.selectors.register import scores_before_results
from materiality.templatetags.workspace import day, person
from surveys.fieldwork.progress import progress as counted
from surveys.languages import in_language
from surveys.mail.delivery import failures
from surveys.mail.recipients import recipients, writable
from surveys.models import Message, ReminderPlan, Survey
from surveys.models.organisations import MAY_EDIT

SOON = timedelta(days=10)


@dataclass(frozen=True)
class State:
    """What the overview knows of a round, and the page of one survey of that survey alone."""

    assessment: Assessment
    progress: Sequence[Progress]
    results: Results | None
    only: Survey | None = None
    waiting: int = 0
    """How many entries of the register whoever reads was asked to score and has not."""

    @cached_property
    def surveys(self) -> list[Survey]:
        return [self.only] if self.only else list(self.assessment.surveys.order_by("pk"))

    @cached_property
    def open_surveys(self) -> list[Survey]:
        return [survey for survey in self.surveys if survey.is_open()]

    @property
    def closes_at(self) -> object:
        return max((survey.closes_at for survey in self.surveys), default=None)

    @property
    def is_asked(self) -> bool:
        return any(survey.published_at for survey in self.surveys)

    @property
    def is_rounded(self) -> bool:
        """Whether counts are in steps of five, because an anonymous survey is still open."""
        return any(survey.is_anonymous for survey in self.open_surveys)

    @property
    def is_lower_bound(self) -> bool:
        """Whether the sum of the counts is the least there may be, not how many there are."""
        return self.is_rounded or any(row.is_hidden for row in self.progress)

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.progress)

    @property
    def invited(self) -> int:
        return sum(row.invited for row in self.progress)

    @cached_property
    def unanswered(self) -> int:
        """Return how many with a link of their own have not answered, or the most there may be."""
        own = {
            row.audience.pk: row.answered_invited
            for survey in self.open_surveys
            for row in counted(survey)
        }
        return sum(
            row.invited - (0 if row.is_hidden else own[audience])
            for row in self.progress
            if (audience := row.group.audience_id) in own
        )

    @property
    def refused_mails(self) -> tuple[Survey, int] | None:
        """Return the first open survey with mails that were refused, and how many those are."""
        for survey in self.open_surveys:
            if count := failures(survey).filter(state=Message.State.FAILED).count():
                return survey, count
        return None

    @property
    def without_people(self) -> Survey | None:
        """Return the first open survey that nobody can answer: no list, no open link."""
        known = [row.group.audience for row in self.progress if row.invited or row.answered]
        reached = {audience.survey_id for audience in known if audience}
        for survey in self.open_surveys:
            if survey.pk not in reached and not survey.audiences.filter(open_link=True).exists():
                return survey
        return None

    @property
    def unwritten(self) -> tuple[Survey, int] | None:
        """Return the first open survey with people who wait for their invitation, and how many."""
        for survey in self.open_surveys:
            people = recipients(survey, Message.Kind.INVITATION)
            if count := writable(people, survey.organisation).count():
                return survey, count
        return None

    @property
    def held_plan(self) -> ReminderPlan | None:
        """Return a planned reminder of an open survey that did not go out, if there is one."""
        plans = ReminderPlan.objects.filter(survey__in=self.open_surveys, held=True)
        return plans.select_related("survey").order_by("at").first()

    @property
    def small_groups(self) -> list[Progress]:
        return [row for row in self.progress if row.few]

    @property
    def days_left(self) -> int:
        ends = [survey.closes_at for survey in self.open_surveys]
        return max((min(ends) - timezone.now()).days, 0) if ends else 0

    @cached_property
    def is_alone(self) -> bool:
        """Whether experts alone score, and nobody is asked."""
        return self.assessment.is_without_survey

    @cached_property
    def scoring(self) -> list[Scoring]:
        """How far each expert is who scores entries of the register."""
        return scoring_of(self.assessment)

    @cached_property
    def lack_of_scores(self) -> str:
        """Say what of the register is still to be scored by experts alone; "" for nothing."""
        try:
            require_scores(self.assessment)
        except NoResultsYet as reason:
            return str(reason)
        return ""

    @cached_property
    def waits_for_reader(self) -> bool:
        """Whether the answers are in, and whoever reads sees no results before they have scored."""
        if self.results is not None or self.open_surveys or not self.is_asked:
            return False
        return scores_before_results(self.assessment) > 0

    @property
    def waits_for_expert(self) -> bool:
        """Whether whoever reads is here to score, and has not scored everything."""
        return bool(self.waiting) and not _edits(self.assessment)

    @property
    def has_scored(self) -> bool:
        """Whether whoever reads is here to score, and has scored everything."""
        reader = getattr(self.assessment, "reader", None)
        if self.waiting or _edits(self.assessment):
            return False
        return any(row.expert.pk == reader for row in self.scoring)

    @cached_property
    def entry_count(self) -> int:
        """How many entries of the register are open."""
        return self.assessment.iros.open().count()

    @cached_property
    def topic_count(self) -> int:
        return self.assessment.topics.short_list().count()

    @cached_property
    def standards(self) -> int:
        lists = self.assessment.topics.short_list().values_list("references", flat=True)
        return len({row[0] for references in lists for row in references})

    @cached_property
    def verdict(self) -> Approval | None:
        """The last verdict, if it is about the results as they are."""
        last: Approval | None = self.assessment.approvals.select_related("by").last()
        digest = self.results.digest if self.results else ""
        return last if last and last.digest == digest else None

    @cached_property
    def approvers_asked(self) -> list[User]:
        """Who was asked to approve the results as they are, and still may."""
        requests = self.assessment.events.filter(verb=Verb.ASK_APPROVAL)
        digest = self.results.digest if self.results else ""
        names = {row.subject for row in requests if row.after.get("digest") == digest}
        if not names:
            return []
        return [one for one in approvers(self.assessment) if name_of(one) in names]

    @property
    def may_approve(self) -> bool:
        """Whether whoever reads is one of those who were asked to approve."""
        reader = getattr(self.assessment, "reader", None)
        return any(one.pk == reader for one in self.approvers_asked)

    @property
    def without_tier(self) -> int:
        """How many topics are in no tier yet."""
        return sum(topic.tier is None for topic in self.results.topics) if self.results else 0

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to decide, to explain or to approve before the lock."""
        if self.missing or self.without_tier:
            return False
        is_approved = bool(self.verdict and self.verdict.verdict == Verdict.APPROVED)
        return is_approved or not self.assessment.four_eyes

    @property
    def missing(self) -> int:
        return len(self.results.open_questions) if self.results else 0


@dataclass(frozen=True)
class Line:
    """A part of a step that has a page of its own, and what is true of it."""

    name: str
    url: str
    fact: str


@dataclass(frozen=True)
class Step:
    """One step: a sentence of facts, and one status. `state` is done, now or later."""

    number: int
    title: str
    url: str
    fact: str
    status: str
    state: str
    lines: Sequence[Line] = ()


@dataclass(frozen=True)
class Action:
    """The most urgent thing to do."""

    headline: str
    text: str = ""
    label: str = ""
    url: str = ""
    urgent: bool = field(default=False)


def _edits(assessment: Any) -> bool:
    """Tell whether whoever reads runs the round: their turn is not to score alone.

    :param assessment: with the person's `role` in it.
    """
    return assessment.role in MAY_EDIT


def state_of(assessment: Assessment, *, is_scored: bool) -> str:
    """Return in one word how far a round is, for the list of rounds.

    :param is_scored: whether experts who judge alone have scored everything.
    """
    if assessment.is_locked:
        return _("Locked")
    if assessment.is_without_survey:
        return _("Score and decide") if is_scored else _("Experts score")
    surveys = list(assessment.surveys.all())
    if surveys and all(survey.is_sealed for survey in surveys):
        return _("Score and decide")
    if any(survey.published_at for survey in surveys):
        return _("Asking")
    return _("Preparing")


def brief(
    assessment: Assessment,
    *,
    has_topics: bool,
    has_groups: bool,
    is_scored: bool,
    is_awaited: bool = False,
) -> tuple[Action, object]:
    """Return what a round waits for, and until when: of its rows alone, nothing is computed.

    :param is_scored: whether experts who judge alone have scored everything.
    :param is_awaited: whether entries wait for the scores of whoever reads.
    """
    surveys = list(assessment.surveys.all())
    open_until = [survey.closes_at for survey in surveys if survey.is_open()]
    if assessment.is_locked:
        page, label = "export", _("Export")
    elif is_awaited and not _edits(assessment):
        page, label = "register_assess", _("My entries to score")
    elif not has_topics:
        page, label = "topics", _("Choose topics")
    elif assessment.is_without_survey and is_scored:
        page, label = "results", _("Score and decide")
    elif assessment.is_without_survey:
        page, label = "register_experts", _("Experts who score")
    elif not has_groups:
        page, label = "stakeholders", _("Choose groups")
    else:
        page, label = _page_of(surveys)
    url = reverse(f"materiality:{page}", args=[assessment.pk])
    return Action("", "", label, url), min(open_until, default=None)


def _page_of(surveys: Sequence[Survey]) -> tuple[str, str]:
    if not any(survey.published_at for survey in surveys):
        return "ask", _("Publish the questionnaire")
    if any(survey.state == "over" for survey in surveys):
        return "ask", _("Close and seal")
    if not all(survey.is_sealed for survey in surveys):
        return "ask", _("Collect answers")
    return "results", _("Score and decide")


def steps(state: State) -> list[Step]:
    pages = (
        ("topics", _("Identify"), _identify(state)),
        ("register_experts" if state.is_alone else "ask", _("Ask"), _ask(state)),
        ("results", _("Score"), _score(state)),
        ("changes", _("Decide"), _decide(state)),
        ("export", _("Report"), _report(state)),
    )
    rows = []
    for number, (page, title, about) in enumerate(pages, start=1):
        lines = identified(state) if page == "topics" else []
        rows.append(Step(number, title, _url(state, page), *about, lines=lines))
    return rows


def identified(state: State) -> list[Line]:
    """Return context, sources and register: what is there, and what is missing.

    A classic round needs none of them, so each is named where there is something of it.
    """
    assessment = state.assessment
    is_double = assessment.is_double
    lines = []
    if is_double or RoundContext.objects.filter(assessment=assessment).exists():
        lines.append(Line(_("Context"), _url(state, "context"), _context(state)))
    sources = assessment.source_records.count()
    if is_double or sources:
        fact = ngettext("%(count)d source.", "%(count)d sources.", sources) % {"count": sources}
        fact = fact if sources else _("No source yet.")
        lines.append(Line(_("Sources"), _url(state, "sources"), fact))
    if is_double or state.entry_count:
        count = {"count": state.entry_count}
        fact = ngettext("%(count)d open entry.", "%(count)d open entries.", state.entry_count)
        fact = fact % count if state.entry_count else _("No open entry.")
        lines.append(Line(_("Register"), _url(state, "register"), fact))
    return lines


def _context(state: State) -> str:
    missing = len(missing_of(state.assessment))
    if not missing:
        return _("Nothing that the standards ask for is missing.")
    return ngettext(
        "%(count)d thing that standards ask for is missing.",
        "%(count)d things that standards ask for are missing.",
        missing,
    ) % {"count": missing}


def _url(state: State, page: str) -> str:
    return reverse(f"materiality:{page}", args=[state.assessment.pk])


def _identify(state: State) -> tuple[str, str, str]:
    if not state.topic_count:
        return _("Add topics from a standard, or start from last year."), _("In progress"), "now"
    fact = ngettext(
        "%(topics)d topics, with references to %(count)d standard.",
        "%(topics)d topics, with references to %(count)d standards.",
        state.standards,
    ) % {"topics": state.topic_count, "count": state.standards}
    is_done = state.is_asked or (state.is_alone and state.results is not None)
    return (fact, *((_("Done"), "done") if is_done else (_("In progress"), "now")))


def _ask(state: State) -> tuple[str, str, str]:
    if state.is_alone:
        return _score_register(state)
    if not state.is_asked:
        return _("The questionnaire is not published yet."), _("Not started"), "later"
    known = {"count": state.answered, "day": day(state.closes_at)}  # type: ignore[arg-type]
    if state.open_surveys:
        if not state.is_lower_bound:
            fact = _("Survey open until %(day)s. %(count)d responses so far.")
        elif state.answered:
            fact = _("Survey open until %(day)s. At least %(count)d responses so far.")
        else:
            fact = _("Survey open until %(day)s. Few responses so far, if any.")
        return fact % known, _("In progress"), "now"
    fact = (
        _("Closed on %(day)s with at least %(count)d responses.")
        if state.is_lower_bound
        else _("Closed on %(day)s with %(count)d responses.")
    )
    return fact % known, _("Done"), "done"


def _score_register(state: State) -> tuple[str, str, str]:
    """Say how far experts are, where they alone score."""
    assigned = sum(row.assigned for row in state.scoring)
    if not assigned:
        fact = _("Experts score the register. Nobody has been asked to score yet.")
        return fact, _("Not started"), "later"
    fact = _("No survey is published: experts have given %(scored)d of %(asked)d scores.")
    counts = {"scored": sum(row.scored for row in state.scoring), "asked": assigned}
    if state.results is None:
        return fact % counts, _("In progress"), "now"
    return fact % counts, _("Done"), "done"


def _score(state: State) -> tuple[str, str, str]:
    if state.results is None and state.is_alone:
        fact = _("Results appear once everybody who was asked has scored.")
        return fact, _("Not started"), "later"
    if state.waits_for_reader:
        fact = _("Results appear to you once you have scored your entries of the register.")
        return fact, _("Not started"), "later"
    if state.results is None:
        return _("Results appear when the survey closes."), _("Not started"), "later"
    fact = _("%(count)d topics scored on both axes.") % {"count": len(state.results.topics)}
    if state.is_alone:
        placed = sum(topic.tier is not None for topic in state.results.topics)
        fact = _("%(placed)d of %(count)d topics have a tier.") % {
            "placed": placed,
            "count": len(state.results.topics),
        }
    return (fact, *((_("Done"), "done") if state.results.is_locked else (_("In progress"), "now")))


def _decide(state: State) -> tuple[str, str, str]:
    if state.topic_count:
        fact = ngettext(
            "Confirm the tier of %(count)d topic and record reasons for changes.",
            "Confirm tiers for %(count)d topics and record reasons for changes.",
            state.topic_count,
        ) % {"count": state.topic_count}
    else:
        fact = _("Confirm the tiers and record reasons for changes.")
    if state.results is None:
        return fact, _("Not started"), "later"
    if state.results.is_locked:
        return fact, _("Done"), "done"
    if state.missing:
        return fact, _("%(count)d missing") % {"count": state.missing}, "now"
    return fact, _("Ready to lock") if state.is_ready else _("In progress"), "now"


def _report(state: State) -> tuple[str, str, str]:
    fact = _("Export the matrix, topic list, change table and engagement table.")
    if state.results is None:
        return fact, _("Not started"), "later"
    if state.results.is_locked:
        return fact, _("Ready"), "done"
    return fact, _("Draft"), "later"


def next_action(state: State) -> Action:
    """Return the one act that matters most now."""
    if state.assessment.is_locked:
        return _lock_action(state)
    if state.waits_for_expert:
        return _own_sheet(state)
    if not state.topic_count:
        headline = _("Choose the topics to ask about.")
        return Action(headline, "", _("Choose topics"), _url(state, "topics"))
    if state.is_alone and state.results is None:
        return _scoring(state)
    if not state.is_alone and state.assessment.dimensions.silent().exists():
        return _choosing_groups(state)
    if not state.is_alone and not state.is_asked:
        headline = _("Publish the questionnaire when the topics stand.")
        return Action(headline, "", _("Open “Ask”"), _url(state, "ask"))
    if state.results is None:
        return _collecting(state)
    if state.missing:
        headline = ngettext(
            "%(count)d entry of the change table needs a reason.",
            "%(count)d entries of the change table need a reason.",
            state.missing,
        ) % {"count": state.missing}
        return Action(headline, "", _("Write reasons"), _url(state, "changes"), urgent=True)
    return _deciding(state)


def _own_sheet(state: State) -> Action:
    """Lead an expert to what waits for them: of everything else others take care."""
    if state.results is None and (state.is_alone or state.waits_for_reader):
        headline = _("Score your entries of the register. Results appear to you after that.")
    else:
        headline = _("Score your entries of the register.")
    text = ngettext(
        "%(count)s entry of the register waits for your score.",
        "%(count)s entries of the register wait for your score.",
        state.waiting,
    ) % {"count": state.waiting}
    url = _url(state, "register_assess")
    return Action(headline, text, _("My entries to score"), url, urgent=True)


def _scoring(state: State) -> Action:
    """Return what experts wait for, where they alone score."""
    if state.has_scored:
        headline = _("You have scored all your entries. Others are not done yet.")
        return Action(headline, "", _("My entries"), _url(state, "register_assess"))
    if not state.entry_count:
        headline = _("Write the register: impacts, risks and opportunities under the topics.")
        return Action(headline, "", _("Open the register"), _url(state, "register"))
    headline = _("Let experts score every entry of the register.")
    url = _url(state, "register_experts")
    return Action(headline, state.lack_of_scores, _("Experts who score"), url)


def _choosing_groups(state: State) -> Action:
    headline = _("Choose the groups to ask and the panel that judges the impact.")
    text = ""
    if state.assessment.is_double:
        text = _(
            "No survey is to be held? Let the axes rest on “The register alone”, on the page “How "
            "topics are judged”: then experts score impacts, risks and opportunities."
        )
    return Action(headline, text, _("Choose groups"), _url(state, "stakeholders"))


def _deciding(state: State) -> Action:
    """Say whose turn it is between the first look at the results and the lock."""
    verdict = state.verdict
    if verdict and verdict.verdict == Verdict.CHANGES_REQUESTED:
        headline = _("%(name)s asked for changes.") % {"name": person(verdict.by)}
        comment = in_language(verdict.comments) or verdict.comment
        return Action(headline, comment, _("Look"), _url(state, "lock"), urgent=True)
    if verdict:
        headline = _("%(name)s approved the results.")
        if state.is_ready:
            headline = _("%(name)s approved the results: they can be locked.")
        values = {"name": person(verdict.by)}
        text = _in_no_tier(state)
        return Action(headline % values, text, _("Approve and lock"), _url(state, "lock"))
    if state.assessment.four_eyes and state.approvers_asked:
        return _approving(state)
    if state.assessment.four_eyes:
        headline = _("The results are ready: decide the tiers.")
        text = _("Then a second person approves them, and the round is locked.")
    else:
        headline, text = _("The results are ready: decide the tiers, then lock."), ""
    return Action(headline, text, _("Score and decide"), _url(state, "results"))


def _approving(state: State) -> Action:
    """Say who is to approve, to that person and to the others."""
    text = _in_no_tier(state)
    if state.may_approve:
        headline = _("You were asked to approve the results.")
        return Action(headline, text, _("Look and approve"), _url(state, "lock"), urgent=True)
    headline = _("The results wait for approval by %(names)s.")
    values = {"names": _(", ").join(person(one) for one in state.approvers_asked)}
    return Action(headline % values, text, _("Look"), _url(state, "lock"))


def _in_no_tier(state: State) -> str:
    if not state.without_tier:
        return ""
    return ngettext(
        "%(count)d topic is in no tier.", "%(count)d topics are in no tier.", state.without_tier
    ) % {"count": state.without_tier}


def _lock_action(state: State) -> Action:
    snapshot = state.assessment.snapshot
    name = snapshot.locked_by.get_full_name() if snapshot.locked_by else ""
    headline = _("Locked on %(day)s.") % {"day": day(timezone.localtime(snapshot.locked_at))}
    sentence = _("Locked by %(name)s. Every figure now comes from the locked record.") % {
        "name": name
    }
    return Action(headline, sentence if name else "", _("Export"), _url(state, "export"))


def _collecting(state: State) -> Action:
    if not state.open_surveys:
        headline = _("The survey is over. Close it to see the results.")
        return Action(headline, "", _("Open “Ask”"), _url(state, "ask"), urgent=True)
    if failed := state.refused_mails:
        survey, count = failed
        headline = ngettext(
            "%(count)d mail could not be delivered.",
            "%(count)d mails could not be delivered.",
            count,
        ) % {"count": count}
        return Action(headline, "", _("See the mails"), _tab(state, "mail", survey), urgent=True)
    if plan := state.held_plan:
        headline = _("The reminder planned for %(day)s was held and has not gone out.")
        values = {"day": day(timezone.localtime(plan.at))}
        url = _tab(state, "mail", plan.survey)
        return Action(headline % values, "", _("See why"), url, urgent=True)
    if begun := _inviting(state):
        return begun
    headline = _time_left(state) % {"count": state.days_left, "people": state.unanswered}
    names = _(", ").join(str(row.group) for row in state.small_groups)
    least = state.assessment.minimum_group
    text = _("Under %(count)d responses, so pooled with another group: %(names)s.") % {
        "names": names,
        "count": least,
    }
    soon = state.days_left <= SOON.days
    label, tab = (
        (_("Remind"), "mail") if state.unanswered else (_("See responses"), "survey_progress")
    )
    url = _tab(state, tab, state.open_surveys[0])
    return Action(headline, text if names else "", label, url, soon)


def _inviting(state: State) -> Action | None:
    """Return what is left to do before anybody can answer."""
    if survey := state.without_people:
        headline = _("The questionnaire is open, and nobody is invited to it yet.")
        return Action(headline, "", _("Invite people"), _tab(state, "invitations", survey))
    if waiting := state.unwritten:
        survey, count = waiting
        headline = ngettext(
            "%(count)d person waits for the invitation.",
            "%(count)d people wait for the invitation.",
            count,
        ) % {"count": count}
        return Action(headline, "", _("Send the invitations"), _tab(state, "mail", survey))
    return None


def _time_left(state: State) -> str:
    """Return the sentence on who has not answered; at most so many, where counts are rounded."""
    if state.is_lower_bound:
        return ngettext(
            "%(count)d day left, at most %(people)d people have not answered.",
            "%(count)d days left, at most %(people)d people have not answered.",
            state.days_left,
        )
    return ngettext(
        "%(count)d day left, %(people)d people have not answered.",
        "%(count)d days left, %(people)d people have not answered.",
        state.days_left,
    )


def _tab(state: State, name: str, survey: Survey) -> str:
    return reverse(f"materiality:{name}", args=[state.assessment.pk, survey.pk])
