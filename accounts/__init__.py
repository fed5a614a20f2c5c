"""Who works here: operators, roles, tokens, and the record of what they did."""
