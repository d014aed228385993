"""`waitan day list`, `participant list` and `show`: what is on the ledger."""

from typing import Final

from google.protobuf.json_format import MessageToDict

from gateway.cli.options import Who
from gateway.cli.say import Marked, Say, marked
from gateway.cli.session import calling
from gateway.cli.whereabouts import Whereabouts
from gateway.development.members import SERVICE
from settlement.parties import Kind
from waitan.v1.days_pb2 import DAY_STATE_CLOSED, DAY_STATE_CUT_OFF, DAY_STATE_OPEN
from waitan.v1.participants_pb2 import OrganisationKind, ParticipantState

_STATES: Final = {
    DAY_STATE_OPEN: Marked("[green]open[/]"),
    DAY_STATE_CUT_OFF: Marked("[yellow]cut off[/]"),
    DAY_STATE_CLOSED: Marked("[dim]closed[/]"),
}


async def days(say: Say, who: Who) -> None:
    """List the last business day of each currency."""
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.CLEARING), who.person) as session:
        found = sorted(await session.client.days(), key=lambda day: day.currency)
    say.result({"days": [MessageToDict(day, preserving_proto_field_name=True) for day in found]})
    say.table(("currency", "date", "state"), [(day.currency, day.date, _STATES[day.state]) for day in found])


async def participants(say: Say, who: Who) -> None:
    """List the organisations."""
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.CLEARING), who.person) as session:
        found = await session.client.participants()
    say.result({"participants": [MessageToDict(each, preserving_proto_field_name=True) for each in found]})
    rows = []
    for each in found:
        state = ParticipantState.Name(each.state).removeprefix("PARTICIPANT_STATE_").lower()
        kind = OrganisationKind.Name(each.kind).removeprefix("ORGANISATION_KIND_").lower()
        shown = state if state == "active" else marked("[yellow]{}[/]", state)
        rows.append((marked("[bold]{}[/]", each.participant), kind, each.name, each.bic, shown))
    say.table(("name", "kind", "", "BIC", "state"), rows)


async def participant(say: Say, who: Who, name: str) -> None:
    """Show one organisation."""
    places = Whereabouts(who.data)
    places.organisation(name)
    async with calling(places, who.at or places.first(Kind.CLEARING), who.person) as session:
        found = await session.client.participant(name)
    people = [person for person in places.directory.people(name) if person != SERVICE]
    say.result({**MessageToDict(found, preserving_proto_field_name=True), "people": people})
    say.line(f"{found.participant}: {found.name}", style="bold")
    state = ParticipantState.Name(found.state).removeprefix("PARTICIPANT_STATE_").lower()
    say.facts(
        {
            "state": state,
            "BIC": found.bic,
            "accounts": ", ".join(found.currencies),
            "people here": ", ".join(people),
            "revoked": ", ".join(found.revoked),
        }
    )
