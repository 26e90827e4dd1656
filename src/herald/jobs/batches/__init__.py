"""Batches: one manifest to many files. What is asked, what each row means, and what came of it. Knows no AWS."""
