"""What leaves the house: the page, the tables, the index of editions."""
