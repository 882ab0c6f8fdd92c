"""The ground floor: words, errors, periods, quantities, tables, settings; imports nothing above it."""
