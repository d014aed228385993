"""What can go wrong with a network, as a sentence and what to do."""

from typing import Final


class NetworkFault(Exception):  # noqa: N818 - it is a fault of the network or of what it stands on, told to a person
    """Something that a person can mend: what is wrong, what to do, and lines from a log or a tool."""

    def __init__(self, sentence: str, *, do: str = "", details: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence: Final = sentence
        self.do: Final = do
        self.details: Final = details


class DescriptionFault(NetworkFault):
    """What is described or asked for cannot be, and nothing was done."""


class DamagedFault(NetworkFault):
    """A certificate or key of the network's cannot be read: nothing that is done with it can go on."""

    def __init__(self, what: str, why: object) -> None:
        super().__init__(f"{what} cannot be read ({why}).", do="Restore it from a copy; then the same again.")


class DaemonAbsent(NetworkFault):
    """There is no Docker on this machine, or its daemon does not run: so no container does."""


class ToolFault(NetworkFault):
    """A program of Fabric's said no; `output` is what it printed, and `see` the command that tells more."""

    def __init__(self, what: str, output: str, *, see: str = "") -> None:
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        errors = [line for line in lines if "error" in line.lower()]  # what follows is often how the program is called
        super().__init__(
            f"{what} failed.",
            do=f"What it said is above; see also: {see}" if see else "What it said is above.",
            details=tuple((errors or lines)[-3:]),
        )
        self.output: Final = output
