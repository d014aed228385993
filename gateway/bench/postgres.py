"""What the embedded ledger is measured against: PostgreSQL with pgbench, one insert and two updates a payment.

Both are durable at every answer (fsync on). The server is started for the run, in a temporary directory, reached by
a Unix socket, and stopped after it.
"""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

CLIENTS: Final = 16
_UNPRIVILEGED: Final = "postgres"
_TABLES: Final = """
CREATE TABLE payments (id bigserial PRIMARY KEY, body text NOT NULL);
CREATE TABLE accounts (id int PRIMARY KEY, posted bigint NOT NULL) WITH (fillfactor = 50);
INSERT INTO accounts SELECT i, 1000000000 FROM generate_series(1, {accounts}) i;
"""
_SCRIPT: Final = r"""
\set debtor {debtor}
\set creditor 1 + (:debtor + random(0, {accounts} - 2)) % {accounts}
\set first least(:debtor, :creditor)
\set second greatest(:debtor, :creditor)
BEGIN;
INSERT INTO payments (body) VALUES ('{body}');
UPDATE accounts SET posted = posted + CASE id WHEN :debtor THEN -1 ELSE 1 END WHERE id = :first;
UPDATE accounts SET posted = posted + CASE id WHEN :debtor THEN -1 ELSE 1 END WHERE id = :second;
COMMIT;
"""


class Postgres:
    """A running server with the benchmark's tables."""

    def __init__(self, programs: Path, directory: Path, *, accounts: int, body: str) -> None:
        self._programs: Final = programs
        self._directory: Final = directory
        self._accounts: Final = accounts
        self._body: Final = body.replace("'", "''").replace(":", "\\x3a")

    def payments_per_s(self, *, hot: bool, seconds: int) -> float:
        """Run pgbench for some seconds: all accounts equally likely as debtor, or (hot) one alone."""
        script = self._directory / ("hot.sql" if hot else "uniform.sql")
        debtor = "1" if hot else f"random(1, {self._accounts})"
        script.write_text(_SCRIPT.format(debtor=debtor, accounts=self._accounts, body=self._body))
        script.chmod(0o644)
        told = run(
            [self._programs / "pgbench", "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds),
             "-h", self._directory, "-U", "bench", "-f", script, "postgres"],
        )  # fmt: skip
        found = re.search(r"tps = ([0-9.]+)", told)
        assert found is not None, told
        return float(found[1])


def programs() -> Path | None:
    """Find the directory of PostgreSQL's programs; None where there is none."""
    found = [*sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]
    on_path = shutil.which("initdb")
    candidates = [path.parent for path in found] + ([Path(on_path).parent] if on_path else [])
    return next((path for path in candidates if (path / "pgbench").exists()), None)


@contextmanager
def running(where: Path, *, accounts: int, body: str) -> Iterator[Postgres]:
    """Start a server with fsync on, and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="waitan-pg-") as name:
        directory = Path(name)
        if os.geteuid() == 0:
            owner = pwd.getpwnam(_UNPRIVILEGED)
            os.chown(directory, owner.pw_uid, owner.pw_gid)
        data = directory / "data"
        run([where / "initdb", "-D", data, "-U", "bench", "-A", "trust", "--no-instructions"])
        options = f"-k {directory} -c listen_addresses='' -c fsync=on -c synchronous_commit=on -c max_wal_size=4GB"
        run([where / "pg_ctl", "-D", data, "-w", "-l", directory / "log", "-o", options, "start"])
        try:
            run(
                [
                    where / "psql",
                    "-h",
                    directory,
                    "-U",
                    "bench",
                    "-q",
                    "-c",
                    _TABLES.format(accounts=accounts),
                    "postgres",
                ]
            )
            yield Postgres(where, directory, accounts=accounts, body=body)
        finally:
            run([where / "pg_ctl", "-D", data, "-m", "immediate", "stop"])


def run(command: list[str | Path]) -> str:
    """Run a program of PostgreSQL, which refuses to be root; raises `CalledProcessError`."""
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    done = subprocess.run(command, check=True, capture_output=True, text=True, user=user, cwd="/")  # noqa: S603 - ours
    return done.stdout
