"""How many files a process may have open: each connection is one, and what a process begins with is often 1,024."""

import resource


def allow_many() -> None:
    """Let this process open as many as the system lets it raise its own limit to (setrlimit(2))."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
