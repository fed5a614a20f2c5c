"""Who may be warned: registered from files and one by one, removed for good."""
