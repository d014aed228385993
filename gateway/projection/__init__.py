"""The read model: what one organisation knows of the ledger, in rows that can be asked. Made from the feed alone."""
