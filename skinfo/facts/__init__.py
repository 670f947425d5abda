"""What the bot knows: conditions, facts, sources, popular claims, and pages to point to."""

from skinfo.facts.models import (
    Comparison,
    Condition,
    ConditionId,
    Context,
    Fact,
    FactId,
    Grade,
    PopularClaim,
    Review,
    Source,
    SourceId,
    Status,
    Subtype,
    Topic,
    Urgency,
)
from skinfo.facts.store import ArticleSource, FactStore, SharedName, Signpost

__all__ = [
    "ArticleSource",
    "Comparison",
    "Condition",
    "ConditionId",
    "Context",
    "Fact",
    "FactId",
    "FactStore",
    "Grade",
    "PopularClaim",
    "Review",
    "SharedName",
    "Signpost",
    "Source",
    "SourceId",
    "Status",
    "Subtype",
    "Topic",
    "Urgency",
]
