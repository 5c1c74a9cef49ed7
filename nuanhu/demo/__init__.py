"""``nuanhu demo``: a whole town with one command, its people, its telephones."""
