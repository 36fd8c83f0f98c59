"""What a program finds on the owner's screens. Each is looked at once in the run, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

CHECKER = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
# All rules are tried on all there is; what passes is not described, nor where a fault stands twice
# (its HTML is told): that takes a quarter of the time.
ONLY_FAULTS = {"resultTypes": ["violations"], "selectors": False}
_CHECK = """async (options) => (await axe.run(document, options)).violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => [one.id, one.impact, one.nodes.slice(0, 3).map((it) => it.html.slice(0, 160))])"""
SCHEMES = ("light", "dark")
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# What the dark may make worse: the rest of a page is the same in both schemes.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Else each generation of inherited colours sets out when the one above it has arrived.
_AT_ONCE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *::before, *::after { transition: none !important; }");
  document.adoptedStyleSheets.push(sheet);
}"""
# All parts of the page are there, and nothing moves.
_SETTLED = """async () => {
  const isComing = () => document.querySelector(".htmx-request");
  const isMoving = () => document.getAnimations().some((one) => one.playState === "running");
  for (let frame = 0, still = 0; still < 2; frame += 1) {
    if (frame > 3600) throw Error("something goes on coming or moving");
    await new Promise(requestAnimationFrame);
    still = isComing() || isMoving() ? 0 : still + 1;
  }
}"""


class Looks:
    """The owner's window, which goes from screen to screen, and what was found on each.

    In the light every rule is tried, and whether a phone would scroll sideways; in the dark what
    the colours change.
    """

    def __init__(self, url: str, page: Page) -> None:
        self._url, self._page = url, page
        self._found: dict[tuple[str, str], list[Any]] = {}
        self._scheme, self._is_phone = "light", False
        page.set_viewport_size(WIDE)

    def faults(
        self, addresses: Iterable[str], scheme: str, *, seen_in: Sequence[str] = SCHEMES
    ) -> dict[str, list[Any]]:
        """Return what is wrong on these screens in a scheme; ``{}`` when nothing is.

        A screen that is opened for it is seen in all schemes that anybody may ask for later.
        """
        wanted = list(addresses)
        for address in wanted:
            if (address, scheme) not in self._found:
                self._look(address, seen_in)
        return {each: wrong for each in wanted if (wrong := self._found[each, scheme])}

    def _look(self, address: str, schemes: Sequence[str]) -> None:
        self._page.goto(self._url + address)
        self._page.evaluate(_AT_ONCE)
        # Each screen begins in the scheme and the size that the one before it was left in.
        is_begun_narrow = self._is_phone
        wide = self._sideways() if is_begun_narrow else []
        self._be_phone(False)
        for scheme in sorted(schemes, key=lambda each: each != self._scheme):
            see(self._page, scheme)
            self._scheme = scheme
            rules = RULES if scheme == "light" else OF_COLOURS
            self._found[address, scheme] = troubles(self._page, rules)
        if "light" in schemes:
            if not is_begun_narrow:
                self._be_phone(True)
                wide = self._sideways()
            self._found[address, "light"] += wide

    def _be_phone(self, is_phone: bool) -> None:
        if is_phone != self._is_phone:
            self._page.set_viewport_size(PHONE if is_phone else WIDE)
            self._is_phone = is_phone

    def _sideways(self) -> list[Any]:
        """Return by how much the page is wider than a phone."""
        wide = self._page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return [["sideways", wide]] if wide > 1 else []


def see(page: Page, scheme: str) -> None:
    """Let the page be drawn in a scheme."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.evaluate(_SETTLED)
    assert page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")


def troubles(page: Page, rules: Any = RULES) -> list[Any]:
    """Return what axe-core finds serious on the page, by these rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(CHECKER.read_text(encoding="utf-8"))
    found = page.evaluate(_CHECK, {"runOnly": rules, **ONLY_FAULTS})
    return [(rule, impact, nodes) for rule, impact, nodes in found]
