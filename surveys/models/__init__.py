from surveys.models.answers import Comment, Intake, Receipt, SealedAnswers
from surveys.models.invitations import Invitation, token_hash
from surveys.models.organisations import Membership, Organisation, Role
from surveys.models.surveys import Audience, Mode, Prompt, Question, Survey

__all__ = [
    "Audience",
    "Comment",
    "Intake",
    "Invitation",
    "Membership",
    "Mode",
    "Organisation",
    "Prompt",
    "Question",
    "Receipt",
    "Role",
    "SealedAnswers",
    "Survey",
    "token_hash",
]
