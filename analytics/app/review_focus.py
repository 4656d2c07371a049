"""Where the reader's cursor and eye are: what Streamlit itself cannot move."""

import json

import streamlit as st

_FIELD = """<script>
setTimeout(() => {{
  const field = document.querySelector({selector});
  if (field) {{ field.focus(); field.scrollIntoView({{block: "center"}}); }}
}}, 50);
</script>"""

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
