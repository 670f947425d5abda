"""Replies: built as data in one place, rendered in another, disclaimer last on every one."""

from skinfo.replies.composing import GOT_HELP_PAYLOAD, Composer, Draft
from skinfo.replies.model import (
    Answered,
    Block,
    CitedSource,
    Disclaimer,
    Escalation,
    Heading,
    Intent,
    Listing,
    Note,
    Paragraph,
    Phone,
    RaisedFlag,
    Reply,
    Row,
    SignpostBlock,
    Sources,
    Suggestion,
    Support,
    Table,
    is_complete_turn,
)
from skinfo.replies.rendering import messages_for_platform, plain_text
from skinfo.replies.schema import turn_schema
from skinfo.replies.wording import Helpline, Phrasebook

__all__ = [
    "GOT_HELP_PAYLOAD",
    "Answered",
    "Block",
    "CitedSource",
    "Composer",
    "Disclaimer",
    "Draft",
    "Escalation",
    "Heading",
    "Helpline",
    "Intent",
    "Listing",
    "Note",
    "Paragraph",
    "Phone",
    "Phrasebook",
    "RaisedFlag",
    "Reply",
    "Row",
    "SignpostBlock",
    "Sources",
    "Suggestion",
    "Support",
    "Table",
    "is_complete_turn",
    "messages_for_platform",
    "plain_text",
    "turn_schema",
]
