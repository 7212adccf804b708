from surveys.models.answers import ANSWERED, Comment, Intake, Receipt, SealedAnswers, receipt_hash
from surveys.models.exclusions import Criterion, Exclusion
from surveys.models.feedback import FeedbackRequest
from surveys.models.imports import AnswerTable, StagedAnswer
from surveys.models.invitations import Invitation, token_hash
from surveys.models.lists import PeopleList
from surveys.models.messages import MailText, Message, ReminderPlan
from surveys.models.organisations import Membership, Offer, Organisation, Role
from surveys.models.surveys import (
    BLANK,
    CANNOT_JUDGE,
    COUNTING_STEP,
    FEWEST_POINTS,
    FEWEST_TO_COMPARE,
    KINDS,
    MOST_POINTS,
    NOT_ASKED,
    USUAL_POINTS,
    Audience,
    Mode,
    Prompt,
    Question,
    Survey,
    new_slug,
)
from surveys.models.versions import PROMPT_TEXTS, QUESTION_TEXTS, QuestionnaireVersion

__all__ = [
    "ANSWERED",
    "BLANK",
    "CANNOT_JUDGE",
    "COUNTING_STEP",
    "FEWEST_POINTS",
    "FEWEST_TO_COMPARE",
    "KINDS",
    "MOST_POINTS",
    "NOT_ASKED",
    "PROMPT_TEXTS",
    "QUESTION_TEXTS",
    "USUAL_POINTS",
    "AnswerTable",
    "Audience",
    "Comment",
    "Criterion",
    "Exclusion",
    "FeedbackRequest",
    "Intake",
    "Invitation",
    "MailText",
    "Membership",
    "Message",
    "Mode",
    "Offer",
    "Organisation",
    "PeopleList",
    "Prompt",
    "Question",
    "QuestionnaireVersion",
    "Receipt",
    "ReminderPlan",
    "Role",
    "SealedAnswers",
    "StagedAnswer",
    "Survey",
    "new_slug",
    "receipt_hash",
    "token_hash",
]
