"""`waitan up --demo`, and a browser on the address that it prints: the day goes on while one watches."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.running import Terminal

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("chromium")]


async def test_the_printed_address_shows_the_demos_day_live(page: Page, tmp_path: Path) -> None:
    with Terminal(tmp_path / "data").up("--demo", "--pace", "0.3") as ready:
        await page.goto(ready["pages"]["url"])
        await page.get_by_label("Access token").fill(ready["pages"]["token"])
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.locator('[data-state="on"]')).to_have_text("Live")
        received = page.locator(".figures div", has_text="Received").locator("dd")
        await expect(page.get_by_text("Konya Ova Gunes Enerjisi A.S.").first).to_be_visible()
        before = int(await received.text_content() or 0)
        await expect(received).not_to_have_text(str(before), timeout=60_000)
        assert int(await received.text_content() or 0) > before
        # The browser looks on while the network stops: it is not what keeps it from stopping.
        await page.goto("about:blank")
