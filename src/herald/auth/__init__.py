"""Callers and their permissions: API keys, tokens, scopes and quotas."""
