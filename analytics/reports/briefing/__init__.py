"""The briefing: what an editor must know of a corpus, on one screen and one page of paper."""
