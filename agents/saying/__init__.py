"""How written clinical text is said: the parts of `agents.wording`."""
