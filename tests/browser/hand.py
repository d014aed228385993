"""A hand that uses a page as a person does, by what is written on it, and remembers what it has used.

So a test can say of all pages together that nothing on them was left untried.
"""

from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import Page

Control = tuple[str, str]
"""What it is (a field, a button, a link of the frame, a disclosure), and what is written on it."""

_CONTROLS: Final = """() => {
  const named = (each) => (each.ariaLabel || each.labels?.[0]?.textContent || each.textContent).trim();
  const all = (kind, selector) => [...document.querySelectorAll(selector)].map((each) => [kind, named(each)]);
  return [
    ...all("field", "input:not([type=hidden]), textarea"), ...all("choice", "select"),
    ...all("button", "button"), ...all("disclosure", "summary"),
    ...all("link", "header nav a, footer a, a.button, .pager a, a.skip, main > section a:not(td a)"),
  ];
}"""


class Hand:
    """One person's, on one page at a time."""

    def __init__(self, page: Page) -> None:
        self.page: Final = page
        self.used: Final[set[Control]] = set()
        self.seen: Final[set[Control]] = set()
        self.visited: Final[set[str]] = set()
        """The paths of the pages that it has looked at."""

    async def look(self) -> None:
        """Note what there is to use on the page."""
        self.visited.add(urlsplit(self.page.url).path)
        self.seen.update((kind, name) for kind, name in await self.page.evaluate(_CONTROLS))

    async def go(self, url: str) -> None:
        """Open an address."""
        await self.page.goto(url)
        await self.look()

    async def fill(self, label: str, text: str) -> None:
        """Fill a field in."""
        await self.page.get_by_label(label, exact=True).locator("visible=true").fill(text)
        self.used.add(("field", label))

    async def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        await self.page.get_by_label(label, exact=True).locator("visible=true").select_option(label=option)
        self.used.add(("choice", label))

    async def press(self, name: str) -> None:
        """Press a button."""
        await self.page.get_by_role("button", name=name, exact=True).locator("visible=true").click()
        self.used.add(("button", name))
        await self.look()

    async def sign(self) -> None:
        """Sign what the page shows, and come to the page to which that leads."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name="Sign", exact=True).click()
        self.used.add(("button", "Sign"))
        await self.look()

    async def follow(self, name: str, *, looking: bool = True) -> None:
        """Follow a link of the frame, of a list's pages, or one that looks like a button."""
        await self.page.get_by_role("link", name=name, exact=True).first.click()
        self.used.add(("link", name))
        if looking:
            await self.look()

    async def disclose(self, name: str) -> None:
        """Open what is folded, and see that something comes out."""
        summary = self.page.locator("summary", has_text=name).first
        hidden = summary.locator("xpath=following-sibling::*").first
        assert not await hidden.is_visible()
        await summary.click()
        assert await hidden.is_visible()
        self.used.add(("disclosure", name))
