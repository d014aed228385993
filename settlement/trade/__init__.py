"""Trade: contracts, invoices and documents, what the parties sign, and what became of each."""
