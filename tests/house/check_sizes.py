"""Checks that no source file passes 700 lines and no function of src/ passes 60 lines.

The function finder is a scanner, not a parser: it blanks comments and literals, walks the braces, and takes a block for
a function when the text before its brace ends like a signature. A lambda counts towards the function that holds it.
"""

import pathlib
import re
import sys

FILE_LIMIT = 700
FUNCTION_LIMIT = 60

BLANKED = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL,
)
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
SCOPE = re.compile(r"^(?:inline\s+)?namespace\b|\bextern\s*$|^(?:template\s*<.*>\s*)?(?:class|struct|union|enum)\b", re.DOTALL)
# A parameter list, then what may follow one: qualifiers, a trailing return type, a requires clause, member initialisers.
SIGNATURE = re.compile(r"\)\s*(?:(?:const|noexcept|override|final|mutable|&&?)\s*|->[^;{}=]*|requires\b[^;{}]*|:[^;]*)*$")


def blank(text):
    """Replaces comments, literals and directives by blanks, so that every position keeps its line."""
    keep_lines = lambda match: re.sub(r"[^\n]", " ", match.group())
    return PREPROCESSOR.sub(keep_lines, BLANKED.sub(keep_lines, text))


def functions(text):
    """Yields (first line, number of lines, signature) of each function body in a blanked source text."""
    depth, scopes, start, start_depth, head = 0, [], None, 0, 0
    for at, char in enumerate(text):
        if start is None and char == ";":
            head = at + 1
        elif char == "{":
            before = text[head:at].strip()
            if start is None:
                if SCOPE.search(before) and not SIGNATURE.search(before):
                    head = at + 1
                elif SIGNATURE.search(before):
                    start, start_depth = head + len(text[head:at]) - len(text[head:at].lstrip()), depth
            depth += 1
        elif char == "}":
            depth -= 1
            if start is not None and depth == start_depth:
                following = text[at + 1 :].lstrip()[:1]
                if following not in (",", "{"):  # `: a_{x}, b_{y} {` are initialisers; the body still follows
                    first = text.count("\n", 0, start) + 1
                    yield first, text.count("\n", start, at) + 1, " ".join(text[start:at].split("{")[0].split())
                    start, head = None, at + 1
            elif start is None:
                head = at + 1


def main(root):
    breaches = []
    for folder in ("src", "tests", "bench"):
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            text = path.read_text(encoding="utf-8")
            shown = path.relative_to(root)
            lines = text.count("\n")
            if lines > FILE_LIMIT:
                breaches.append(f"{shown}: {lines} lines, the limit of a file is {FILE_LIMIT}")
            if folder != "src":
                continue
            for first, length, signature in functions(blank(text)):
                if length > FUNCTION_LIMIT:
                    breaches.append(f"{shown}:{first}: {length} lines, the limit of a function is {FUNCTION_LIMIT}: {signature}")
    print("\n".join(breaches))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
