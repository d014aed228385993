"""Every page for everybody: in each language, on a phone and on a desk, by ear, by keyboard, and without a script."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from gateway.auth.scopes import Scope
from gateway.traders.web.readers import SECTIONS
from gateway.traders.web.words import LANGUAGES
from tests.browser.conftest import Doors, signed_in
from tests.gateway.two_firms import Names
from tests.trade import SELLER

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("chromium")]

AT = {
    Scope.TRADER: "banksh",
    Scope.DESK: "banksh",
    Scope.CLEARING: "clearing",
    Scope.CUSTOMS: "customs",
    Scope.SUPERVISOR: "regulator",
}
PAGES = [(scope, section.path) for scope in Scope for section in SECTIONS if scope in section.readers]
SIZES = {"phone": (360, 740), "desk": (1280, 900)}

_UNNAMED = """() => [
    ...document.querySelectorAll(
      "a, button, input:not([type=hidden]), select, summary, nav, [role=region], svg[role=img]")
  ].filter((each) => !(each.ariaLabel || each.labels?.[0]?.textContent.trim() || each.textContent.trim()
    || each.getAttribute("aria-labelledby")?.split(" ").every((id) => document.getElementById(id)?.textContent.trim())))
  .map((each) => each.outerHTML.slice(0, 120))"""
_OUTSIDE = """() => [...document.querySelectorAll("main *")].filter((each) => {
    const box = each.getBoundingClientRect();
    const edge = document.documentElement.clientWidth + 1;
    return box.width && !each.closest(".rolls, .heard, thead, svg") && box.right > edge;
  }).map((each) => each.outerHTML.slice(0, 120))"""
_TWICE = """() => { const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place); }"""
_TABBABLE = "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']"


async def _paths(page: Page, scope: Scope, path: str, doors: Doors) -> list[str]:
    """Give a section's pages: itself, of payments the page of the first, of trade those of every kind of record."""
    if path == "/trade":
        return [path, *_of_trade(scope, doors.there)]
    if path != "/payments":
        return [path]
    await page.goto(doors.url(AT[scope], path))
    links = page.locator("tbody a")
    first = await links.first.get_attribute("href") if await links.count() else None
    return [path, first] if first else [path]


def _of_trade(scope: Scope, there: Names) -> list[str]:
    kinds = ["declaration", "assessment"]
    if scope is not Scope.CUSTOMS:
        kinds += ["contract", "invoice", "document", "bill", "financing"]
    found = [f"/trade/records/{getattr(there, kind)}" for kind in kinds]
    if scope is Scope.TRADER:
        found += [
            "/trade/key",
            "/trade/propose",
            "/trade/propose?lines=3&other_name=Boğaziçi",
            f"/trade/records/{there.bill}/sign/transfer_bill?to=bankist",
        ]
        wrong = "number=1&issued_on=2026-11-23&due_on=2026-11-23&quantity_1=many"
        found.append(f"/trade/records/{there.contract}/sign/issue_invoice?{wrong}")
    return found


async def _enters(context: BrowserContext, doors: Doors, scope: Scope) -> None:
    """Sign in; a trader is the seller, which has something of everything."""
    await signed_in(context, doors, AT[scope], scope, SELLER.identifier)


@pytest.mark.parametrize("look", [(language, size) for language in LANGUAGES for size in SIZES], ids="-".join)
@pytest.mark.parametrize(("scope", "path"), PAGES)
async def test_a_page_is_whole_in_every_language_and_size(
    chromium: Browser, doors: Doors, scope: Scope, path: str, look: tuple[str, str]
) -> None:
    language, size = look
    width, height = SIZES[size]
    context = await chromium.new_context(
        locale=language,
        viewport={"width": width, "height": height},
        color_scheme="dark" if language == "zh" else "light",
        reduced_motion="reduce",
    )
    await _enters(context, doors, scope)
    page = await context.new_page()
    for each in await _paths(page, scope, path, doors):
        await page.goto(doors.url(AT[scope], each))
        assert await page.locator("html").get_attribute("lang") == language
        assert await page.evaluate(_OUTSIDE) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert await page.evaluate(_UNNAMED) == []
        assert await page.evaluate(_TWICE) == []
        for landmark in ("banner", "main", "contentinfo"):
            await expect(page.get_by_role(landmark)).to_have_count(1)
        await expect(page.locator("h1")).to_have_count(1)
        for picture in await page.locator("svg[role=img]").all():
            assert await picture.locator("title").text_content()
            assert await picture.locator("desc").text_content()
        assert await page.locator("th:not([scope])").count() == 0
    await context.close()


@pytest.mark.parametrize(("scope", "path"), PAGES)
async def test_a_keyboard_reaches_everything_in_its_order(page: Page, doors: Doors, scope: Scope, path: str) -> None:
    await _enters(page.context, doors, scope)
    await page.goto(doors.url(AT[scope], path))
    wanted = await page.locator(_TABBABLE).count()
    await page.evaluate(
        "(selector) => document.querySelectorAll(selector).forEach((each, place) => (each.dataset.place = place))",
        _TABBABLE,
    )
    reached = []
    for _ in range(4 * wanted):  # a field for a date has more than one stop
        await page.keyboard.press("Tab")
        place = await page.evaluate("document.activeElement.dataset.place ?? ''")
        if place and place not in reached:
            reached.append(place)
        if len(reached) == wanted:
            break
    assert reached == [str(place) for place in range(wanted)]


@pytest.mark.parametrize(("scope", "path"), PAGES)
async def test_a_page_can_be_read_without_a_script(chromium: Browser, doors: Doors, scope: Scope, path: str) -> None:
    read = []
    for scripts in (True, False):
        context = await chromium.new_context(java_script_enabled=scripts, locale="en-GB")
        await _enters(context, doors, scope)
        page = await context.new_page()
        await page.goto(doors.url(AT[scope], path))
        read.append(await page.locator("h1, h2, tbody tr, svg title, label").all_text_contents())
        await context.close()
    assert read[1]
    assert read[0] == read[1]
