"""Pictures of text to lines and tables: drawn upright and level, read by rapidocr, put in rows.

In the order of the work: `sheet` (page to picture), `engine` (text in it), `marks` (texts with tight boxes), `specks`
(what the detector passed over), `rows` (marks to lines), `mending` (texts put right by their column), `tables` (lines to
regions); `scan` runs them, `pictures` says which pictures of a page are read.
"""
