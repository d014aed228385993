"""How gRPC polls in the processes that a network starts: their connections in one thread, in place of a pool of them.

Otherwise each message wakes threads of the pool on its way. gRPC reads these settings when it is loaded, so a program
cannot make them for itself; a gRPC that no longer knows a name says so in its log, and goes on.
"""

from typing import Final

SERVER: Final = {"GRPC_EXPERIMENTS": "-event_engine_listener"}
"""For one that is called: a chaincode server."""
SERVER_AND_CLIENT: Final = {"GRPC_EXPERIMENTS": "-event_engine_listener,-event_engine_client"}
"""For one that calls others too: a gateway."""
