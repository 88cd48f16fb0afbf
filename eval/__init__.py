"""Labelled question sets to figures."""
