"""A corpus seen through a selection."""
