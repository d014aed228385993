"""The command line: `waitan`. Every command says what it did, or what was wrong, where, and what to do.

Exit codes: 0 done, 1 refused, 2 not understood, 3 unreachable, 4 outcome unknown. What a command needs is imported
when it runs, so that `waitan --help` answers at once.
"""

import os


def main() -> None:
    """Run the command that the program was called with."""
    # What goes wrong in a connection is told in our words; gRPC would add lines of its own to stderr, and to a
    # gateway's log. It reads this when it is loaded, here and in the processes that are started from here.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from gateway.cli.commands import app

    app(prog_name="waitan")
