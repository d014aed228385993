"""What holds for every test."""

from hypothesis import settings

# No deadline: the time an example takes says more about the machine than about the code. A failing example prints
# the line that replays it.
settings.register_profile("waitan", deadline=None, print_blob=True)
settings.load_profile("waitan")
