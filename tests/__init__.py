"""The tests, and the stand-ins and builders that they share."""
