"""The Fabric network: one description of it, what is made from that, and the processes that it runs as.

`topology` reads the description, `crypto` and `channel` make certificates and the first block, `render` writes the
build directory, `native` runs it, `deploy` puts the contracts on it. Imports nothing of ours.
"""
