"""The Fabric network: one description of it, what is made from that, and the processes that it runs as.

`topology` reads the description, `material` and `channel` make certificates and the first block, `render` writes the
build directory, `native` runs it, `deploy` puts the contracts on it. Of ours it imports `certification` alone.
"""
