"""What the store gives out for people and their tools: a page to review, schemas for editors."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
from pydantic import BaseModel, schema_of

from skinfo.facts.models import Condition, Fact, PopularClaim, Source, Status
from skinfo.facts.store import ArticleSource, Description, FactStore, Remedy, SharedName, Signpost

_TEMPLATE = Path(__file__).with_name("review_page.html.jinja")


class AnyBump(BaseModel):
    """``any_bump.yml``."""

    facts: tuple[Fact, ...]


#: The schema's name, what it describes, and whether the file is a list of these.
_SCHEMAS: tuple[tuple[str, type[BaseModel], bool], ...] = (
    ("condition", Condition, False),
    ("any_bump", AnyBump, False),
    ("sources", Source, True),
    ("popular_claims", PopularClaim, True),
    ("shared_names", SharedName, True),
    ("signposts", Signpost, True),
    ("article_sources", ArticleSource, True),
    ("remedies", Remedy, True),
    ("descriptions", Description, True),
)


def review_page(store: FactStore, today: date) -> str:
    """A self-contained HTML page with every fact, its sources, and a box to sign."""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
    claims: dict[str, list[PopularClaim]] = defaultdict(list)
    for claim in store.claims:
        for fact_id in claim.facts:
            claims[fact_id].append(claim)
    facts = list(store.facts.values())
    any_bump = {"id": "any_bump", "title": "Any bump (no condition named)", "facts": store.any_bump}
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        conditions=[*store.conditions.values(), any_bump],
        claims=claims,
        sources=store.sources,
        served=sum(fact.is_served for fact in facts),
        drafts=sum(fact.status is Status.DRAFT for fact in facts),
        reviewed=sum(fact.review is not None for fact in facts),
        today=f"{today.day} {today:%B %Y}",
        label=_label,
    )


def schemas() -> dict[str, str]:
    """JSON Schemas of the YAML files by file name, as text."""
    found: dict[str, str] = {}
    for name, model, is_list in _SCHEMAS:
        # A list of a class known only at run time: fine for pydantic, no type for mypy.
        schema: dict[str, Any] = (
            schema_of(list[model], title=name) if is_list else model.schema()  # type: ignore[valid-type]
        )
        schema = {"$schema": "http://json-schema.org/draft-07/schema#", **schema}
        found[f"{name}.schema.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return found


def _label(fact: Fact) -> str:
    parts = [
        fact.subtype and fact.subtype.replace("_", " "),
        fact.topic and fact.topic.value.replace("_", " "),
        fact.other and f"with {fact.other.replace('_', ' ')}",
        fact.context and f"({fact.context.value})",
    ]
    return " ".join(filter(None, parts))
