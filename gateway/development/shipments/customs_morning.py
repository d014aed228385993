"""Before goods come: the treasury has its account, and the rates that customs announced are in force."""

from typing import Final

import msgspec
from msgspec.structs import replace

from gateway.development.members import new_id
from gateway.development.shipments.firms import CUSTOMS, SECOND
from gateway.development.shipments.papers import Papers
from gateway.development.shipments.story import Story
from settlement.accounts.account import OpenAccount
from settlement.customs.duty import CNY
from settlement.customs.rates import ApproveRates, EnterRates, Notice, NoticeState

TREASURY: Final = "clearing"


async def begin(story: Story, papers: Papers) -> None:
    """Open the treasury's account and put the rates into force, unless an earlier day has seen to it."""
    clearing = await story.cast.client(TREASURY)
    if not await clearing.accounts(TREASURY, CNY):
        await story.cast.officer(OpenAccount(command_id=new_id(), participant=TREASURY, currency=CNY))
    notice = await _missing(story, papers)
    if notice is not None:
        kinds = f"{len(notice.duties)} duties, {len(notice.exchange)} exchange rates"
        await story.signs(CUSTOMS, f"announces notice {notice.notice_id}: {kinds}", notice)
        approval = ApproveRates(command_id=new_id(), notice_id=notice.notice_id)
        await story.signs(SECOND, "puts it into force: another officer than announced it", approval)


async def _missing(story: Story, papers: Papers) -> EnterRates | None:
    """Give what of the notice is not in force: all of it, the month's exchange rates, or nothing."""
    customs = await story.cast.client(CUSTOMS.organisation, CUSTOMS.name)
    known = [msgspec.json.decode(each.content, type=Notice) for each in await customs.notices()]
    in_force = [notice for notice in known if notice.state is NoticeState.IN_FORCE]
    notice = replace(papers.read("customs-notice.json", EnterRates, of_customs=True), command_id=new_id())
    if not in_force:
        return notice
    months = {rate.month for each in in_force for rate in each.exchange}
    if papers.business_date[:7] in months:
        return None
    return replace(notice, notice_id=f"GAC-{papers.business_date}", duties=(), terms=None)
