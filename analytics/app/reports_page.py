"""The Reports page: downloads for the current filters, as tables, report, workbook, chart or recipe."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from analytics.app import answers, report_cache, sidebar
from analytics.app.action_messages import add_page_style, attempt, show_kept_message
from analytics.app.cards import option_widgets
from analytics.app.csv_downloads import for_excel
from analytics.app.dated_notes import report_notes
from analytics.app.escaping import escaped
from analytics.app.report_cache import FileRequest
from analytics.app.sidebar import chips_and_link
from analytics.catalog import VIEWS
from analytics.errors import ExportError, UserDataError
from analytics.reports.available_views import given_or_available_views
from analytics.reports.csv import file_name
from analytics.reports.report.chart_images import IMAGE_FORMATS
from analytics.userdata import recipes
from analytics.userdata.name_validation import NAME_MAX
from analytics.userdata.recipes import FORMATS, Recipe

TITLE = "Article report"


@dataclass(frozen=True)
class DownloadForm:
    """A download on offer: its form (the suffix), name, description and media type."""

    form: str
    name: str
    words: str
    mime: str


OFFERS = (
    DownloadForm(
        "zip",
        "Bundle",
        "All tables as CSV in a zip: each view, the articles with their topics, related stories and problems, a "
        "dictionary of all columns, and how it was made. For spreadsheets and data tools.",
        "application/zip",
    ),
    DownloadForm(
        "html",
        "HTML report",
        "One page with a summary in words, the charts and their tables. It opens in any browser without a network, "
        "and prints to A4.",
        "text/html",
    ),
    DownloadForm(
        "xlsx",
        "Workbook",
        "A sheet for each view with its chart, and a first sheet that says what it holds. Text that a spreadsheet "
        "would run as a formula is defused.",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
)
CHARTS = {
    "svg": DownloadForm("svg", "SVG", "", "image/svg+xml"),
    "png": DownloadForm("png", "PNG", "", "image/png"),
    "pdf": DownloadForm("pdf", "PDF", "", "application/pdf"),
}


def show() -> None:
    """Draw the page."""
    st.title("Reports")
    add_page_style()
    sidebar.draw_notices()
    selection = sidebar.current()
    shown, _ = answers.selected_and_all_counts(selection)
    st.caption(f"{sidebar.size_and_filters_text(selection)}. All times are UTC.")
    chips_and_link(selection)
    if not shown:
        st.info("No article matches the filters: there is nothing to take away.", icon=":material/search_off:")
        st.button("Clear all filters", on_click=sidebar.clear, key="clear-here", disabled=not selection.text)
        return
    notes = report_notes(selection)
    order = _order()
    for place, offer in zip(st.columns(len(OFFERS)), OFFERS, strict=True):
        with place.container(border=True, height="stretch", key=f"offer-{offer.form}"):
            st.header(offer.name, anchor=f"take-{offer.form}")
            st.markdown(offer.words)
            parquet = offer.form == "zip" and st.toggle("As Parquet too", key="parquet", persist_state="session")
            excel = offer.form == "zip" and for_excel()
            _take(offer, replace(order, form=offer.form, parquet=parquet, excel=excel), notes)
    _chart(order, notes)
    with st.container(border=True, key="offer-recipe"):
        save_recipe_form(order)


def _order() -> FileRequest:
    """Draw the choices that all downloads share (title, date, views). Returns an order without a form."""
    with st.container(border=True, key="order"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            title = st.text_input("Title", TITLE, key="report-title", max_chars=NAME_MAX, persist_state="session")
            today = datetime.now(UTC).date()
            made = st.date_input("Date on the report", today, key="report-made", format="YYYY-MM-DD", width=180)
        offered = given_or_available_views(None, answers.side_data_of(VIEWS))
        slugs = [view.slug for view in offered.views]
        picked = st.multiselect(
            "Views",
            slugs,
            format_func=_named,
            key="report-views",
            placeholder=f"all {len(slugs)}; choose some to leave out the others",
            persist_state="session",
        )
        for words in offered.left_out_sentences():
            st.caption(escaped(words))
    views = tuple(slug for slug in slugs if slug in picked or not picked)
    title = " ".join(title.split()) or TITLE
    return FileRequest("", sidebar.current(), views, title, made or today, side_data=answers.side_data_of(views))


def _take(offer: DownloadForm, order: FileRequest, notes: pd.DataFrame) -> None:
    """Draw the button that makes a file; once it is made, the download in its place."""
    corpus, slot = answers.corpus(), st.empty()
    made = report_cache.cached_report(order, corpus, notes)
    if made is None and slot.button(
        f"Make {offer.name}",
        key=f"make-{offer.form}",
        icon=":material/build:",
    ):
        bar = slot.progress(0.0, "Counting…")
        try:
            made = report_cache.make(order, corpus, notes, partial(_tell, bar))
        except ExportError as error:
            slot.error(escaped(str(error)), icon=":material/error:")
    if made is not None:
        slot.download_button(
            f"Download {offer.name} ({_size(len(made))})",
            made,
            file_name=_file_name(order),
            mime=offer.mime,
            on_click="ignore",
            icon=":material/download:",
            type="primary",
            key=f"download-{offer.form}",
        )


def _tell(bar: "st.delta_generator.DeltaGenerator", done: int, total: int, label: str = "") -> None:
    bar.progress(done / total, escaped(label))


def _chart(order: FileRequest, notes: pd.DataFrame) -> None:
    with st.container(border=True, key="offer-chart"):
        st.header("A chart as a file", anchor="take-chart")
        offered = [
            view.slug for view in given_or_available_views(None, answers.side_data_of(VIEWS)).views if not view.is_list
        ]
        slug = st.selectbox("View", offered, format_func=_named, key="chart-view", persist_state="session")
        form = st.segmented_control(
            "Form", IMAGE_FORMATS, default=IMAGE_FORMATS[0], required=True, format_func=str.upper, key="chart-form"
        )
        view = VIEWS[slug]
        answer = answers.answer(view, order.selection, option_widgets(view))
        st.markdown(f"**{view.question}** {escaped(answer.finding)}")
        if not view.has_chart(answer.table):
            return
        known = answers.side_data_of((slug,))
        chosen_options = tuple(sorted(answer.options.items()))
        asked = replace(order, form=form, views=(slug,), title="", options=chosen_options, side_data=known)
        _take(CHARTS[form], asked, notes)


def _named(slug: str) -> str:
    return f"{VIEWS[slug].page}: {VIEWS[slug].title}"


def _file_name(order: FileRequest) -> str:
    """The name of a file: what it is and which days, and a short hash of the rest."""
    what = {"zip": "bundle", "html": "report", "xlsx": "report"}.get(order.form, order.views[0])
    rest = {
        "views": ",".join(order.views),
        "title": order.title,
        "parquet": order.parquet,
        "excel": order.excel,
    } | dict(order.options)
    return Path(file_name(what, order.selection, rest)).with_suffix(f".{order.form}").name


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.1f} kB"


PLACE = "recipe"
NAME, REPLACE = "recipe-name", "recipe-replace"


def save_recipe_form(order: FileRequest) -> None:
    """Draw the form that saves filters, views and title as a recipe, in the data folder or as a download."""
    st.header("Save as recipe", anchor="recipe")
    st.markdown("A recipe makes this report again and again: `article-analytics report --recipe FILE`.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input("Name", key=NAME, max_chars=NAME_MAX, placeholder="weekly")
        formats = st.multiselect("Forms", FORMATS, default=FORMATS[:1], key="recipe-formats", width=280)
        days = st.number_input(
            "Only the last … days",
            value=None,
            min_value=1,
            max_value=99_999,
            step=1,
            key="recipe-days",
            placeholder="as filtered",
            help="Counted back from the day that the report is made, in place of the dates.",
        )
    show_kept_message(PLACE)
    if not typed.strip():
        st.caption("Name it to save it.")
        return
    try:
        name = recipes.valid_recipe_name(typed)
    except UserDataError as error:
        st.error(escaped(str(error)), icon=":material/error:")
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
    return [slug for slug, view in VIEWS.items() if not answers.lacking_side_data_text(view)]


def _save(recipe: Recipe) -> None:
    st.code(recipe.text(), language=None, wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Save in the data folder", key="recipe-save", type="primary", on_click=_keep, args=(recipe,))
        st.toggle("Replace one of this name", key=REPLACE)
        st.download_button(
            "Download recipe",
            recipe.text(),
            file_name=f"{recipe.name}.yml",
            mime="application/yaml",
            on_click="ignore",
            icon=":material/download:",
            key="recipe-download",
        )


def _keep(recipe: Recipe) -> None:
    """Callback: save a recipe in the data folder, and say where."""
    target = recipes.folder() / f"{recipe.name}.yml"
    replace = bool(st.session_state[REPLACE])
    attempt(PLACE, lambda: recipes.save(recipe, replace=replace), f"Saved as {target}.")
