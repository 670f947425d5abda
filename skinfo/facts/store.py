"""The fact store: everything the bot knows, loaded once, checked, and asked for by subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import Field, root_validator

from skinfo.content import ContentError, Document, Record, read_yaml
from skinfo.facts.models import (
    Condition,
    ConditionId,
    Context,
    Fact,
    FactId,
    PopularClaim,
    Source,
    SourceId,
    Topic,
)

#: A record that names conditions of the store.
Entry = TypeVar("Entry", bound=Record)


class SharedName(Record):
    """A name that people use for more than one condition, such as "herpes"."""

    names: tuple[str, ...]
    misspellings: tuple[str, ...] = ()
    conditions: tuple[ConditionId, ...]
    by_context: Mapping[Context, ConditionId] = Field(
        default_factory=dict, description="Which one is meant when a body site is named."
    )


class Signpost(Record):
    """A condition that the store holds no facts on: its names and one page to point to."""

    id: str
    name: str
    names: tuple[str, ...] = ()
    misspellings: tuple[str, ...] = ()
    organisation: str
    title: str | None = None
    url: str | None = Field(None, description="Only an address seen cited, or confirmed.")
    urgent: bool = Field(False, description="Whether to advise being seen soon when it is named.")
    generic: bool = Field(False, description="Used only when nothing else is named.")
    bump: bool = Field(False, description="A kind of bump: what is true of any bump is said as well.")
    similar_to: tuple[ConditionId, ...] = ()
    part_of: ConditionId | None = Field(
        None, description="A condition of the store that this is a form of; both are answered."
    )
    in_context: Mapping[Context, ConditionId] = Field(
        default_factory=dict, description="The condition of the store that is meant at a body site."
    )


class Remedy(Record):
    """Medicines and products by whose name a condition is meant when none is named."""

    names: tuple[str, ...]
    conditions: tuple[ConditionId, ...]


class Description(Record):
    """How people describe bumps that they do not name; ``descriptions.yml`` says how it is matched."""

    id: str
    looks: tuple[str, ...]
    things: tuple[str, ...]
    contexts: tuple[Context, ...] = ()
    places: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    kinds: tuple[ConditionId, ...] = Field((), description="What is often meant; at least two.")
    signpost: str | None = Field(None, description="Instead of kinds: the page that is pointed to.")

    @root_validator(skip_on_failure=True)
    def _none_is_picked(cls, values: dict[str, object]) -> dict[str, object]:
        kinds = values.get("kinds")
        assert isinstance(kinds, tuple)
        if bool(kinds) == bool(values.get("signpost")):
            raise ValueError("a description has either kinds or a signpost")
        if len(kinds) == 1:
            raise ValueError("name at least two kinds, so that the bot picks none")
        return values


class ArticleSource(Record):
    """An organisation that popular articles credit, and what could be checked of it."""

    organisation: str
    checked: bool
    text: str
    sources: tuple[SourceId, ...] = ()


@dataclass(frozen=True)
class FactStore:
    """All content about conditions. Only served facts leave it through its questions."""

    conditions: Mapping[ConditionId, Condition]
    any_bump: tuple[Fact, ...]
    sources: Mapping[SourceId, Source]
    claims: tuple[PopularClaim, ...]
    shared_names: tuple[SharedName, ...]
    signposts: Mapping[str, Signpost]
    article_sources: tuple[ArticleSource, ...]
    remedies: tuple[Remedy, ...]
    descriptions: tuple[Description, ...]

    @classmethod
    def load(cls, folder: Path) -> FactStore:
        """Read and check the store.

        Args:
            folder: the ``facts/`` folder.

        Raises:
            ContentError: the first mistake found, with file, line and mend.
        """
        return _Loader(folder).load()

    @cached_property
    def facts(self) -> Mapping[FactId, Fact]:
        """Every fact by id, drafts included; for curators' tools."""
        return {fact.id: fact for fact in self._all_facts()}

    def condition(self, condition: ConditionId) -> Condition:
        """The condition with that id."""
        return self.conditions[condition]

    def answer(
        self,
        condition: ConditionId | None,
        topic: Topic,
        *,
        contexts: Iterable[Context] = (),
        subtype: str | None = None,
    ) -> tuple[Fact, ...]:
        """The served facts that answer a question, in reading order.

        A subtype's own fact stands in for the general one. A fact about a context follows the
        general fact, or replaces it where the fact says so (``instead_of``).

        Args:
            condition: None for what is true of any bump.
            topic: what is asked.
            contexts: places or stages of life that the person named.
            subtype: the kind of the condition, when one was named.

        Returns:
            An empty tuple when the store holds nothing on it.
        """
        served = [fact for fact in self._facts_of(condition) if fact.is_served]
        contexts = tuple(contexts)
        if subtype is None and condition is not None:
            subtype = next(
                (
                    kind.id
                    for kind in self.conditions[condition].subtypes
                    if kind.context in contexts and kind.context is not None
                ),
                None,
            )
        general = [
            fact for fact in served if fact.topic is topic and fact.context is None and fact.other is None
        ]
        own = [fact for fact in general if fact.subtype == subtype and subtype is not None]
        main = own or [fact for fact in general if fact.subtype is None]
        extra = [
            fact
            for fact in served
            if fact.context in contexts and fact.context and fact.topic in (None, topic)
        ]
        if any(topic in fact.instead_of for fact in extra):
            main = []
        return tuple(dict.fromkeys([*main, *extra]))

    def difference(self, one: ConditionId, other: ConditionId) -> tuple[Fact, ...]:
        """What the store says on how to tell two conditions apart; may be empty."""
        return tuple(
            fact
            for subject, object_ in ((one, other), (other, one))
            for fact in self._facts_of(subject)
            if fact.is_served and fact.topic is Topic.COMPARE and fact.other == object_
        )[:1]

    def claims_on(self, facts: Iterable[Fact]) -> tuple[PopularClaim, ...]:
        """The popular claims that belong after these facts."""
        ids = {fact.id for fact in facts}
        return tuple(claim for claim in self.claims if ids.intersection(claim.facts))

    def sources_of(self, ids: Iterable[SourceId]) -> tuple[Source, ...]:
        """The sources somebody read among these, once each."""
        return tuple(self.sources[source] for source in dict.fromkeys(ids) if self.sources[source].read)

    def topics_of(self, condition: ConditionId | None) -> tuple[Topic, ...]:
        """The topics on which there is a served fact about the condition as a whole."""
        found = {fact.topic for fact in self._facts_of(condition) if fact.is_served and fact.subtype is None}
        return tuple(topic for topic in Topic if topic in found)

    def _facts_of(self, condition: ConditionId | None) -> tuple[Fact, ...]:
        return self.any_bump if condition is None else self.conditions[condition].facts

    def _all_facts(self) -> Iterator[Fact]:
        for condition in self.conditions.values():
            yield from condition.facts
        yield from self.any_bump


class _Loader:
    """Reads the folder and checks what no single file can know."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen_facts: dict[FactId, str] = {}
        self.names: dict[str, str] = {}

    def load(self) -> FactStore:
        sources_file = read_yaml(self.folder / "sources.yml")
        self.sources: dict[SourceId, Source] = {}
        for index, source in enumerate(sources_file.parse_list(Source)):
            if source.id in self.sources:
                raise sources_file.error(
                    f"source {source.id} is listed twice", at=(index, "id"), mend="keep one of them"
                )
            self.sources[source.id] = source
        conditions = self._conditions()
        signposts = self._signposts(conditions)
        any_bump_file = read_yaml(self.folder / "any_bump.yml")
        any_bump = any_bump_file.parse_list(Fact, at=("facts",))
        self._check_facts(any_bump_file, any_bump)
        return FactStore(
            conditions=conditions,
            any_bump=any_bump,
            sources=self.sources,
            claims=self._claims(),
            shared_names=self._shared_names(conditions),
            signposts=signposts,
            article_sources=self._article_sources(),
            remedies=self._about_known("remedies.yml", Remedy, "conditions", conditions),
            descriptions=self._descriptions(conditions, signposts),
        )

    def _conditions(self) -> dict[ConditionId, Condition]:
        files = sorted((self.folder / "conditions").glob("*.yml"))
        if not files:
            raise ContentError(
                "no condition files found",
                file=self.folder / "conditions",
                mend="run from the project folder, or restore facts/ from git",
            )
        conditions: dict[ConditionId, Condition] = {}
        documents: list[tuple[Document, Condition]] = []
        for file in files:
            document = read_yaml(file)
            condition = document.parse(Condition)
            if condition.id != file.stem:
                raise document.error(
                    f"id {condition.id!r} does not match the file name",
                    at=("id",),
                    mend=f"rename the file to {condition.id}.yml or correct the id",
                )
            conditions[condition.id] = condition
            documents.append((document, condition))
        for document, condition in documents:
            self._check_facts(document, condition.facts, condition)
            self._check_sources(document, condition.comparison.sources, ("comparison", "sources"))
            subtypes = {kind.id for kind in condition.subtypes}
            for index, fact in enumerate(condition.facts):
                if fact.other is not None and fact.other not in conditions:
                    raise document.error(
                        f"unknown condition {fact.other!r}",
                        at=("facts", index, "other"),
                        mend="use one of: " + ", ".join(sorted(conditions)),
                    )
                if fact.subtype is not None and fact.subtype not in subtypes:
                    raise document.error(
                        f"unknown subtype {fact.subtype!r}",
                        at=("facts", index, "subtype"),
                        mend="add it to `subtypes` or use one of: " + ", ".join(sorted(subtypes)),
                    )
            for key in ("names", "misspellings", "weak_names"):
                for index, name in enumerate(getattr(condition, key)):
                    owner = self.names.setdefault(name.casefold(), condition.id)
                    if owner != condition.id:
                        raise document.error(
                            f"the name {name!r} also belongs to {owner}",
                            at=(key, index),
                            mend="keep it in one place, or move it to shared_names.yml",
                        )
        order = {name: place for place, name in enumerate(_DISPLAY_ORDER)}
        return dict(sorted(conditions.items(), key=lambda item: (order.get(item[0], 99), item[0])))

    def _check_facts(
        self, document: Document, facts: tuple[Fact, ...], condition: Condition | None = None
    ) -> None:
        prefix = condition.id if condition else "any_bump"
        for index, fact in enumerate(facts):
            at = ("facts", index)
            if fact.id in self.seen_facts:
                raise document.error(
                    f"fact id {fact.id} is used twice", at=(*at, "id"), mend="give it its own id"
                )
            self.seen_facts[fact.id] = prefix
            if not fact.id.startswith(f"{prefix}."):
                raise document.error(
                    f"fact id {fact.id} should start with {prefix}.", at=(*at, "id"), mend="rename it"
                )
            if fact.next_check <= fact.checked:
                raise document.error(
                    f"{fact.id}: next_check is not after checked",
                    at=(*at, "next_check"),
                    mend="set it 12 or 36 months after `checked`",
                )
            self._check_sources(document, fact.sources, (*at, "sources"))
            if fact.is_served and not any(self.sources[source].read for source in fact.sources):
                raise document.error(
                    f"{fact.id} is served but none of its sources was read",
                    at=(*at, "sources"),
                    mend="read one and mark it `read: true`, or set `status: draft`",
                )

    def _check_sources(
        self, document: Document, sources: tuple[SourceId, ...], at: tuple[str | int, ...]
    ) -> None:
        for index, source in enumerate(sources):
            if source not in self.sources:
                raise document.error(
                    f"unknown source {source!r}", at=(*at, index), mend="add it to sources.yml"
                )

    def _claims(self) -> tuple[PopularClaim, ...]:
        document = read_yaml(self.folder / "popular_claims.yml")
        claims = document.parse_list(PopularClaim)
        for index, claim in enumerate(claims):
            for place, fact in enumerate(claim.facts):
                if fact not in self.seen_facts:
                    raise document.error(
                        f"unknown fact {fact!r}", at=(index, "facts", place), mend="correct the id"
                    )
            self._check_sources(document, claim.sources, (index, "sources"))
        return claims

    def _article_sources(self) -> tuple[ArticleSource, ...]:
        document = read_yaml(self.folder / "article_sources.yml")
        entries = document.parse_list(ArticleSource)
        for index, entry in enumerate(entries):
            self._check_sources(document, entry.sources, (index, "sources"))
        return entries

    def _shared_names(self, conditions: Mapping[ConditionId, Condition]) -> tuple[SharedName, ...]:
        return self._about_known("shared_names.yml", SharedName, "conditions", conditions)

    def _descriptions(
        self, conditions: Mapping[ConditionId, Condition], signposts: Mapping[str, Signpost]
    ) -> tuple[Description, ...]:
        descriptions = self._about_known("descriptions.yml", Description, "kinds", conditions)
        for index, one in enumerate(descriptions):
            if one.signpost is not None and one.signpost not in signposts:
                raise read_yaml(self.folder / "descriptions.yml").error(
                    f"unknown signpost {one.signpost!r}",
                    at=(index, "signpost"),
                    mend="use an id of signposts.yml",
                )
        return descriptions

    def _about_known(
        self, name: str, model: type[Entry], key: str, conditions: Mapping[ConditionId, Condition]
    ) -> tuple[Entry, ...]:
        """A file's entries, each naming conditions of the store under `key`."""
        document = read_yaml(self.folder / name)
        entries = document.parse_list(model)
        for index, entry in enumerate(entries):
            for place, condition in enumerate(getattr(entry, key)):
                if condition not in conditions:
                    raise document.error(
                        f"unknown condition {condition!r}",
                        at=(index, key, place),
                        mend="use one of: " + ", ".join(sorted(conditions)),
                    )
        return entries

    def _signposts(self, conditions: Mapping[ConditionId, Condition]) -> dict[str, Signpost]:
        document = read_yaml(self.folder / "signposts.yml")
        signposts: dict[str, Signpost] = {}
        for index, entry in enumerate(document.parse_list(Signpost)):
            if entry.id in signposts or entry.id in conditions:
                raise document.error(
                    f"{entry.id} is already taken", at=(index, "id"), mend="give it its own id"
                )
            named = [("part_of", entry.part_of)] if entry.part_of else []
            named += [("in_context", condition) for condition in entry.in_context.values()]
            for key, condition in named:
                if condition not in conditions:
                    raise document.error(
                        f"unknown condition {condition!r}",
                        at=(index, key),
                        mend="use one of: " + ", ".join(sorted(conditions)),
                    )
            signposts[entry.id] = entry
        return signposts


#: The seed article's four first: the order of choices and of the default comparison.
_DISPLAY_ORDER = ("milia", "acne", "cold_sores", "genital_herpes")
