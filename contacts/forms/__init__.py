"""What people type about contacts."""
