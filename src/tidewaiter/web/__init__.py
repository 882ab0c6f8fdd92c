"""The web page and the JSON API: what journalists look at before they type.

Thin: pages and routes over `pipeline`, drawn by `tell`. Owns no number and no verdict. Needs the extra
`web`; nothing here opens a connection to anywhere, and a story that is checked is kept nowhere.
"""
