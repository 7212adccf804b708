"""What mail services post, whole: rebuilt after the examples of their documentation, not recorded.

The address is ours. Postmark: postmarkapp.com/developer/webhooks. SendGrid: twilio.com/docs/
sendgrid/for-developers/tracking-events/event. Mailgun: documentation.mailgun.com, user manual,
webhooks. Amazon SES: docs.aws.amazon.com/ses/latest/dg/notification-examples.html, as SNS posts it.
"""

import json
from typing import Any

WHO = "li@example.com"

# ---- Postmark ----

POSTMARK = {
    "RecordType": "Bounce",
    "MessageStream": "outbound",
    "ID": 4323372036854775807,
    "Type": "HardBounce",
    "TypeCode": 1,
    "Name": "Hard bounce",
    "Tag": "Test",
    "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    "Metadata": {"a_key": "a_value", "b_key": "b_value"},
    "ServerID": 23,
    "Description": "The server was unable to deliver your message.",
    "Details": "Test bounce details",
    "Email": WHO,
    "From": "sender@example.com",
    "BouncedAt": "2019-11-05T16:33:54.9070259Z",
    "DumpAvailable": True,
    "Inactive": True,
    "CanActivate": True,
    "Subject": "Test subject",
    "Content": "<Full dump of bounce>",
}
SUBSCRIPTION = {
    "RecordType": "SubscriptionChange",
    "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    "ServerID": 123456,
    "MessageStream": "outbound",
    "ChangedAt": "2020-02-01T10:53:34.416071Z",
    "Recipient": WHO,
    "Origin": "Recipient",
    "SuppressSending": True,
    "SuppressionReason": "ManualSuppression",
    "Tag": "my-tag",
    "Metadata": {"example": "value"},
}
DELIVERY = {
    "RecordType": "Delivery",
    "ServerID": 23,
    "MessageStream": "outbound",
    "MessageID": "00000000-0000-0000-0000-000000000000",
    "Recipient": WHO,
    "Tag": "welcome-email",
    "DeliveredAt": "2026-11-22T10:04:36Z",
    "Details": "Test delivery webhook details",
    "Metadata": {"example": "value"},
}


# ---- SendGrid ----


def sendgrid(event: str, **more: Any) -> list[dict[str, Any]]:
    return [
        {
            "email": WHO,
            "timestamp": 1669651200,
            "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
            "event": event,
            "category": ["cat facts"],
            "sg_event_id": "sg_event_id",
            "sg_message_id": "sg_message_id",
        }
        | more
    ]


# ---- Mailgun ----


def mailgun(event: str, **more: Any) -> dict[str, Any]:
    values = {
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "timestamp": 1521233195.375624,
        "log-level": "error",
        "event": event,
        "recipient": WHO,
        "recipient-domain": "example.com",
        "tags": ["my_tag_1"],
        "campaigns": [],
        "user-variables": {"my_var_1": "Mailgun Variable #1"},
        "flags": {"is-routed": False, "is-authenticated": True, "is-test-mode": False},
        "message": {
            "headers": {"to": WHO, "message-id": "20130503192659.13651.20287@mg.example.com"},
            "attachments": [],
            "size": 111,
        },
    }
    signature = {
        "timestamp": "1529006854",
        "token": "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0",
        "signature": "d2271d12299f6592d9d44cd9d250f0704e4674c30d79d07c47a66f95ce71cf55",
    }
    return {"signature": signature, "event-data": values | more}


REFUSED = {
    "attempt-no": 1,
    "message": "",
    "code": 605,
    "description": "Not delivering to previously bounced address",
    "session-seconds": 0,
}

# ---- Amazon SES ----

MAIL = {
    "timestamp": "2016-01-27T14:59:38.237Z",
    "source": "john@example.com",
    "sourceArn": "arn:aws:ses:us-east-1:888888888888:identity/example.com",
    "sourceIp": "127.0.3.0",
    "sendingAccountId": "123456789012",
    "messageId": "00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa0680-000000",
    "destination": [WHO, "mary@example.com"],
}


def ses(notice: str, **more: Any) -> dict[str, Any]:
    values = {"notificationType": notice, "mail": MAIL} | more
    return {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": "arn:aws:sns:us-west-2:123456789012:MyTopic",
        "Subject": "Amazon SES Email Event Notification",
        "Message": json.dumps(values) + "\n",
        "Timestamp": "2012-05-02T00:54:06.655Z",
        "SignatureVersion": "1",
        "Signature": "EXAMPLEw6JRN...",
        "SigningCertURL": "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3.pem",
        "UnsubscribeURL": "https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe",
    }


def ses_bounce(kind: str, detail: str) -> dict[str, Any]:
    recipient = {
        "emailAddress": WHO,
        "status": "5.1.1",
        "action": "failed",
        "diagnosticCode": "smtp; 550 5.1.1 ... User unknown",
    }
    bounce = {
        "bounceType": kind,
        "bounceSubType": detail,
        "reportingMTA": "dns; email.example.com",
        "bouncedRecipients": [recipient],
        "timestamp": "2016-01-27T14:59:38.237Z",
        "feedbackId": "00000138111222aa-44455566-cccc-cccc-cccc-ddddaaaa068a-000000",
        "remoteMtaIp": "127.0.2.0",
    }
    return ses("Bounce", bounce=bounce)


SES_COMPLAINT = {
    "userAgent": "AnyCompany Feedback Loop (V0.01)",
    "complainedRecipients": [{"emailAddress": WHO}],
    "complaintFeedbackType": "abuse",
    "arrivalDate": "2016-01-27T14:59:38.237Z",
    "timestamp": "2016-01-27T14:59:38.237Z",
    "feedbackId": "000001378603177f-18c07c78-fa81-4a58-9dd1-fedc3cb8f49a-000000",
}
SUBSCRIBED = {
    "Type": "SubscriptionConfirmation",
    "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
    "Token": "2336412f37...",
    "TopicArn": "arn:aws:sns:us-west-2:123456789012:MyTopic",
    "Message": "You have chosen to subscribe to the topic.",
    "SubscribeURL": "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription",
    "Timestamp": "2012-04-26T20:45:04.751Z",
    "SignatureVersion": "1",
    "Signature": "EXAMPLEpH+...",
    "SigningCertURL": "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3.pem",
}

# service, what it posts, what becomes of the person
NOTICES = {
    "postmark hard": ("postmark", POSTMARK, "bounced"),
    "postmark bad address": (
        "postmark",
        POSTMARK | {"Type": "BadEmailAddress", "TypeCode": 100000},
        "bounced",
    ),
    "postmark soft": ("postmark", POSTMARK | {"Type": "SoftBounce", "TypeCode": 4096}, "open"),
    "postmark complaint": (
        "postmark",
        POSTMARK | {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512},
        "opted_out",
    ),
    "postmark unsubscribed": ("postmark", SUBSCRIPTION, "opted_out"),
    "postmark suppressed": (
        "postmark",
        SUBSCRIPTION | {"SuppressionReason": "HardBounce"},
        "bounced",
    ),
    "postmark subscribed again": (
        "postmark",
        SUBSCRIPTION | {"SuppressSending": False, "SuppressionReason": None},
        "open",
    ),
    "postmark delivered": ("postmark", DELIVERY, "open"),
    "sendgrid hard": (
        "sendgrid",
        sendgrid("bounce", type="bounce", reason="500 unknown recipient", status="5.0.0"),
        "bounced",
    ),
    "sendgrid blocked": (
        "sendgrid",
        sendgrid("bounce", type="blocked", reason="550 5.7.1 IP listed", status="5.7.1"),
        "open",
    ),
    "sendgrid dropped": (
        "sendgrid",
        sendgrid("dropped", reason="Bounced Address", status="5.0.0"),
        "bounced",
    ),
    "sendgrid dropped who left": (
        "sendgrid",
        sendgrid("dropped", reason="Unsubscribed Address"),
        "opted_out",
    ),
    "sendgrid deferred": (
        "sendgrid",
        sendgrid("deferred", response="400 try again later", attempt="5"),
        "open",
    ),
    "sendgrid complaint": ("sendgrid", sendgrid("spamreport"), "opted_out"),
    "sendgrid unsubscribed": ("sendgrid", sendgrid("unsubscribe"), "opted_out"),
    "sendgrid left a group": (
        "sendgrid",
        sendgrid("group_unsubscribe", ip="255.255.255.255", asm_group_id=10),
        "opted_out",
    ),
    "mailgun hard": (
        "mailgun",
        mailgun(
            "failed", severity="permanent", reason="bounce", **{"delivery-status": {"code": 550}}
        ),
        "bounced",
    ),
    "mailgun suppressed": (
        "mailgun",
        mailgun(
            "failed",
            severity="permanent",
            reason="suppress-bounce",
            **{"delivery-status": REFUSED},
        ),
        "bounced",
    ),
    "mailgun suppressed who left": (
        "mailgun",
        mailgun("failed", severity="permanent", reason="suppress-unsubscribe"),
        "opted_out",
    ),
    "mailgun soft": (
        "mailgun",
        mailgun("failed", severity="temporary", reason="generic", **{"log-level": "warn"}),
        "open",
    ),
    "mailgun complaint": ("mailgun", mailgun("complained"), "opted_out"),
    "mailgun unsubscribed": ("mailgun", mailgun("unsubscribed"), "opted_out"),
    "mailgun delivered": ("mailgun", mailgun("delivered"), "open"),
    "ses hard": ("ses", ses_bounce("Permanent", "General"), "bounced"),
    "ses soft": ("ses", ses_bounce("Transient", "MailboxFull"), "open"),
    "ses complaint": ("ses", ses("Complaint", complaint=SES_COMPLAINT), "opted_out"),
    "ses delivered": ("ses", ses("Delivery", delivery={"recipients": [WHO]}), "open"),
    "ses asks to confirm": ("ses", SUBSCRIBED, "open"),
}
