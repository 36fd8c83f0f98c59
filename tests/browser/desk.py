"""Where a person of the demonstration sits, and the pictures of what they see.

``KOPRU_SHOTS=DIR`` keeps a picture of every step: light, dark, and of a phone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import Running, sign_in
from tests.browser.looking import PHONE, WIDE
from tests.browser.words import catalogue

SHOTS = os.environ.get("KOPRU_SHOTS", "")
# A busy machine draws late: two frames have been drawn, and whatever fades has faded.
_DRAWN_ANEW = """new Promise((done) => requestAnimationFrame(() =>
  requestAnimationFrame(() => setTimeout(done, 300))))"""


@dataclass
class Desk:
    """Where one person sits: a page in their language, and the pictures of it."""

    page: Page
    running: Running
    language: str
    who: str
    taken: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.running.url + path)

    def at(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def said(self, english: str, context: str = "") -> str:
        """Return a sentence as this person reads it."""
        if self.language == "en":
            return english
        return catalogue(self.language)[context, english]

    def shot(self, name: str) -> None:
        """Keep a picture of what is seen now, when pictures are wanted."""
        if not SHOTS:
            return
        self.taken.append(name)
        base = f"{SHOTS}/{self.language}-{self.who}-{len(self.taken):02d}-{name}"
        self.page.wait_for_load_state("networkidle")
        for size, mark in ((WIDE, ""), (PHONE, "-phone")):
            self.page.set_viewport_size(size)
            for scheme, end in (("dark", "-dark"), ("light", "")):
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                self.page.evaluate(_DRAWN_ANEW)
                self.page.screenshot(path=f"{base}{mark}{end}.png")
        self.page.set_viewport_size(WIDE)


def sit_down(browser: Browser, running: Running, who: str, language: str) -> Desk:
    """Sign in and choose the language, which is kept with the person."""
    context = browser.new_context(viewport=WIDE, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(60_000)
    return Desk(sign_in(context, running, who, language), running, language, who)
