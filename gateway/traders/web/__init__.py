"""The tracker: pages for people at the traders' door, drawn on the server and readable without a script."""
