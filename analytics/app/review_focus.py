"""Where the reader's cursor and eye are: what Streamlit itself cannot move."""

import json

import streamlit as st

_FIELD = """<script>
(function enter(tries) {{
  const field = [...document.querySelectorAll({selector})].pop();
  if (field && document.activeElement !== field) {{ field.focus(); field.scrollIntoView({{block: "center"}}); }}
  if (tries) setTimeout(enter, 100, tries - 1);
}})(5);
</script>"""
"""While the page is drawn anew the old field is there beside the new one for a moment."""

_TOP = """<script>
setTimeout(() => document.querySelector(".st-key-review-article")?.scrollIntoView({{block: "start"}}), 50);
</script><!-- {item} -->"""

_SHOWN = "review-shown"


def focus(key: str) -> None:
    """Put the cursor into the text field of a widget's key, once."""
    st.html(_FIELD.format(selector=json.dumps(f".st-key-{key} textarea")), unsafe_allow_javascript=True)


def from_the_top(item: int) -> None:
    """Begin a new article at its head, wherever in the last one the reader was."""
    before = st.session_state.get(_SHOWN)
    st.session_state[_SHOWN] = item
    if before not in (None, item):
        st.html(_TOP.format(item=item), unsafe_allow_javascript=True)
