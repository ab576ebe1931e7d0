"""A second, literal reading of the gate's rules, cases to ask it about, and the comparison."""
