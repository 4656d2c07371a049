"""Slice → tidy table, one module a subject. Each function answers one question; its table contract stands above it."""
