"""Reads across models: the questions that pages and summaries ask."""
