"""The telco's REST resources, as its customers see them."""
