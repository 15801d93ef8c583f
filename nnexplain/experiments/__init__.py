"""Experiments: one file per phenomenon, run by pages, claims and figures alike.

Each function runs something once and returns a small frozen record of its numbers. All are
deterministic: what is drawn by chance has a fixed seed.
"""
