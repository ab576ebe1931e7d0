"""The shape of the house: contracts, set-up and what ships around the code."""
