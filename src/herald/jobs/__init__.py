"""What happens to a request, before and beside the speaking. Knows no AWS and no engine."""
