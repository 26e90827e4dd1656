"""Recordings of people: their quality, their words and their speakers."""
