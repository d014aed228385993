"""Draw the guides' pictures of the tracker again: `make pictures`, where a Chromium is installed.

The day of `examples/day` is played on a network of its own whose clock stands still but for the minutes between one
message and the next; so names, amounts and times are the same each time. What a ledger draws by chance (transactions,
keys) is not in the pictures.
"""

import asyncio
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from playwright.async_api import Browser, async_playwright

from gateway.auth.scopes import Scope
from gateway.cli.demo import live, programme
from gateway.cli.demo.cast import Cast
from gateway.cli.demo.programme import EXAMPLES, FUNDS, Scene
from gateway.cli.demo.stage import Stage, of_its_own
from gateway.cli.say import Say
from gateway.development.customers import TRADERS
from gateway.development.data_directory import DataDirectory
from gateway.traders.tokens import mint
from gateway.traders.web.frame import token_cookie
from tests.browser.chromium import path

FOLDER: Final = Path(__file__).resolve().parent
MINUTES_APART: Final = 7
WIDE: Final = (1080, 760)
PHONE: Final = (390, 780)


class Shot(NamedTuple):
    """A picture: whose page in which language, how wide, light or dark. `address` may name the message of a UETR."""

    name: str
    organisation: str
    scope: Scope
    address: str
    language: str = "en"
    size: tuple[int, int] = WIDE
    scheme: str = "light"


SHOTS: Final = (
    Shot("trader-payments", "banksh", Scope.TRADER, "/payments"),
    Shot("trader-payment", "banksh", Scope.TRADER, "/payments/{36}"),
    Shot("trader-phone", "bankist", Scope.TRADER, "/payments/{35}", "tr", PHONE, "dark"),
    Shot("desk", "banksh", Scope.DESK, "/desk"),
    Shot("desk-chinese", "banksh", Scope.DESK, "/payments/{32}", "zh"),
    Shot("network", "clearing", Scope.CLEARING, "/network"),
    Shot("supervisor-rejected", "regulator", Scope.SUPERVISOR, "/payments?status=RJCT"),
)


class Clock:
    """Milliseconds since 1970, from nine in the morning in Shanghai on; it goes when it is told to."""

    def __init__(self, date: str) -> None:
        self._now_ms = int(datetime.fromisoformat(f"{date}T01:00:00+00:00").timestamp()) * 1000

    def __call__(self) -> int:
        """Tell the time."""
        return self._now_ms

    async def advance(self, minutes: float) -> None:
        """Let time pass, and not by the minute: nobody's day is so even."""
        self._now_ms += int(minutes * 60_000) + self._now_ms // 1000 % 7 * 4_817


async def main(folder: Path) -> None:
    """Play the day, and take the pictures."""
    scenes = programme.read(EXAMPLES)
    date = programme.business_date(scenes)
    clock = Clock(date)
    with tempfile.TemporaryDirectory() as directory:
        async with of_its_own(DataDirectory(Path(directory)), FUNDS, date, clock=clock) as stage, Cast(stage) as cast:
            await live.play(Say(as_json=True), cast, scenes, date, pace_s=MINUTES_APART, pause=clock.advance)
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=path())
                for shot in SHOTS:
                    await _take(browser, stage, shot, scenes, folder)
                await browser.close()


async def _take(browser: Browser, stage: Stage, shot: Shot, scenes: list[Scene], folder: Path) -> None:
    width, height = shot.size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale=shot.language,
        color_scheme="dark" if shot.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    door = stage.doors[shot.organisation].http
    await context.add_cookies([{"name": token_cookie(shot.organisation), "value": _token(stage, shot), "url": door}])
    page = await context.new_page()
    uetrs = {str(scene.number): _uetr(scene) for scene in scenes}
    address = shot.address
    for number, uetr in uetrs.items():
        address = address.replace(f"{{{number}}}", uetr)
    await page.goto(f"{door}{address}")
    await page.locator('[data-state="on"]').or_(page.locator("main:not(:has([data-live]))")).first.wait_for()
    await page.screenshot(path=folder / f"{shot.name}.png")
    await context.close()


def _token(stage: Stage, shot: Shot) -> str:
    is_trader = shot.scope is Scope.TRADER
    return mint(
        stage.members[shot.organisation].service.key,
        network=stage.network,
        participant=shot.organisation,
        customer=TRADERS[shot.organisation].customer.identifier if is_trader else "officer-1",
        now_s=int(time.time()),
        scope=shot.scope,
    )


def _uetr(scene: Scene) -> str:
    found = programme.UETR.search(scene.document)
    return found[2].decode() if found else ""


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
