"""The only place in this app that speaks to the outside world: one module for each way out of the house."""
