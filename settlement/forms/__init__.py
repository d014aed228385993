"""The forms in which things travel and are kept: lists, answers, journals, records. Ledger and gateways share them."""
