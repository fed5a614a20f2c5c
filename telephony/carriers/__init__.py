"""One carrier: what it is asked, how it answers, what its words mean."""
