"""The prices of AWS, and the resources that Herald's work uses."""
