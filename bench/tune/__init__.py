"""Latency and price of the built speech function by memory size, with a recommendation. `make tune`."""
