"""Ask: groups, questionnaire, invitations, mail, answers, quality."""
