"""What the Reports page makes, kept as a recipe for the command line."""

import streamlit as st

from analytics.app import data
from analytics.app.attempts import attempt, say
from analytics.app.making import Order
from analytics.app.text import plain
from analytics.catalog import VIEWS
from analytics.errors import KeptError
from analytics.kept import names, recipe_files
from analytics.kept.recipes import FORMATS, Recipe, recipe_text

PLACE = "recipe"
NAME, REPLACE = "recipe-name", "recipe-replace"


def recipe_box(order: Order) -> None:
    """Offer the current filters, views and title as a recipe: into the data folder, or to download."""
    st.header("Save as recipe", anchor="recipe")
    st.markdown("A recipe makes this report again and again: `article-analytics report --recipe FILE`.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input("Name", key=NAME, max_chars=names.NAME_MAX, placeholder="weekly")
        formats = st.multiselect("Forms", FORMATS, default=FORMATS[:1], key="recipe-formats", width=280)
        days = st.number_input(
            "Only the last … days",
            value=None,
            min_value=1,
            max_value=99_999,
            step=1,
            key="recipe-days",
            placeholder="as filtered",
            help="Counted back from the newest article whenever the report is made, in place of the dates.",
        )
    say(PLACE)
    if not typed.strip():
        st.caption("Name it to save it.")
        return
    try:
        name = recipe_files.recipe_name(typed)
    except KeptError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    recipe = Recipe(
        name=name,
        title=order.title,
        selection=order.selection,
        days=days,
        views=() if len(order.views) == len(_offered()) else order.views,
        formats=tuple(formats) or FORMATS[:1],
    )
    _save(recipe)


def _offered() -> list[str]:
    """The views that the page offers: those that have what they need."""
    return [slug for slug, view in VIEWS.items() if not data.lacking(view)]


def _save(recipe: Recipe) -> None:
    st.code(recipe_text(recipe), language=None, wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Save in the data folder", key="recipe-save", type="primary", on_click=_keep, args=(recipe,))
        st.toggle("Replace one of this name", key=REPLACE)
        st.download_button(
            "Download recipe",
            recipe_text(recipe),
            file_name=f"{recipe.name}.yml",
            mime="application/yaml",
            on_click="ignore",
            icon=":material/download:",
            key="recipe-download",
        )


def _keep(recipe: Recipe) -> None:
    """Callback: write it, and say where it is."""
    target = recipe_files.folder() / f"{recipe.name}.yml"
    replace = bool(st.session_state[REPLACE])
    attempt(PLACE, lambda: recipe_files.save(recipe, replace=replace), f"Saved as {target}.")
