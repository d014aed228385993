"""What goes wrong in a connection is told in the program's own words, and gRPC adds none."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from gateway.development.data_directory import DataDirectory, Endpoints
from tests.e2e.running import Terminal


class Silent(BaseHTTPRequestHandler):
    """Answers in plain HTTP whatever comes, and keeps no log."""

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def stranger() -> Iterator[str]:
    """An address where something else than a gateway answers."""
    with HTTPServer(("127.0.0.1", 0), Silent) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


@pytest.mark.parametrize(("verbosity", "is_told_alone"), [(None, True), ("INFO", False)])
def test_a_connection_that_fails_is_told_in_our_words(
    tmp_path: Path, stranger: str, monkeypatch: pytest.MonkeyPatch, *, verbosity: str | None, is_told_alone: bool
) -> None:
    """Whoever wants to hear gRPC's own sets the variable by which it is asked."""
    data = DataDirectory(tmp_path / "data")
    data.create()
    data.write_endpoints("banksh", Endpoints(grpc=stranger, http=f"http://{stranger}"))
    monkeypatch.delenv("GRPC_VERBOSITY", raising=False)
    if verbosity is not None:
        monkeypatch.setenv("GRPC_VERBOSITY", verbosity)
    said = Terminal(data.path).start("account", "list", "--at", "banksh", exit_code=3).errors
    assert stranger in said
    assert ("ssl_transport_security" not in said) is is_told_alone
