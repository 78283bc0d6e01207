"""The page: what is generated stands between two marks, and the rest is left alone."""

import os
import sys

BEGIN, END = "<!-- begin: written by make bench -->", "<!-- end: written by make bench -->"


def write(path, text):
    """Puts the text between the marks; what a reader sees is never half a page."""
    with open(path) as file:
        page = file.read()
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        sys.exit(f"{path}: the marks '{BEGIN}' and '{END}' have to stand there once")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    with open(path + ".new", "w") as file:
        file.write(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")
    os.replace(path + ".new", path)
