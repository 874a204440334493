"""Statistics forms as data: their lines, balance checks, and what records know about them."""
