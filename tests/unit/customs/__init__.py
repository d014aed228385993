"""Customs: declarations, rates, taxes."""
