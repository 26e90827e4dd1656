"""Analyse recordings of people: quality, words and speakers."""
