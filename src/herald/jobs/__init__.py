"""The domain logic of jobs: requests, routing, prices, lexicons, custom voices and webhooks.

Independent of AWS and of the speech engines.
"""
