"""Customs: goods declared, held, inspected, taxed and released; the dated rates behind every tax."""
