"""Tidy table → Altair chart, one module a form. A form knows columns, units and colours, never a question."""
