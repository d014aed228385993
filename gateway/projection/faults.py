"""What stops a read model."""


class FeedBrokenError(Exception):
    """The feed does not continue what was applied, or a private value is not what the block says."""
