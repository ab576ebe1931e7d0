"""What happens when real processes are started, killed and started again."""
