"""Altair charts of tidy tables, a module for each kind. A chart knows columns, units and colours, never a question."""
