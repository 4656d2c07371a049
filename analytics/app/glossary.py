"""The words of the dashboard, each explained in a sentence or two, one click away on every page."""

import streamlit as st

WORDS = {
    "Quality": "The score that an article was given before publication, as its file has it.",
    "Heat": "A score that begins at the quality and moves with what readers do. -1 means that it is not ranked: it is "
    "counted, and left out of means.",
    "Heat lift": "Heat minus quality: how much more readers see in an article than its quality.",
    "Warming, standing": "Above its quality, and moved up within the window; or above it without a move in the window.",
    "Decided": "An article that says whether it is published. Shares published are of these.",
    "Cut-off": "The quality that best separates published from unpublished articles of the whole corpus.",
    "Near miss": "Unpublished and only just below the cut-off, or published and only just above.",
    "Umbrella topic": "A topic that nearly every article has, and that therefore tells none apart.",
    "Story": "One event that several articles tell: their headlines share most of their words, within a week. “Count a "
    "story once” leaves of each only the article that told it first.",
    "Up, down": "A change that the change test finds. At most one in ten of them is chance; nothing else gets a "
    "verb or a colour.",
    "No clear change": "It was tested, and what was seen could be chance.",
    "Too few to tell": "There are too few articles or weeks for a test.",
    "[60, 68]": "The 95 % interval: where the true share or difference lies in 95 of 100 such samples.",
}
"""Word → what it means here; docs/numbers.md says how changes are decided."""


def show_popover() -> None:
    """Draw the button that opens the list of words."""
    with st.popover("Words", icon=":material/dictionary:", width="stretch"):
        for word, meaning in WORDS.items():
            st.markdown(f"**{word}**: {meaning}")
