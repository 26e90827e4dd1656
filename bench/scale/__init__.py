"""Batches on paper: how long they take and what they cost at sizes that nobody here can run."""
