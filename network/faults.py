"""What can go wrong with a network, as a sentence and what to do."""

from typing import Final


class NetworkFault(Exception):  # noqa: N818 - it is a fault of the network or of what it stands on, told to a person
    """Something that a person can mend: what is wrong, what to do, and lines from a log or a tool."""

    def __init__(self, sentence: str, *, do: str = "", details: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence: Final = sentence
        self.do: Final = do
        self.details: Final = details
