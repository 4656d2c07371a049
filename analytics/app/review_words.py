"""Opinions and decisions in words."""

from analytics.app.text import apart, plain
from analytics.reviews.models import Decision, Opinion


def opinion_words(opinion: Opinion) -> str:
    """What somebody said of an article, as Markdown in a line; the note as they wrote it, but for its line breaks."""
    parts = [f"**{plain(opinion.verdict)}**" if opinion.verdict else "skipped"]
    if opinion.quality is not None:
        parts.append(f"quality {opinion.quality}")
    parts += [plain(reason) for reason in opinion.reasons]
    return ", ".join(parts) + (f" — {apart(opinion.note)}" if opinion.note else "")


def decision_words(decision: Decision) -> str:
    """What the group decided, as Markdown in a line."""
    said = decision.settlement
    parts = [f"**{plain(said.verdict)}**" if said.verdict else said.outcome]
    if said.outcome == "another look":
        parts.append("needs another look")
    if said.quality is not None:
        parts.append(f"quality {said.quality}")
    there = f", with {', '.join(map(apart, said.present))}" if said.present else ""
    note = f" — {apart(said.note)}" if said.note else ""
    return f"{', '.join(parts)} ({decision.at:%-d %b %Y %H:%M} UTC by {apart(decision.by)}{there}){note}"
