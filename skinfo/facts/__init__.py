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
from skinfo.facts.store import ArticleSource, Description, FactStore, Remedy, SharedName, Signpost

__all__ = [
    "ArticleSource",
    "Comparison",
    "Condition",
    "ConditionId",
    "Context",
    "Description",
    "Fact",
    "FactId",
    "FactStore",
    "Grade",
    "PopularClaim",
    "Remedy",
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
