"""Files → typed frames."""
