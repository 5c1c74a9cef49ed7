"""The simulated town: invented people in invented places, whose devices speak as real ones do."""
