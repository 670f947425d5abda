"""A real browser for the chat's tests: Debian's Chromium, driven by Playwright.

The bot behind the page is the real one: its address is the fixture ``skinfo_server``. Pages of a host are laid over an address of
the same origin, so that the chat is embedded as on somebody's site, under a policy of the test's choice.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is in the dependency group 'test'")

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(os.environ.get("SKINFO_SCREENSHOTS", ROOT / "var" / "screenshots"))
AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page of another origin that talks to the tests' own server is no stranger in the local network.
    "--disable-features=LocalNetworkAccessChecks",
]
STRICT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
)
INSTALL_CHROMIUM = "apt-get update && apt-get install -y chromium"

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}


def _installed_chromium() -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    return None


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of an installed Chromium; installs Debian's where that can be done without asking."""
    path = _installed_chromium()
    if path is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(INSTALL_CHROMIUM, shell=True, check=False, capture_output=True, timeout=600)
        path = _installed_chromium()
    if path is None:
        pytest.skip(f"no Chromium here; install one with: {INSTALL_CHROMIUM}")
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    if not AXE.is_file():
        pytest.fail(f"{AXE} is missing; run: make widget")
    return AXE.read_text(encoding="utf-8")


@dataclass
class Chat:
    """A page with the chat on it, and what went wrong on that page."""

    page: Page
    context: BrowserContext
    server: str
    axe: str
    problems: list[str] = field(default_factory=list)
    third_parties: list[str] = field(default_factory=list)

    @property
    def widget(self) -> Locator:
        return self.page.locator("skinfo-chat").first

    @property
    def input(self) -> Locator:
        return self.widget.get_by_role("textbox", name="Your question")

    @property
    def questions(self) -> Locator:
        return self.widget.locator("skinfo-entry[data-kind=user]")

    @property
    def answers(self) -> Locator:
        return self.widget.locator("skinfo-entry[data-kind=bot]")

    @property
    def last(self) -> Locator:
        return self.answers.last

    def ready(self, answers: int = 1) -> None:
        """Waits until so many answers stand there and none is on its way."""
        playwright.expect(self.answers).to_have_count(answers)
        playwright.expect(self.widget.locator(".pending")).to_have_count(0, timeout=20_000)

    def ask(self, text: str) -> Locator:
        """Types a question, sends it with Enter and waits for what comes."""
        before = self.answers.count()
        self.input.fill(text)
        self.input.press("Enter")
        self.ready(before + 1)
        return self.last

    def token(self) -> str:
        stored = self.page.evaluate(
            "Object.entries(sessionStorage).find(([key]) => key.startsWith('skinfo-chat:'))[1]"
        )
        return str(self.page.evaluate("text => JSON.parse(text).conversation.token", stored))

    def accessibility(self) -> list[str]:
        """What axe-core objects to, each with the elements concerned."""
        self.page.evaluate(self.axe)
        found = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{violation['id']} ({violation['impact']}): {[node['target'] for node in violation['nodes']]}"
            for violation in found["violations"]
        ]

    def screenshot(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


Open = Callable[..., Chat]


@pytest.fixture
def open_chat(browser: Browser, skinfo_server: str, axe_source: str) -> Iterator[Open]:
    """Opens the chat: at an address of the server's, or in a host's page given as the body of a document."""
    contexts: list[BrowserContext] = []
    server = skinfo_server.rstrip("/")

    def open_chat(
        path: str = "/chat",
        *,
        body: str | None = None,
        head: str = "",
        policy: str = STRICT_POLICY,
        viewport: dict[str, int] = DESKTOP,
        prepare: Callable[[BrowserContext], None] | None = None,
        **options: Any,
    ) -> Chat:
        context = browser.new_context(viewport=viewport, **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        chat = Chat(context.new_page(), context, server, axe_source)

        def note_request(request: Any) -> None:
            if not request.url.startswith((server, "data:", "blob:", "about:")):
                chat.third_parties.append(request.url)

        chat.page.on("request", note_request)
        chat.page.on("pageerror", lambda error: chat.problems.append(str(error)))
        chat.page.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))"
        )
        chat.page.on(
            "console",
            lambda message: (
                chat.problems.append(message.text)
                if "CSP:" in message.text or "Content Security" in message.text
                else None
            ),
        )
        if body is not None:
            path = "/a-page-of-a-host"
            document = (
                f'<!doctype html><html lang="en"><head><title>A host</title><meta name="viewport" content="width=device-width">{head}'
                f'<script type="module" src="/widget.js"></script></head><body><main><h1>A host</h1>{body}</main></body></html>'
            )

            def serve(route: Route) -> None:
                route.fulfill(
                    content_type="text/html; charset=utf-8",
                    headers={"Content-Security-Policy": policy},
                    body=document,
                )

            context.route(f"{server}{path}", serve)
        if prepare:
            prepare(context)
        chat.page.goto(server + path)
        return chat

    yield open_chat
    for context in contexts:
        context.close()
