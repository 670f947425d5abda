"""The page, the widget and what they load."""

from __future__ import annotations

from pathlib import Path

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from skinfo.rasa.refusals import Refused

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}


def add_pages(routes: Blueprint, built: Path) -> None:
    """Add ``/chat``, ``/widget.js`` and ``/assets/…``.

    Args:
        routes: where to.
        built: the folder that the widget's build fills.
    """

    @routes.get("/chat")
    async def page(request: Request) -> HTTPResponse:
        return await _file(built, "index.html")

    @routes.get("/widget.js")
    async def widget(request: Request) -> HTTPResponse:
        return await _packed(request, built / "widget.js") or await _file(built, "widget.js")

    @routes.get("/assets/<name:str>")
    async def asset(request: Request, name: str) -> HTTPResponse:
        return await _file(built / "assets", name, built)


async def _packed(request: Request, file: Path) -> HTTPResponse | None:
    """The file as it was packed when it was built: a third of the bytes; None where it cannot be."""
    packed = file.with_name(file.name + ".gz")
    if "gzip" not in request.headers.get("accept-encoding", "") or not packed.is_file():
        return None
    headers = {"Cache-Control": "no-cache", "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return await response.file(packed, mime_type=_TYPES[file.suffix], headers=headers)


async def _file(folder: Path, name: str, *others: Path) -> HTTPResponse:
    for place in (folder, *others):
        # Only what the folder itself lists: a name from outside never becomes a path.
        file = next((file for file in _files(place) if file.name == name), None)
        if file is not None and file.suffix in _TYPES:
            return await response.file(
                file, mime_type=_TYPES[file.suffix], headers={"Cache-Control": "no-cache"}
            )
    raise Refused("not_found")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [file for file in folder.iterdir() if file.is_file() and not file.is_symlink()]
