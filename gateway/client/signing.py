"""What a person signs, as the message that carries it to a gateway."""

from gateway.auth.signing import Credential, sign_command
from settlement.records import Command
from waitan.v1 import common_pb2


def signed_message(network: str, command: Command, person: Credential) -> common_pb2.SignedCommand:
    """Sign a command for a person, as the message that carries it."""
    signed = sign_command(network, command, person)
    return common_pb2.SignedCommand(
        command=signed.command.encode(), certificate=signed.certificate, signature=signed.signature
    )
