"""Wants: decides who should be approached next, and by whom."""
