"""What can be typed after `waitan`: each group's commands, arguments, options and help, and what they are handed to."""
