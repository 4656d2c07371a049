"""The briefing as plain text, for a terminal or a mail."""

from dataclasses import replace

import pandas as pd

from analytics.analyses.common.wording import count_text
from analytics.engine.slice_of import left_out_collections_text
from analytics.reports.briefing.briefing import Briefing
from analytics.reports.escaping import printable


def briefing_text(found: Briefing, corpus_name: str) -> str:
    """The briefing in lines, with a heading for each of its blocks."""
    lines = [f"{corpus_name}: briefing, {found.days} ({count_text(found.n, 'article')})", *filter(None, [found.late])]
    filters = replace(found.selection, start=None, end=None, compare=None)
    others = left_out_collections_text(found.data)
    if filters.text:
        lines.append(f"Selection: {filters.in_words()}{f'; left out: {others}' if others else ''}.")
    lines += ["", "What changed"]
    for compared in found.compared:
        lines.append(f"  Against {compared.days} ({count_text(compared.n, 'article')})")
        lines += [f"    {claim.outcome}: {claim.text} ({claim.evidence})" for claim in compared.claims]
        lines += [f"    {sentence}" for sentence in compared.unchanged]
    if not found.compared:
        lines.append(f"  {found.no_comparison_reason}")
    lines += ["", "To decide", *(f"  {each.n:,} {each.text}" for each in found.to_decide)]
    if not found.to_decide:
        lines.append("  Nothing of these days waits for a decision.")
    if found.decisions_note:
        lines.append(f"  {found.decisions_note}")
    lines += ["", "Hot now"]
    for _, row in found.hot.iterrows():
        title = row["path"] if pd.isna(row["title"]) else row["title"]
        lines.append(f"  {row['lift']:+d} {title} ({row['provider']}, {row['state']})")
    lines.append(f"  {found.heat_note}")
    if found.providers:
        lines += ["", "Providers to talk about", *(f"  {what}: {names}" for what, names in found.providers.items())]
        lines.append(f"  {found.provider_days_text}")
    return "\n".join(map(printable, lines)) + "\n"
