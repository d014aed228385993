"""`waitan supervision`: what the regulator has read."""

from typing import Final

from google.protobuf.json_format import MessageToDict

from gateway.cli.options import Who
from gateway.cli.say import Say
from gateway.cli.session import calling
from gateway.cli.whereabouts import Whereabouts

BANK: Final = "banksh"
"""Who is asked where nobody is named."""


async def reads(say: Say, who: Who, *, of: str) -> None:
    """List what the regulator has read."""
    async with calling(Whereabouts(who.data), who.at or BANK, who.person) as session:
        found = [each async for each in session.client.supervisory_reads(of)]
    say.result({"reads": [MessageToDict(each, preserving_proto_field_name=True) for each in found]})
    rows = [
        (each.at, each.participant, _asked(each.question), each.subject, each.reason, each.by[:12]) for each in found
    ]
    say.table(("at", "whose", "asked", "about", "why", "by"), rows)
    if not rows:
        say.line("None.")


def _asked(question: str) -> str:
    """Shorten a gRPC method to its name; a route stands as it is."""
    return question if question.startswith("GET ") else question.rpartition("/")[2]
