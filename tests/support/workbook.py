"""Prints sheets of a workbook (xlsx) as JSON: {sheet: [{heading: value}, ...]}, for tests that read published models.

Usage: workbook.py FILE SHEET...

The first row holds the headings; empty rows and cells are left out. Numbers are numbers, "inf" stays text.
"""
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def shared_texts(archive):
    """Texts that cells name by their number."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    return ["".join(part.text or "" for part in item.iter(MAIN + "t")) for item in root.findall(MAIN + "si")]


def sheet_parts(archive):
    """The part of the archive that holds each sheet."""
    targets = {relation.get("Id"): relation.get("Target")
               for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))}
    sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).find(MAIN + "sheets")
    return {sheet.get("name"): "xl/" + targets[sheet.get(RELATION)].removeprefix("/xl/") for sheet in sheets}


def cells(row, texts):
    """Values of a row by the letters of their column."""
    values = {}
    for cell in row.findall(MAIN + "c"):
        value = cell.find(MAIN + "v")
        if value is None:
            continue
        column = re.match("[A-Z]+", cell.get("r")).group()
        kind = cell.get("t", "n")
        values[column] = texts[int(value.text)] if kind == "s" else float(value.text) if kind == "n" else value.text
    return values


def table(part, texts):
    """The rows below the headings."""
    rows = [cells(row, texts) for row in ElementTree.fromstring(part).iter(MAIN + "row")]
    headings = rows[0]
    return [{headings[column]: value for column, value in row.items() if column in headings} for row in rows[1:] if row]


def main(file, names):
    with zipfile.ZipFile(file) as archive:
        texts, parts = shared_texts(archive), sheet_parts(archive)
        json.dump({name: table(archive.read(parts[name]), texts) for name in names}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
