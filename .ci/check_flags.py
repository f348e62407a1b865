"python .ci/check_flags.py NOTEBOOK...: no cell that always runs reads what only a flagged one (`#| real`, `#| slow`) has bound before it."

import ast, configparser, json, re, sys
from pathlib import Path

settings = configparser.ConfigParser(interpolation=None)
settings.read(Path(__file__).parents[1] / "settings.ini", encoding="utf-8")
flagged = re.compile(rf"^#\s*\|\s*({'|'.join(settings['DEFAULT']['tst_flags'].split())})\b", re.M)
never = re.compile(r"^#\s*\|\s*eval:\s*false", re.M)


def names_of(source):
    "The names that a cell reads and those that it binds, inner scopes included; its lines of magic are left out."
    read, bound = set(), set()
    for node in ast.walk(ast.parse(re.sub(r"^\s*[%!].*$", "pass", source, flags=re.M))):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
    return read - bound, bound


borrowed = []
for notebook in map(Path, sys.argv[1:]):
    lent = set()
    for number, cell in enumerate(json.loads(notebook.read_text(encoding="utf-8"))["cells"]):
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or never.search(source):
            continue
        read, bound = names_of(source)
        if flagged.search(source):
            lent |= bound
        else:
            borrowed += [f"{notebook}, cell {number}: {name}" for name in sorted(read & lent)]
            lent -= bound
sys.exit("these cells run without a flag, but what they read was bound under one:\n" + "\n".join(borrowed) if borrowed else 0)
