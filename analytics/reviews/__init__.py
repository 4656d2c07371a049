"""Review sessions: what is on the agenda and why, what people judged, what the group decided."""
