"""What the team takes away."""
