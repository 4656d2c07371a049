"""The options of a view, as the reader chooses them."""

import streamlit as st

from analytics.view import Value, View


def options(view: View, width: int = 150) -> dict[str, Value]:
    """Draw a widget for each option, bound to the link; the choices by name."""
    if not view.options:
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return {
            option.name: st.selectbox(
                option.label,
                option.choices,
                index=option.choices.index(option.default),
                key=f"{view.slug}-{option.name}",
                bind="query-params",
                width=width,
            )
            for option in view.options
        }
