"""The bulletin: sentences made from answers, and the same content as terminal text, Markdown, HTML, PDF and a pack.

Owns which questions a bulletin asks, in which order it tells what came back, and how that looks. Must not
compute: every number is an answer's, a screening's or an account's, and `tell.rounding` alone rounds it.
"""
