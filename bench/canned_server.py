"""One page for each chat widget and one server for all of them, which answers at once and the same.

What is left of a measured time is the widget's own. The answer is one that the real bot gave.
"""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import socketio
from aiohttp import web

from skinfo.cli.serve import free_port

_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}


@dataclass(frozen=True)
class Widget:
    """A chat widget, and how to find one's way in it. Selectors reach through open shadow roots."""

    name: str
    #: What a page holds; ``t0`` is noted just before.
    tags: str
    #: What the page may ask for.
    files: tuple[Path, ...]
    launcher: str
    input: str
    answer: str


def _page(widget: Widget) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A host</title>'
        '<meta name="viewport" content="width=device-width"></head><body><main><h1>A host</h1></main>'
        f"<script>window.t0 = performance.now()</script>{widget.tags}</body></html>"
    )


def _app(widgets: Mapping[str, Widget], opened: dict[str, Any], turn: dict[str, Any]) -> web.Application:
    sockets = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins=[])
    app = web.Application()
    sockets.attach(app)
    files = {file.name: file for widget in widgets.values() for file in widget.files}
    packed = {name: gzip.compress(file.read_bytes(), 9) for name, file in files.items()}

    async def page(request: web.Request) -> web.Response:
        widget = widgets[request.match_info["widget"]]
        return web.Response(text=_page(widget), content_type="text/html")

    async def file(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in packed:
            raise web.HTTPNotFound
        headers = {"Content-Encoding": "gzip", "Content-Type": _TYPES[files[name].suffix]}
        return web.Response(body=packed[name], headers=headers)

    async def start(request: web.Request) -> web.Response:
        return web.json_response(opened, status=201)

    async def message(request: web.Request) -> web.Response:
        return web.json_response(turn)

    async def n8n(request: web.Request) -> web.Response:
        asked = await request.json()
        known = asked.get("action") == "sendMessage"
        return web.json_response({"output": turn["text"]} if known else {"data": []})

    @sockets.on("session_request")
    async def session(sid: str, data: dict[str, Any]) -> None:
        await sockets.emit("session_confirm", (data or {}).get("session_id") or sid, room=sid)

    @sockets.on("user_uttered")
    async def uttered(sid: str, data: dict[str, Any]) -> None:
        # rasa-webchat says something empty by itself when it is opened.
        if data.get("message"):
            await sockets.emit("bot_uttered", {"text": turn["text"]}, room=sid)

    app.router.add_get("/page/{widget}", page)
    app.router.add_post("/api/conversations", start)
    app.router.add_post("/api/messages", message)
    app.router.add_post("/n8n", n8n)
    app.router.add_get("/{name}", file)
    return app


@contextmanager
def canned_server(
    widgets: Mapping[str, Widget], opened: dict[str, Any], turn: dict[str, Any]
) -> Iterator[str]:
    """The address of the server, which runs in a thread of its own until the end of the block.

    Args:
        widgets: by the last part of their page's address, ``/page/<key>``.
        opened: what Skinfo's server says when a conversation is opened.
        turn: the answer, as Skinfo's server gives it.
    """
    port = free_port()
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(_app(widgets, opened, turn))

    async def up() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()

    async def down() -> None:
        await runner.cleanup()
        # The sockets' own tasks would go on for ever.
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(up(), loop).result(30)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        asyncio.run_coroutine_threadsafe(down(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
