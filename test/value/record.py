"""Records what Python and PyYAML make of the same texts, for the tests beside it: /usr/bin/python3 test/value/record.py"""

import json
import os
import pathlib

import yaml

here = pathlib.Path(__file__).parent

# Scalars, alone and as they stand in playbooks.
SCALARS = """
1|+1|-1|0|-0|00|01|0o17|017|-017|0x1F|0X1F|0b101|1_000|1__0|_1|1_|08|09|0777|1:30|-1:30|190:20:30|1:60|01:30|12:30:45.6|1:2:3.5
1.0|1.|.5|-.5|+.5|1e3|1e+3|1.5e+3|1.5e3|1.0e-3|1E+3|.e3|.|1.2.3|0.1|010.5|1_0.5|.inf|-.inf|+.Inf|.INF|.nan|.NaN|.NAN|nan|inf
yes|Yes|YES|yEs|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|tRue|false|False|y|n|Y|N|~|null|Null|NULL|nUll|None|none
"yes"|'1'|"a\\tb"|"\\u00e9\\x41"|"\\U0001F600"|'it''s'|"say \\"x\\""|"a\\
  b"|!!str 1|!!int "3"|!!float 3|!!bool "yes"|!!null ""|! x|!!str yes
a b|a#b|a #b|a: b|http://x:80/y|a,b|[a, b]|{a: 1}|{a: 1, b}|[1, [2, 3], {x: y}]|[]|{}|[a, ]|{a: , b: 2}|-1a|- a|-|--|?a|:a|a:
{a: b, ? c : d}|"{{ x }}"|'{{ "a" }}'|a\\nb|C:\\x|%|1 2|0x|0b|0b2|1e|+|-.|1,000|0.0.0.0|2001-99-99x|12e03|685_230.15|6.8523015e+5
0644|"0644"|0o644|0b_1|0x_1|-0x1F|-0b1|+0b1|+0x1|9007199254740993|-9007199254740993|123456789012345678901234567890|1e400|0_8
""".strip("\n")

DOCUMENTS = [
    "a: |\n  x\n  y\n",
    "a: |-\n  x\n\n  y\n\n",
    "a: |+\n  x\n\nb: 1\n",
    "a: >\n  x\n  y\n\n  z\n",
    "a: >-\n  x\n    y\n  z\n",
    "a: >+\n  x\n\n\nb: 1\n",
    "a: |2\n   x\n  y\n",
    "a: |\n\n\n  x\nb: y\n",
    "a: >\n  {{ x }}\n   - y\n  z\n",
    "a: x\n  y\n\n  z\n",
    "a: 'x\n  y\n\n  z'\n",
    "a: \"x\n  y\\\n  z\\n\n  w\"\n",
    "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n",
    "base: &b {a: 1, b: 2}\nx:\n  b: 3\n  <<: *b\n",
    "base: &b {a: 1, b: 2}\nmore: &m {a: 5, c: 6}\nx:\n  <<: [*b, *m]\n  d: 1\n",
    "base: &b {a: 1}\nx:\n  <<: *b\n  <<: {z: 2}\n",
    "x:\n  '<<': 1\n",
    "a: &n\nb: *n\n",
    "a: &s text\nb: [*s, *s]\n",
    "1: a\n~: c\n1.5: d\n'x': e\n",
    "a: 1\nb: 2\na: 3\n",
    "a:\n- 1\n- 2\nb:\n  - 3\n",
    "- - 1\n  - 2\n- a: 1\n  b: 2\n-\n  c: 3\n",
    "---\na: 1\n...\n",
    "# only a comment\n",
    "",
    "---\n",
    "--- x\n",
    "%YAML 1.1\n---\na: 1\n",
    "a:\n\n\n  # c\n  b: 1 # d\n# e\n",
    "a: [1,\n  2, # c\n  3]\n",
    "a: {b: 1,\n  c: [x, y]}\n",
    "a: b\r\nc: d\r\n",
    "\ufeffa: 1\n",
    "? a\n: b\n? [c]\n: d\n",
    "a: !!set {x, y}\n",
    "a: x  \nb: y\t\n",
    "key with spaces: v\n'quoted: key': v\n",
    "a: 'multi\n\n\n  gap'\n",
    "a: |\n  tab\there\n  # no comment\n",
    "a: \"\\\"\\\\\\/\\b\\e\\N\\_\\L\"\n",
    "-1\n",
    "a: - \n",
    "a: [b]: c\n",
    "'a'\n",
    "a: é ü 日本\n",
    "{{ x }}\n",
    "- {{ x }}: 1\n",
    "a: ]\n",
    "a: b: c\n",
    "a: *missing\n",
    "a: @x\n",
    "a: 'open\n",
    "a: !unknown x\n",
    "a:\n\tb: 1\n",
    "a: 1\n b: 2\n",
    "- a\n b\n",
    "a\nb: 1\n",
    "a: &a [*a]\n",
    "- url: \"{{ a\n}}b\"\n  c: d\n",
    "- b:\n    id: [\"x\",\n    \"y\"]\n  c: &n d\n  e: *n\n",
    "x:\n  a: 'it''s\n  so'\n  b: {c: [1,\n2], # }\n\n  d: \"}\"\n}\n  e: f\n",
    'x:\n  c: "a=\\"b\\"\n  t=\\"c\\">"\n  d: 1\n  e: "a=\\"b\\"\n  t=\\"c\\"\n  "\n  f: 2\n',
    "x:\n  c: 'a ''b''\n  c'\n  d: 1\n",
    "a: |\n  x",
    "a: >\n  x\n  y",
    "a: |+\n  x",
    "a:\n  - |\n    x\n    # no comment",
    "a: \"x\ny\n",
]


def tagged(value):
    if value is None:
        return ["null"]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", repr(value)]
    if isinstance(value, str):
        return ["str", value]
    if isinstance(value, (list, tuple)):
        return ["list", [tagged(item) for item in value]]
    if isinstance(value, set):
        return ["dict", [[tagged(key), ["null"]] for key in sorted(value)]]
    if isinstance(value, dict):
        return ["dict", [[tagged(key), tagged(item)] for key, item in value.items()]]
    raise TypeError(value)


def recorded(text):
    try:
        value = yaml.load(text, Loader=yaml.CSafeLoader)
        return {"text": text, "value": tagged(value)}
    except (yaml.YAMLError, ValueError, RecursionError):
        return {"text": text, "refused": True}


scalars = [scalar for line in SCALARS.replace("\\\n", "\x00").split("\n") for scalar in line.split("|")]
scalars = [scalar.replace("\x00", "\\\n") for scalar in scalars]
texts = [f"a: {scalar}\n" for scalar in scalars] + DOCUMENTS
(here / "yaml.json").write_text(
    json.dumps([recorded(text) for text in texts], indent=0, ensure_ascii=False) + os.linesep
)
