"""Draw the guides' pictures again: `make pictures`, where a Chromium is installed; one also needs Fabric's binaries.

The day of `examples/day` is played on a network of its own whose clock stands still but for the minutes between one
message and the next; so names, amounts and times are the same each time. A contract is signed and goods are declared
with the commands that the guides show. What a ledger draws by chance (transactions, keys) is not in the pictures; only
until when a loan's applicant consents is told by the machine's clock, and a supervisor's fingerprint is of its key.
"""

import asyncio
import os
import re
import shlex
import sys
import tempfile
import time
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from playwright.async_api import Browser, async_playwright

from gateway.auth.scopes import Scope
from gateway.cli.demo import live, playing, programme
from gateway.cli.demo.programme import EXAMPLES, Scene
from gateway.cli.say import Say
from gateway.development.cast import Cast
from gateway.development.customers import CARRIER, TRADERS
from gateway.development.data_directory import DataDirectory
from gateway.development.shipments.papers import Papers
from gateway.development.stage import FUNDS, Stage, of_its_own
from gateway.operation import metrics
from gateway.traders.tokens import mint
from gateway.traders.web.frame import token_cookie
from settlement.financing import financing_id
from settlement.records import Command
from settlement.trade import contract
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.lading import bill
from tests.browser.chromium import path

FOLDER: Final = Path(__file__).resolve().parent
ROOT: Final = FOLDER.parents[1]
MINUTES_APART: Final = 7
WIDE: Final = (1080, 760)
SMALLER: Final = (900, 720)
PHONE: Final = (390, 780)


STAFF: Final = {"customs": "customs-1", "regulator": "supervisor-1"}
"""Who of an organisation reads its pages; others: officer-1."""
RUN: Final = "2612"
"""What tells the shipments' numbers from those of the papers with which the commands were run before."""


ENDORSING: Final = "/trade/records/{bill}/sign/endorse_bill?manner=ENDORSE_TO_ORDER&to=789000M2RX5C8V1DPT81@bankist"


class Shot(NamedTuple):
    """A picture: whose page in which language, how wide, light or dark. `address` has `_filled`'s braces."""

    name: str
    organisation: str
    scope: Scope
    address: str
    language: str = "en"
    size: tuple[int, int] = WIDE
    scheme: str = "light"
    to: str = ""
    """What is brought into sight, by its selector; empty: the page from its top."""


SHOTS: Final = (
    Shot("trader-payments", "banksh", Scope.TRADER, "/payments"),
    Shot("trader-payment", "banksh", Scope.TRADER, "/payments/{36}"),
    Shot("trader-phone", "bankist", Scope.TRADER, "/payments/{35}", "tr", PHONE, "dark"),
    Shot("desk", "banksh", Scope.DESK, "/desk"),
    Shot("desk-chinese", "banksh", Scope.DESK, "/payments/{32}", "zh"),
    Shot("network", "clearing", Scope.CLEARING, "/network"),
    Shot("trader-contract", "banksh", Scope.TRADER, "/trade/records/{contract}"),
    Shot("trader-propose", "banksh", Scope.TRADER, "/trade/propose", size=SMALLER),
    Shot("trader-acts", "banksh", Scope.TRADER, "/trade/records/{bill}", size=SMALLER, to="#acts"),
    Shot("trade-sign", "banksh", Scope.TRADER, ENDORSING, size=SMALLER),
    Shot("financing", "banksh", Scope.DESK, "/financing"),
    Shot("customs-desk", "customs", Scope.CUSTOMS, "/customs"),
    Shot("trade-hazelnuts", "banksh", Scope.DESK, "/trade/records/{hazelnuts}", size=SMALLER),
    Shot("supervisor-rejected", "regulator", Scope.SUPERVISOR, "/payments?status=RJCT"),
    Shot("reads", "banksh", Scope.DESK, "/reads"),
)


COMMANDS: Final = (
    "contract propose examples/trade/textiles/contract.json",
    "contract sign {contract} --at banksh",
    "account open clearing CNY",
    "customs announce examples/trade/customs-notice.json",
    "customs approve GAC-2026-11 --as customs-2",
    "lading draft examples/trade/textiles/bill_of_lading.json",
    "lading approve {bill}",
    "lading issue {bill}",
    "financing apply LOAN-26-7 600000.00 --on bill_of_lading:{bill}",
    "financing verify {loan}",
    "financing draw {loan} --reference BOOKING-7",
    "financing apply LOAN-26-8 90000.00 --on bill_of_lading:{bill}",
    "financing verify {second}",
    "customs lodge examples/trade/textiles/declaration.json",
    "customs accept {declaration}",
    "customs assess {declaration} --as tax-1",
    "customs hold {declaration} --reason 'Random check'",
    "payment show {36} --at regulator --as supervisor-1",
    "trade show {bill} --at regulator --as supervisor-1",
    "account list --at regulator --as supervisor-1",
)
"""What is done after the day."""
SPOKEN: Final = {"customs-declaration": "customs show {declaration}"}
"""Pictures of what a command prints."""
REASON: Final = "Inspection 2026-17"
"""Why a supervisor reads."""
MEASURED: Final = "^waitan_(serving|payments_total|commands_under_way|projection_height).*banksh"
"""The lines of a gateway's metrics that are shown, as grep finds them."""
SCRAPE: Final = f"curl -s http://127.0.0.1:9104/metrics | grep -E '{MEASURED}'"
_TERMINAL: Final = """<style>body { margin: 0; padding: 20px 24px; background: #0d141b; color: #e7edf2;
font: 15px/1.5 "DejaVu Sans Mono", monospace; } pre { margin: 0; white-space: pre-wrap; } b { color: #74cf9e; }
</style><pre><b>$ %s</b>\n%s</pre>"""


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


class Unhurried(Cast):
    """People who take some minutes for each step."""

    def __init__(self, stage: Stage, clock: Clock) -> None:
        super().__init__(stage)
        self._clock: Final = clock

    async def officer(self, command: Command, *, organisation: str = "clearing", person: str = "officer-1") -> None:
        """Let a person ask, and time pass."""
        await super().officer(command, organisation=organisation, person=person)
        await self._clock.advance(MINUTES_APART)


async def main(folder: Path) -> None:
    """Play the day, and take the pictures."""
    scenes = programme.read(EXAMPLES)
    date = programme.business_date(scenes)
    clock = Clock(date)
    with tempfile.TemporaryDirectory() as directory:
        async with of_its_own(DataDirectory(Path(directory)), FUNDS, date, clock=clock) as stage, Cast(stage) as cast:
            await live.play(Say(as_json=True), cast, scenes, date, pace_s=MINUTES_APART, pause=clock.advance)
            names = {str(scene.number): _uetr(scene) for scene in scenes} | _trade()
            for command in COMMANDS:
                await _waitan(_filled(command, names), directory)
                await clock.advance(MINUTES_APART)
            papers = Papers(business_date=date, today=date, run=RUN)
            async with Unhurried(stage, clock) as unhurried:
                await playing.play(Say(as_json=True), unhurried, papers)
            hazelnuts = papers.read("hazelnuts/contract.json", ContractTerms)
            names["hazelnuts"] = contract.contract_id(hazelnuts)
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=path())
                for shot in SHOTS:
                    await _take(browser, stage, shot, _filled(shot.address, names), folder)
                for name, command in SPOKEN.items():
                    said = await _waitan(_filled(command, names), directory)
                    await _print(browser, f"waitan {_filled(command, names)}", said, folder / f"{name}.png")
                await _print(browser, SCRAPE, _measured(), folder / "metrics.png")
                if "WAITAN_FABRIC_BIN" in os.environ:
                    await _on_fabric(browser, folder)
                await browser.close()


def _trade() -> dict[str, str]:
    """Name what is made of the examples as the ledger does."""
    folder = ROOT / "examples" / "trade" / "textiles"
    terms = msgspec.json.decode((folder / "contract.json").read_bytes(), type=ContractTerms)
    declared = msgspec.json.decode((folder / "declaration.json").read_bytes())
    lading = msgspec.json.decode((folder / "bill_of_lading.json").read_bytes())
    own = TRADERS["banksh"].customer.identifier
    return {
        "contract": contract.contract_id(terms),
        "declaration": declared["number"],
        "bill": bill.bill_id(CARRIER.lei, lading["transportDocumentReference"], ""),
        "loan": financing_id("banksh", own, "LOAN-26-7"),
        "second": financing_id("banksh", own, "LOAN-26-8"),
    }


async def _on_fabric(browser: Browser, folder: Path) -> None:
    """Start a network on Fabric from the release binaries that `WAITAN_FABRIC_BIN` names, and show how it stands."""
    with tempfile.TemporaryDirectory() as build:
        await _waitan(f"network up --native --dir {build}", build)
        said = await _waitan(f"network status --dir {build}", build)
        await _waitan(f"network down --volumes --dir {build}", build)
    await _print(browser, "waitan network status", said, folder / "network-status.png")


def _measured() -> str:
    """Give the lines of metrics that are shown; this process has those of all organisations' gateways."""
    return "\n".join(line for line in metrics.exposition().decode().splitlines() if re.search(MEASURED, line))


def _filled(text: str, names: dict[str, str]) -> str:
    """Fill in what stands in braces: a message's number for its UETR, `contract`, `declaration`."""
    for name, meant in names.items():
        text = text.replace(f"{{{name}}}", meant)
    return text


async def _waitan(command: str, data: str) -> str:
    """Run a command as a person does, and give what it prints."""
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("waitan"),
        *shlex.split(command),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"WAITAN_DATA": data, "COLUMNS": "96", "WAITAN_REASON": REASON},
        cwd=ROOT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"waitan {command} ended with {process.returncode}")
    return said.decode().replace(f" --data {data}", "")  # as it is said where the usual directory is used


async def _print(browser: Browser, command: str, said: str, picture: Path) -> None:
    """Take a picture of what a command prints."""
    page = await browser.new_page(viewport={"width": WIDE[0], "height": 200})
    await page.set_content(_TERMINAL % (escape(command), escape(said.rstrip())))
    await page.screenshot(path=picture, full_page=True)
    await page.close()


async def _take(browser: Browser, stage: Stage, shot: Shot, address: str, folder: Path) -> None:
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
    await page.goto(f"{door}{address}")
    await page.locator('[data-state="on"]').or_(page.locator("main:not(:has([data-live]))")).first.wait_for()
    if shot.to:
        await page.locator(f"{shot.to} ~ details").evaluate_all(
            "(all) => all.slice(0, 2).forEach((e) => (e.open = true))"
        )
        await page.locator(shot.to).evaluate("(each) => each.scrollIntoView()")
    await page.screenshot(path=folder / f"{shot.name}.png")
    await context.close()


def _token(stage: Stage, shot: Shot) -> str:
    is_trader = shot.scope is Scope.TRADER
    return mint(
        stage.members[shot.organisation].service.key,
        network=stage.network,
        participant=shot.organisation,
        customer=TRADERS[shot.organisation].customer.identifier
        if is_trader
        else STAFF.get(shot.organisation, "officer-1"),
        now_s=int(time.time()),
        scope=shot.scope,
    )


def _uetr(scene: Scene) -> str:
    found = programme.UETR.search(scene.document)
    return found[2].decode() if found else ""


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
