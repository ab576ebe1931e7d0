"""What holds the three apps together: start-up checks, health, logs, the task API."""
