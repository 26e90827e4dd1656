"""The domain logic of jobs: requests, routing, pricing, quotas. Independent of AWS and of the speech engines."""
