"""AWS's own facts as data, each with its page and the date it was read."""
