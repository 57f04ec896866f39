"""How fast the site is, as ratios to a yardstick measured in the same run; see README.md. Not tests: nothing fails."""
