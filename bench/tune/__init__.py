"""The deployed function over memory sizes: latency, price, and the size to take. `make tune`."""
