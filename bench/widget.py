"""The website's chat beside two others from npm, in one run: ``make bench-widget``.

For each: bytes, time from tag to usable button, from a click on it to the input, from sending to
the answer shown, third parties asked, what axe-core objects to with the chat open. All talk to one
server that answers at once; a last row has ours talk to the real bot. The others are fetched by
their exact version and checked by hash; they are measured, not part of the project.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Route, sync_playwright
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.canned_server import Widget, canned_server
from skinfo.cli.serve import free_port, running_servers
from skinfo.paths import project_folder, state_folder

RUNS = 5
QUESTION = "what is milia"
#: In every widget's answer; the first words of the real one's.
MARK = "tiny, harmless cysts"
#: A middling phone on a middling network.
PHONE = {"cpu": 4, "latency": 40, "bytes_per_second": 1_250_000}
PEERS = {
    "rasa-webchat@1.0.1": (
        "Ld1zVJvTAaTrs6A5p8t70agNNrKYRyXlvqXZRgBoDvKKUXbA0jhJKECi5bdPGlaR6jsmqWtVylHS+YqIqo0x8w=="
    ),
    "@n8n/chat@1.37.0": (
        "V1EQxDp/+rW6o/5OZgbwDfgPJXG8Jrn3TIdq7Z/26QTP90Uo3g2gv8CMnaQcphdTQVR+K06X34DOCRHXa8Tqnw=="
    ),
}

#: Notes the time of the first frame in which a condition holds.
_WATCH = """
(() => {
  const all = (selector, root = document) => {
    const found = [...root.querySelectorAll(selector)];
    for (const element of root.querySelectorAll('*'))
      if (element.shadowRoot) found.push(...all(selector, element.shadowRoot));
    return found;
  };
  const seen = element => element.getClientRects().length > 0;
  window.find = selector => all(selector).filter(seen);
  window.when = (name, holds) => {
    const look = () => { if (holds()) window[name] = performance.now(); else requestAnimationFrame(look) };
    look();
  };
})();
"""


@dataclass
class Measured:
    """What was measured of one widget, in milliseconds; one value a run."""

    usable: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    #: Names of the widget's files that were asked for.
    files: set[str] = field(default_factory=set)
    third_parties: int = 0
    violations: int = 0


def main() -> None:
    """Measure and print the tables."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("error: no Chromium here\n  mend: sh scripts/get_chromium.sh")
    widgets = _widgets(_peers())
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory() as state, running_servers(free_port(), Path(state)) as servers:
        opened, turn = _recorded(servers.address)
        if MARK not in turn["text"]:
            sys.exit(
                f"error: the bot's answer no longer says {MARK!r}\n"
                "  mend: choose other words of it in bench/widget.py"
            )
        with canned_server(widgets, opened, turn) as canned, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            for title, phone in (
                ("This machine", None),
                ("As on a phone: CPU 4 times slower, 10 Mbit/s, 40 ms", PHONE),
            ):
                measured = {key: Measured() for key in (*widgets, "real")}
                for _ in track(range(RUNS), description=title, transient=True):
                    for key in measured:
                        address = (
                            f"{servers.address}/assets/embed.html"
                            if key == "real"
                            else f"{canned}/page/{key}"
                        )
                        _measure(browser, address, widgets.get(key, widgets["skinfo"]), measured[key], phone)
                console.print(_table(title, widgets, measured))
            browser.close()


def _table(title: str, widgets: dict[str, Widget], measured: dict[str, Measured]) -> Table:
    columns = ("KB gzipped", "tag to button", "click to input", "send to answer", "third parties", "axe")
    table = Table("widget", *columns, title=f"{title}; median of {RUNS}, × ours")
    ours = measured["skinfo"]
    sizes = {
        key: sum(len(gzip.compress(f.read_bytes(), 9)) for f in widget.files if f.name in measured[key].files)
        / 1000
        for key, widget in widgets.items()
    }
    for key, values in measured.items():
        name = widgets[key].name if key in widgets else "Skinfo, the real bot answering"
        cells = ["", "", "", _beside(values.shown, ours.shown)]
        if key in widgets:
            cells[0] = f"{sizes[key]:.0f} (× {sizes[key] / sizes['skinfo']:.1f})"
            cells[1:3] = _beside(values.usable, ours.usable), _beside(values.opened, ours.opened)
        table.add_row(name, *cells, str(values.third_parties), str(values.violations))
    return table


def _beside(values: list[float], ours: list[float]) -> str:
    value, base = statistics.median(values), statistics.median(ours)
    return f"{value:.0f} ms (× {value / base:.1f})"


def _measure(
    browser: Browser, address: str, widget: Widget, measured: Measured, phone: dict[str, int] | None
) -> None:
    # The measuring itself is what a strict policy would forbid.
    context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    page = context.new_page()
    here = address.split("/", 3)[2]
    third_parties: set[str] = set()
    page.on("request", lambda request: measured.files.add(request.url.rsplit("/", 1)[-1]))

    def refuse_others(route: Route) -> None:
        if route.request.url.split("/", 3)[2] == here:
            return route.continue_()
        third_parties.add(route.request.url)
        return route.abort()

    page.route(lambda url: not url.startswith(("data:", "blob:", f"http://{here}/")), refuse_others)
    page.add_init_script(_WATCH + f"when('tUsable', () => find({widget.launcher!r}).length > 0);")
    if phone:
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": phone["cpu"]})
        session.send("Network.enable")
        speed = phone["bytes_per_second"]
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": phone["latency"],
                "downloadThroughput": speed,
                "uploadThroughput": speed,
            },
        )
    page.goto(address)
    page.wait_for_function("window.tUsable")
    # The real server's page notes no t0; its row has no such figure.
    measured.usable.append(page.evaluate("window.tUsable - (window.t0 ?? 0)"))

    page.evaluate(
        "input => { addEventListener('click', () => { window.tClick ??= performance.now() }, true);"
        " when('tInput', () => window.tClick && find(input).length > 0) }",
        widget.input,
    )
    page.locator(widget.launcher).first.click()
    page.wait_for_function("window.tInput")
    measured.opened.append(page.evaluate("window.tInput - window.tClick"))
    if widget.name.startswith("Skinfo"):
        page.locator(".suggestions").wait_for()

    box = page.locator(widget.input).first
    box.click()
    page.keyboard.type(QUESTION)
    page.evaluate(
        "([answer, mark]) => {"
        " addEventListener('keydown', () => { window.tSend ??= performance.now() }, true);"
        " when('tShown', () => find(answer).some(element => element.textContent.includes(mark))) }",
        [widget.answer, MARK],
    )
    page.keyboard.press("Enter")
    page.wait_for_function("window.tShown", timeout=60_000)
    measured.shown.append(page.evaluate("window.tShown - window.tSend"))
    measured.third_parties = max(measured.third_parties, len(third_parties))
    if len(measured.shown) == 1:
        page.evaluate(
            (project_folder() / "widget/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
        )
        measured.violations = page.evaluate("axe.run(document).then(found => found.violations.length)")
    context.close()


def _recorded(address: str) -> tuple[dict[str, Any], dict[str, Any]]:
    with httpx.Client(base_url=address, timeout=60) as client:
        opened = client.post("/api/conversations", json={}).json()
        client.headers["Authorization"] = f"Bearer {opened['token']}"
        return opened, client.post("/api/messages", json={"text": QUESTION}).json()


def _widgets(peers: dict[str, Path]) -> dict[str, Widget]:
    rasa, n8n = (peers[name] for name in PEERS)

    def rasa_webchat(name: str, more: str) -> Widget:
        options = f"{{ socketUrl: location.origin, title: 'A bot', {more} }}"
        return Widget(
            name=name,
            tags=f'<script src="/index.js"></script><script>WebChat.default({options}, null)</script>',
            files=(rasa / "lib" / "index.js",),
            launcher=".rw-launcher",
            input=".rw-new-message",
            answer=".rw-response",
        )

    return {
        "skinfo": Widget(
            name="Skinfo",
            tags='<script type="module" src="/widget.js"></script><skinfo-chat></skinfo-chat>',
            files=(project_folder() / "widget" / "dist" / "widget.js",),
            launcher=".launcher",
            input="#text-input",
            answer="skinfo-entry",
        ),
        "rasa-webchat": rasa_webchat("rasa-webchat 1.0.1, as it comes", ""),
        "rasa-webchat-at-once": rasa_webchat(
            "rasa-webchat 1.0.1, its delay off", "customMessageDelay: () => 0"
        ),
        "n8n": Widget(
            name="@n8n/chat 1.37.0",
            tags='<link href="/style.css" rel="stylesheet"><script type="module">'
            "import { createChat } from '/chat.bundle.es.js'; createChat({ webhookUrl: '/n8n' })</script>",
            files=tuple(file for file in (n8n / "dist").iterdir() if file.suffix in (".js", ".mjs", ".css")),
            launcher=".chat-window-toggle",
            input=".chat-inputs textarea",
            answer=".chat-message-from-bot",
        ),
    }


def _peers() -> dict[str, Path]:
    """The folders of the peers' packages, fetched once with npm and checked."""
    folder = state_folder() / "bench-peers"
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for name, sha512 in PEERS.items():
        archive = folder / f"{name.removeprefix('@').replace('/', '-').replace('@', '-')}.tgz"
        if not archive.is_file():
            npm = project_folder() / ".venv" / "bin" / "npm"
            subprocess.run([npm, "pack", "--silent", name], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        content = archive.read_bytes()
        if base64.b64encode(hashlib.sha512(content).digest()).decode() != sha512:
            sys.exit(f"error: {archive} is not the {name} that was reviewed\n  mend: delete it and run again")
        found[name] = folder / archive.stem
        if not found[name].is_dir():
            with tarfile.open(archive) as packed:
                packed.extractall(found[name], filter="data")
        found[name] /= "package"
    return found


if __name__ == "__main__":
    main()
