"""Care owed to a household (三个一): who gives it by when, and who hears when nobody does."""
