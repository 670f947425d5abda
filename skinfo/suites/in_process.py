"""The whole bot in this process as a target: fast, no ports, and it can be looked inside."""

from __future__ import annotations

import asyncio
import logging
import threading
import uuid
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from skinfo.rasa.process import prepare_process
from skinfo.replies import messages_for_platform
from skinfo.suites.promises import PLATFORM_LIMIT
from skinfo.suites.said import Button, CannotSay, Event, Said, Stub

Result = TypeVar("Result")
#: Shorter messages may stand in a log by chance.
_TELLING = 12


class InProcessTarget:
    """Loads the trained bot once; each dialogue is a conversation of its own."""

    name = "the bot in this process"

    def __init__(self, model: Path | None = None) -> None:
        """Load the bot.

        Args:
            model: another trained model than the project's own.

        Raises:
            CannotSay: there is no model.
        """
        prepare_process()
        from skinfo.rasa.bot import Bot
        from skinfo.rasa.in_process_actions import InProcessActions
        from skinfo.rasa.training import model_file

        file = model or model_file()
        if not file.is_file():
            raise CannotSay(f"there is no trained model at {file}; run `skinfo train`")

        class Actions(InProcessActions):
            """Lets a case stand in for actions."""

            def __init__(self) -> None:
                super().__init__()
                self.stubs: dict[str, Mapping[str, Stub]] = {}

            async def request(self, *args: Any, **kwargs: Any) -> Any:
                call = kwargs["json"]
                stub = self.stubs.get(call["sender_id"], {}).get(call["next_action"])
                if stub is None:
                    return await super().request(*args, **kwargs)
                if stub.unreachable:
                    raise aiohttp.ClientConnectionError("the case says that the action server is down")
                return {"events": list(stub.events), "responses": list(stub.responses)}

        self._start_loop()
        self.actions = Actions()
        self.bot = Bot.load(file, self.actions)

    def _start_loop(self) -> None:
        # A thread of its own: whoever runs us may have an event loop in this one.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="skinfo-suites", daemon=True)
        self._thread.start()

    def restart_after_fork(self) -> None:
        """Make the target usable in a forked process, where the thread did not come along."""
        self._start_loop()

    def reload_content(self) -> None:
        """Read ``facts/`` anew, after ``SKINFO_HOME`` has come to mean another folder.

        Raises:
            ContentError: the content does not load.
        """
        from skinfo.conversation import Responder
        from skinfo.language import pipeline

        for shared in (
            Responder.shared,
            pipeline.shared_store,
            pipeline.shared_names,
            pipeline.shared_rules,
            pipeline.shared_detector,
        ):
            shared.cache_clear()
        self.bot.renew()

    def open(
        self, *, slots: Mapping[str, Any], metadata: Mapping[str, Any], stubs: Mapping[str, Stub]
    ) -> InProcessDialogue:
        """See `Target`."""
        return InProcessDialogue(self, slots, metadata, stubs)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Wait for something that the bot does."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class InProcessDialogue:
    """One conversation with the bot in this process."""

    def __init__(
        self,
        target: InProcessTarget,
        slots: Mapping[str, Any],
        metadata: Mapping[str, Any],
        stubs: Mapping[str, Stub],
    ) -> None:
        self._target = target
        self._sender = uuid.uuid4().hex
        target.actions.stubs[self._sender] = stubs
        if slots:
            try:
                target.run(target.bot.set_slots(self._sender, slots))
            except KeyError as error:
                raise CannotSay(f"the bot has no slot {error}; domain.yml lists them") from None
        country = metadata.get("country")
        self._welcome = _said(target.bot.welcome(country if isinstance(country, str) else None))

    @property
    def welcome(self) -> Said:
        """See `Dialogue`."""
        return self._welcome

    def say(self, text: str, *, payload: str | None = None, metadata: Mapping[str, Any]) -> Said:
        """See `Dialogue`."""
        bot, sender = self._target.bot, self._sender
        before = len(self._target.run(bot.tracker(sender)).events)
        with _Overhearing(text) as overhearing:
            turn = self._target.run(bot.say(text, sender, payload=payload, metadata=metadata))
        tracker = self._target.run(bot.tracker(sender))
        events = tuple(filter(None, map(_event, list(tracker.events)[before:])))
        return _said(turn, events, tracker.current_slot_values(), tuple(sorted(overhearing.loggers)))

    def close(self) -> None:
        """See `Dialogue`."""
        self._target.actions.stubs.pop(self._sender, None)
        self._target.run(self._target.bot.forget(self._sender))


def _said(
    turn: Mapping[str, Any],
    events: tuple[Event, ...] | None = None,
    slots: Mapping[str, Any] | None = None,
    logged_by: tuple[str, ...] = (),
) -> Said:
    return Said(
        messages=(turn["text"],),
        buttons=tuple(Button(one["title"], one["payload"]) for one in turn["suggestions"]),
        turn=turn,
        events=events,
        slots=slots,
        platform=tuple(messages_for_platform(turn["text"], turn["disclaimer"], PLATFORM_LIMIT)),
        logged_by=logged_by,
    )


def _event(event: Any) -> Event | None:
    values = event.as_dict()
    kind = values["event"]
    if kind == "action":
        return Event("action", str(values["name"]))
    if kind == "slot":
        return Event("slot", str(values["name"]), values["value"])
    if kind == "bot":
        return Event("bot", str((values.get("metadata") or {}).get("utter_action") or ""), values.get("text"))
    return None


class _Overhearing(logging.Handler):
    """Notes which loggers write down what a person said."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text.strip()
        self.loggers: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        written = record.getMessage()
        if record.exc_info:
            written += logging.Formatter().formatException(record.exc_info)
        if self._text in written:
            self.loggers.add(record.name)

    def __enter__(self) -> _Overhearing:
        if len(self._text) >= _TELLING:
            logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *error: object) -> None:
        logging.getLogger().removeHandler(self)
