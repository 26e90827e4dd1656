"""Batches: requests, manifests, plans, results and reports. Independent of AWS."""
