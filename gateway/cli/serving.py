"""What can go wrong for a network in this process, told so that one can go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.session import failure_of
from gateway.client import WaitanError
from gateway.development.data_directory import DataDirectory, NoNetworkError
from gateway.development.members import RefusedError
from gateway.development.process import PortInUseError
from gateway.ledger.embedded import LedgerCorruptError, LedgerStoppedError, LedgerUnusableError
from gateway.ledger.port import LedgerUnreachableError, OutcomeUnknownError
from gateway.projection.faults import FeedBrokenError

_ELSEWHERE = "Another directory: --data DIR"


@contextmanager
def told(directory: DataDirectory) -> Iterator[None]:
    """Turn what stops a network into a `Failure`."""
    try:
        yield
    except PortInUseError as error:
        raise _cannot_serve(
            f"Port {error.port} is taken: another network may be running.",
            do="Use that one, stop it, or choose other ports: waitan up --grpc-port 7201 --http-port 8201",
        ) from None
    except (LedgerUnusableError, NoNetworkError, FeedBrokenError) as error:
        raise _unusable(directory, error) from None
    except (FileExistsError, NotADirectoryError):
        raise usage(f"{directory.path} is a file, and no directory.", do=_ELSEWHERE) from None
    except OSError as error:
        raise _cannot_serve(
            f"{error.filename or directory.path} cannot be written ({error.strerror}).",
            do="Mend its permissions, or choose another directory: waitan up --data DIR",
        ) from None
    except RefusedError as error:
        raise Failure(
            Exit.REFUSED, f"The ledger in {directory.path} does not let the day begin: {error}.", do=_ELSEWHERE
        ) from None
    except LedgerUnreachableError:
        raise _cannot_serve(
            f"The ledger in {directory.path} does not serve: the log above says why.",
            do=f"Prove it: waitan ledger verify {directory.path}",
        ) from None
    except OutcomeUnknownError:
        raise Failure(
            Exit.UNKNOWN,
            "The ledger has not answered in time; what was asked may have taken effect.",
            do="Start again: what took effect is found, and what is missing is asked again.",
        ) from None
    except WaitanError as error:
        raise failure_of(error, "an organisation", "this process") from None


def _cannot_serve(sentence: str, *, do: str) -> Failure:
    """Say why a network is not to be reached: it is this command that would have served it."""
    return Failure(Exit.UNREACHABLE, sentence, do=do, heading="Cannot serve")


def _unusable(directory: DataDirectory, error: Exception) -> Failure:
    """Say what mends a directory: where the ledger is damaged, another one would only begin another ledger."""
    cause = error.__cause__ if isinstance(error, FeedBrokenError) else error  # why whoever waited for a feed was told
    verify = f"waitan ledger verify {directory.path}"
    if isinstance(cause, LedgerCorruptError):
        do = f"Restore the whole directory from a backup. What is damaged, this names: {verify}"
        return _cannot_serve(f"{cause}.", do=do)
    if isinstance(cause, LedgerStoppedError):
        return _cannot_serve(f"{cause}.", do=f"Mend that and start again. To prove the ledger: {verify}")
    if isinstance(error, FeedBrokenError):
        sentence = f"A read model in {directory.read} has stopped: the log above says why."
        do = "Start again: one that is damaged is read anew from the ledger."
        return _cannot_serve(sentence, do=do)
    return _cannot_serve(f"{error}.", do=_ELSEWHERE)
