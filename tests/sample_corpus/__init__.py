"""Generator of the sample corpus and its git history: `python -m tests.sample_corpus DIR --articles N [--history]`."""
