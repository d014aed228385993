"""Where a Chromium is, if there is one: found by its name, as a shell would."""

import shutil
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def found() -> str | None:
    """Give the path of an installed Chromium; None where there is none."""
    return next((place for name in NAMES if (place := shutil.which(name))), None)


def path() -> str:
    """Give the path of an installed Chromium; raises `FileNotFoundError`."""
    place = found()
    if place is None:
        raise FileNotFoundError(f"no Chromium is installed: none of {', '.join(NAMES)} is on the path")
    return place
