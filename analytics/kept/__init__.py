"""What users keep in their data folder: saved selections and notes."""
