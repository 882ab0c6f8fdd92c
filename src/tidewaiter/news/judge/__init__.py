"""From claims to findings: intervals, arithmetic, like periods, readings of the data, and the verdict in words."""
