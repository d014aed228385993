"""`waitan demo`: a business day on a network of its own, told as it goes, proved at its end."""
