"""The same description as a page for people: one file of HTML that loads nothing and runs nothing."""
