"""Rendering a reply's blocks as plain text, and cutting it to a platform's message length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from skinfo.replies.model import (
    Block,
    Disclaimer,
    Escalation,
    Heading,
    Listing,
    Note,
    Paragraph,
    SignpostBlock,
    Sources,
    Support,
    Table,
)

_SIGN = {"emergency": "🚨", "same_day": "⚠️", "see_doctor": "ℹ️"}


def plain_text(blocks: Iterable[Block]) -> str:
    """The blocks as plain text, a blank line between them; a table becomes lines."""
    return "\n\n".join(filter(None, (_block_text(block) for block in blocks)))


def _block_text(block: Block) -> str:
    if isinstance(block, Escalation):
        return f"{_SIGN.get(block.urgency.value, '')} {block.title}\n{block.text}".strip()
    if isinstance(block, Support):
        return f"{block.title}\n{block.text}"
    if isinstance(block, Listing):
        return "\n".join(f"• {item}" for item in block.items)
    if isinstance(block, Table):
        return _table_text(block)
    if isinstance(block, SignpostBlock):
        return f"{block.text}\n{block.url}" if block.url else block.text
    if isinstance(block, Sources):
        lines = [
            f"• {source.organisation}: {source.title}" + (f" {source.url}" if source.url else "")
            for source in block.items
        ]
        return "Sources:\n" + "\n".join(lines)
    assert isinstance(block, (Heading, Paragraph, Note, Disclaimer))
    return block.text


def _table_text(table: Table) -> str:
    parts = [table.caption + ":"]
    for index, column in enumerate(table.columns):
        lines = [f"{row.header}: {row.cells[index]}" for row in table.rows]
        parts.append("\n".join([column, *(f"• {line}" for line in lines)]))
    return "\n\n".join(parts)


def messages_for_platform(text: str, disclaimer: str, limit: int) -> list[str]:
    """Cut a reply into messages a platform accepts; the disclaimer is never alone in one.

    Args:
        text: a reply's whole text, disclaimer last.
        disclaimer: its last words.
        limit: characters a message may have.

    Returns:
        Messages in order, each at most `limit` characters, cut between paragraphs where possible.
    """
    if len(text) <= limit:
        return [text]
    body = text.rstrip().removesuffix(disclaimer).rstrip()
    room_for_last = limit - len(disclaimer) - 2
    if room_for_last < 1:
        return _packed(_pieces(text, limit), limit)
    messages = _packed(_pieces(body, room_for_last), limit)
    last = messages.pop()
    if len(last) > room_for_last:
        pieces = _packed(_pieces(last, room_for_last), room_for_last)
        messages.extend(pieces[:-1])
        last = pieces[-1]
    return [*messages, f"{last}\n\n{disclaimer}"]


def _pieces(text: str, limit: int) -> list[str]:
    pieces: list[str] = []
    for paragraph in text.split("\n\n"):
        while len(paragraph) > limit:
            cut = max(paragraph.rfind(mark, 0, limit) for mark in ("\n", ". ", " "))
            cut = cut + 1 if cut > 0 else limit
            pieces.append(paragraph[:cut].rstrip())
            paragraph = paragraph[cut:].lstrip()
        if paragraph:
            pieces.append(paragraph)
    return pieces


def _packed(pieces: Sequence[str], limit: int) -> list[str]:
    messages: list[str] = []
    for piece in pieces:
        if messages and len(messages[-1]) + 2 + len(piece) <= limit:
            messages[-1] += "\n\n" + piece
        else:
            messages.append(piece)
    return messages
