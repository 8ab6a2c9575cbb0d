# SPDX-License-Identifier: Apache-2.0
"""What huiyin.h says: its functions and types, each with its comment."""
import re

COMMENT = r"/\*(?P<comment>(?:(?!\*/).)*)\*/\n"
FUNCTION = re.compile(
    COMMENT + r"HY_API (?P<prototype>[^;]*?\b(?P<name>hy_\w+)\([^;]*;)", re.S)
TYPE = re.compile(
    r"(?:" + COMMENT + r")?(?:typedef )?(?P<kind>struct|enum) (?P<name>hy_\w+)"
    r" \{\n(?P<body>.*?)\n\}[^;]*;", re.S)
MEMBER = {"struct": re.compile(r"/\*(?P<comment>.*?)\*/|(?P<code>[^\s/][^;/]*;)",
                               re.S),
          "enum": re.compile(r"/\*(?P<comment>.*?)\*/|(?P<code>HY_\w+[^,/\n]*)",
                             re.S)}


def comment_lines(comment):
    """The lines of a comment without its stars; a tab in front is kept."""
    lines = [re.sub(r"^[ \t]*\*? ?", "", line, count=1)
             if number == 0 or line.lstrip().startswith("*") else line.strip()
             for number, line in enumerate(comment.split("\n"))]
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def squeeze(text):
    return " ".join(text.split())


class Function:
    """hy_x: its prototype and what its comment says."""

    def __init__(self, match):
        self.name = match["name"]
        lines = match["prototype"].expandtabs(8).split("\n")
        self.lines = lines[:1] + [line[len("HY_API "):] for line in lines[1:]]
        self.prototype = squeeze(match["prototype"])
        self.text = comment_lines(match["comment"])

    @property
    def codes(self):
        """What it may return, in the order in which it is named."""
        return list(dict.fromkeys(re.findall(r"\bHY_ERR_\w+", self.text)))


class Type:
    """A struct or an enum: its members, each (code, comment)."""

    def __init__(self, match):
        self.name, self.kind = match["name"], match["kind"]
        self.text = comment_lines(match["comment"] or "")
        self.members = []
        self.read(match["body"])

    def read(self, body):
        """A comment belongs to what stands before it on its line, else to
        what follows."""
        ahead, end = "", 0
        for found in MEMBER[self.kind].finditer(body):
            same_line = "\n" not in body[end:found.start()]
            if found["code"]:
                self.members.append([squeeze(found["code"]).rstrip(" ,"),
                                     ahead])
                ahead = ""
            elif self.members and same_line:
                self.members[-1][1] = squeeze(comment_lines(found["comment"]))
            else:
                ahead = squeeze(comment_lines(found["comment"]))
            end = found.end()


class Header:
    """All of it, in its order."""

    def __init__(self, text):
        above = re.search(r"^/\*\n(.*?)\*/", text, re.S | re.M)
        self.text = comment_lines(above.group(1))
        self.functions = [Function(m) for m in FUNCTION.finditer(text)]
        self.types = [Type(m) for m in TYPE.finditer(text)]
        self.declared = re.findall(r"^HY_API [^;]*?\b(hy_\w+)\(", text, re.M)

    def type(self, name):
        return next(t for t in self.types if t.name == name)
