"""The description as a page for people: one HTML file without scripts or external resources."""
