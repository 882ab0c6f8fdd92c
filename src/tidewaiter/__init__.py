"""Tidewaiter watches trade with countries under sanctions: statistics, law and news in one place."""

__version__ = "0.1.0"
