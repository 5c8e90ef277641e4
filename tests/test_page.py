"""The page in a real browser: it asks nobody for anything, complains of nothing, fits every screen and prints.

Needs Chromium; a machine without it skips these tests and says so.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.show import figure
from test_report import EDITIONS, PLANS, hostile_page, page, report

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: none of chromium, chromium-browser, google-chrome is on PATH (apt-get install chromium)"),
]
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--disable-extensions", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
NAMES = (*PLANS, "index", "hostile")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> dict[str, Path]:
    """All pages as files."""
    folder = tmp_path_factory.mktemp("site")
    made = {**{name: page(name) for name in PLANS}, "index": report.index(EDITIONS), "hostile": hostile_page()}
    for name, html in made.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


class Browser:
    """Chromium on its debugging pipe: `browser("Page.navigate", url=…)` is one command and returns its result."""

    def __init__(self, *flags: str, **environment: str):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (theirs_in, theirs_out)]  # clear of 3 and 4, where Chromium looks for them

        def place() -> None:
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        command = [CHROMIUM, *QUIET, *flags, f"--user-data-dir={self.profile.name}", "--remote-debugging-pipe"]
        self.process = subprocess.Popen(command, preexec_fn=place, close_fds=False, stderr=subprocess.DEVNULL, env={**os.environ, **environment})
        for end in (theirs_in, theirs_out, *ends):
            os.close(end)
        self.out, self.answers = os.fdopen(ours_out, "wb", 0), os.fdopen(ours_in, "rb")
        self.said, self.events, self.session = 0, [], {}
        target = self("Target.createTarget", url="about:blank")["targetId"]
        self.session = {"sessionId": self("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        for domain in ("Page", "DOM", "CSS", "Runtime", "Log", "Network"):
            self(f"{domain}.enable")

    def __call__(self, method: str, **params: object) -> dict:
        self.said += 1
        self.out.write(json.dumps({"id": self.said, "method": method, "params": params, **self.session}).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.said:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
            self.events.append(answer)

    def _next(self) -> dict:
        said = bytearray()
        while (byte := self.answers.read(1)) != b"\0":
            assert byte, "Chromium is gone"
            said += byte
        return json.loads(said)

    def open(self, path: Path, width: int = 1280) -> None:
        self.events.clear()
        self("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 700)
        self("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def tell(self, expression: str) -> object:
        """The value of a JavaScript expression; the debugger may run what the page's own policy forbids the page."""
        told = self("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def close(self) -> None:
        self.session = {}
        self("Browser.close")
        self.process.wait(20)
        self.profile.cleanup()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    started = Browser()
    yield started
    started.close()


def opened(path: Path, folder: Path) -> tuple[str, list[str], set[str]]:
    """What Chromium makes of a page: its document, its console, the addresses it asked for (the browser's own errands left out)."""
    command = [CHROMIUM, *QUIET, f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr", f"--log-net-log={folder / 'net.json'}", "--timeout=5000", "--dump-dom", path.as_uri()]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    asked = [event["params"] for event in json.loads((folder / "net.json").read_text("utf-8"))["events"] if "initiator" in event.get("params", {})]
    console = [line for line in ran.stderr.splitlines() if "CONSOLE" in line]
    return ran.stdout, console, {request["url"] for request in asked if request["initiator"] != "not an origin"}


@pytest.mark.parametrize("name", NAMES)
def test_opening_the_page_writes_nothing_to_the_console_and_asks_for_nothing(site, tmp_path, name):
    document, console, asked = opened(site[name], tmp_path)
    assert document.rstrip().endswith("</html>") and "期" in document
    assert (console, asked) == ([], set())  # file: and data: do not reach the network at all


def test_a_page_that_did_ask_would_be_noticed_and_is_stopped_by_its_policy(site, tmp_path):
    spoilt = site["index"].read_text("utf-8").replace("<main", '<img src="http://192.0.2.1/x.png"><main', 1)
    free = re.sub(r"<meta[^>]*Content-Security-Policy[^>]*>", "", spoilt)
    for name, html in (("stopped", spoilt), ("free", free)):
        (tmp_path / name).mkdir()
        (tmp_path / f"{name}.html").write_text(html, encoding="utf-8")
    assert opened(tmp_path / "free.html", tmp_path / "free")[2] == {"http://192.0.2.1/x.png"}
    _, console, asked = opened(tmp_path / "stopped.html", tmp_path / "stopped")
    assert asked == set() and "Content Security Policy" in console[0]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_opens_a_dialog_or_breaks_the_policy(site, browser, name):
    browser.open(site[name])
    browser.tell("document.querySelectorAll('details').forEach(one => one.open = true)")
    browser("Page.captureScreenshot", captureBeyondViewport=True, clip={"x": 0, "y": 0, "width": 1280, "height": 4000, "scale": 0.1})
    methods = {event["method"] for event in browser.events}
    assert not methods & {"Page.javascriptDialogOpening", "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Page.windowOpen", "Page.downloadWillBegin"}
    asked = {event["params"]["request"]["url"][:60] for event in browser.events if event["method"] == "Network.requestWillBeSent"}
    assert asked and all(address.startswith(("file://", "data:")) for address in asked)
    assert browser.tell("document.scripts.length") == (0 if name == "index" else 1)


def test_a_script_in_the_page_would_be_noticed_and_is_stopped_by_its_policy(site, browser, tmp_path):
    (tmp_path / "spoilt.html").write_text(site["index"].read_text("utf-8").replace("<main", "<script>alert(1)</script><main", 1), encoding="utf-8")
    browser.open(tmp_path / "spoilt.html")
    assert "Log.entryAdded" in {event["method"] for event in browser.events}
    assert browser.tell("document.scripts.length") == 1


WIDER = """(() => {
  const width = document.documentElement.clientWidth;
  return [document.documentElement.scrollWidth - width, [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > width + 1 && !one.closest('.scroll, pre, .skip, .alt, thead'))
    .map(one => one.tagName + ' ' + one.textContent.slice(0, 60))];
})()"""


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("name", NAMES[:-1])
def test_no_screen_scrolls_sideways(site, browser, name, width):
    browser.open(site[name], width)
    browser.tell("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.tell(WIDER) == [0, []]


def test_on_a_phone_a_table_is_a_list_of_cards_with_their_headings(site, browser):
    browser.open(site["example"], 360)
    assert browser.tell("getComputedStyle(document.querySelector('#table tbody tr')).display") == "grid"
    assert browser.tell("getComputedStyle(document.querySelector('#table td'), '::before').content") == '"基期："'
    browser.open(site["example"], 1280)
    assert browser.tell("getComputedStyle(document.querySelector('#table tbody tr')).display") == "table-row"


# Fonts ----------------------------------------------------------------------------------------------------------------

FONTLESS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>{folders}<cachedir>{cache}</cachedir></fontconfig>"""


@pytest.fixture
def fontless(tmp_path) -> Iterator[Browser]:
    """A browser on a machine whose fonts have no Chinese in them."""
    latin = "".join(f"<dir>{folder}</dir>" for folder in ("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/truetype/liberation") if Path(folder).is_dir())
    (tmp_path / "fonts.conf").write_text(FONTLESS.format(folders=latin, cache=tmp_path / "cache"), encoding="utf-8")
    started = Browser(FONTCONFIG_FILE=str(tmp_path / "fonts.conf"))
    yield started
    started.close()


def fonts_used(browser: Browser, selector: str) -> dict[str, bool]:
    """Family → whether it came with the page, over all elements matching `selector`."""
    root = browser("DOM.getDocument")["root"]["nodeId"]
    nodes = browser("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]
    assert nodes, selector
    used = [font for node in nodes for font in browser("CSS.getPlatformFontsForNode", nodeId=node)["fonts"]]
    return {font["familyName"]: font["isCustomFont"] for font in used}


@pytest.mark.parametrize("selector", ["h1", "h2", "#table thead th", "#table .group th", "dt", "summary", "figure svg text", "article .traps b"])
def test_chinese_is_shown_with_the_font_of_the_page_where_the_machine_has_none(site, fontless, selector):
    fontless.open(site["tongzhou-145"])
    used = fonts_used(fontless, selector)
    assert used.get(figure.FAMILY) is True, used
    if selector not in ("h1", "figure svg text", "summary"):  # nothing but Chinese in these: any other font would draw boxes
        assert set(used) == {figure.FAMILY}


DRAWN = """(async () => {
  await document.fonts.ready;
  const pen = Object.assign(document.createElement('canvas'), {width: 48, height: 48}).getContext('2d', {willReadFrequently: true});
  pen.font = '40px "Plan Assessment Sans"';
  return [...TEXT].map(sign => { pen.clearRect(0, 0, 48, 48); pen.fillText(sign, 2, 40); return pen.getImageData(0, 0, 48, 48).data.reduce((h, v) => (h * 31 + v) | 0, 7); });
})()"""


def test_no_two_characters_are_drawn_as_the_same_box(site, fontless):
    fontless.open(site["tongzhou-145"])
    text = "".join(sorted({sign for sign in re.sub(r"<[^>]*>", "", page("tongzhou-145")) if "一" <= sign <= "鿿"}))
    assert len(text) > 300
    told = fontless("Runtime.evaluate", expression=DRAWN.replace("TEXT", json.dumps(text + "\ue000")), awaitPromise=True, returnByValue=True)["result"]["value"]
    assert len(set(told)) == len(text) + 1  # the last is a character no font has: the box itself, and nothing else looks like it


# Print ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLANS)
def test_the_page_prints_to_pdf_with_its_sources_opened(site, browser, name):
    browser.open(site[name])
    pdf = base64.b64decode(browser("Page.printToPDF", preferCSSPageSize=True, generateTaggedPDF=True)["data"])
    sheets = pdf.count(b"/Type /Page\n") + len(re.findall(rb"/Type /Page[^s]", pdf.replace(b"/Type /Page\n", b"")))
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF") and sheets > 10
    assert b"/StructTreeRoot" in pdf and re.search(rb"/MediaBox ?\[0 0 59[45]\.?\d* 84[12]", pdf)  # tagged, A4
    browser("Emulation.setEmulatedMedia", media="print")
    try:
        assert set(browser.tell("[...document.querySelectorAll('details:not(.code) table')].map(one => one.checkVisibility())")) == {True}
        assert browser.tell("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
        assert browser.tell("getComputedStyle(document.querySelector('nav')).display") == "none"
    finally:
        browser("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_follow_the_theme_of_the_reader(site, browser, scheme):
    browser("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    try:
        browser.open(site["example"])
        page_paper = browser.tell("getComputedStyle(document.body).backgroundColor")
        assert page_paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 28)"}[scheme]
        assert browser.tell("getComputedStyle(document.querySelector('figure svg path')).fill") == page_paper
        inks = browser.tell("[...new Set([...document.querySelectorAll('figure svg text')].map(one => getComputedStyle(one).fill))]")
        assert page_paper not in inks and len(inks) >= 3
    finally:
        browser("Emulation.setEmulatedMedia", features=[])
