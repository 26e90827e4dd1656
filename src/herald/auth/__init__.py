"""Who calls, and what they may do: keys, tokens, scopes and quotas."""
