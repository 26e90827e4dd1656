"""One file for each Lambda function: take the event in, call once, answer. Powertools lives here."""
