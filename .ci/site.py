"""README.md and the site's check, for a machine without quarto.

python .ci/site.py readme           writes README.md (and its pictures) from nbs/index.ipynb
python .ci/site.py readme --check   fails if that would change anything
python .ci/site.py check            stages the site as nbdev does, and checks every page of it

Both look at what nbdev's own staging makes of the notebooks (in _proc/), turn each page into the Markdown that quarto
would read, and let pandoc parse that. The check covers relative links, anchors, links into our own site, pictures,
unclosed or stray fences (:::), warnings, the sidebar, and paths of the machine that ran the notebook. It doesn't ask
other sites whether their pages are still there.
"""

import argparse, base64, json, os, re, shutil, subprocess, sys, tempfile
from pathlib import Path

import pypandoc
import yaml
from nbdev import serve_drv
from nbdev.config import get_config
from nbdev.processors import FilterDefaults
from nbdev.quarto import nbdev_sidebar, refresh_quarto_yml
from nbdev.serve import proc_nbs

ROOT = Path(__file__).resolve().parent.parent
PROC = ROOT / "_proc"
PICTURES = "readme_files"  # in nbs/, where the README's pictures go
MACHINE_PATH = re.compile(r"(?<![\w./…:~])/(?:home|root|work|Users|tmp|private|opt|var)/[\w.-]+")

# Whoever imports pyworld hears from setuptools; deprecations inside libraries are theirs, not the page's
WARNINGS = ["error", "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore:pkg_resources is deprecated as an API"]


class Problem(Exception):
    "Something on the site, or in the README, that a reader would stumble over."


# ---- staging: nbdev's own

def stage():
    "Run this script's `stage` step with every warning an error; it starts processes, which inherit that."
    flags = [part for warning in WARNINGS for part in ("-W", warning)]
    subprocess.run([sys.executable, *flags, __file__, "stage"], cwd=ROOT, check=True)


def _stage():
    before = (ROOT / "nbs/nbdev.yml").read_text()
    refresh_quarto_yml()
    if (ROOT / "nbs/nbdev.yml").read_text() != before:
        raise Problem("nbs/nbdev.yml was not what settings.ini gives; it has been written anew: commit it")
    if not (ROOT / "nbs/_quarto.yml").is_symlink():
        raise Problem("nbs/_quarto.yml must be a relative link to ../_quarto.yml")
    nbdev_sidebar.__wrapped__()
    proc_nbs(n_workers=2, force=True)


# ---- a staged notebook as Markdown

def text_of(value):
    return "".join(value) if isinstance(value, list) else value


def options(source):
    "A code cell's quarto options (`#| echo: false`), and its source without them."
    found = dict(re.findall(r"^#\|\s*([\w-]+):\s*(.+?)\s*$", source, re.M))
    return found, re.sub(r"^#\|.*\n?", "", source, flags=re.M)


def fenced(text, language=""):
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def output_markdown(output, name, alt, folder):
    "What a reader sees of one output: the richest form of it. Pictures are written to `folder` as `name`."
    if output["output_type"] == "error":
        raise Problem(f"an output is a traceback: {output['ename']}: {output['evalue']}")
    if output["output_type"] == "stream":
        return fenced(text_of(output["text"]))
    data = output["data"]
    if "text/html" in data and "text/markdown" not in data:
        return text_of(data["text/html"])
    if "image/png" in data:
        path = folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(text_of(data["image/png"])))
        return f"![{alt}]({folder.name}/{path.name})"
    if "text/markdown" in data:
        return text_of(data["text/markdown"])
    return fenced(text_of(data["text/plain"]))


def is_player(output):
    return "<audio" in text_of(output.get("data", {}).get("text/html", ""))


def page_markdown(notebook, folder, players=True):
    "A staged notebook as one Markdown text, front matter first; its pictures go into `folder`. `players`: with those for sound?"
    parts, pictures = [], 0
    for number, cell in enumerate(json.loads(notebook.read_text(encoding="utf-8"))["cells"]):
        source = text_of(cell["source"])
        if cell["cell_type"] != "code":
            parts.append(source)
            continue
        chosen, source = options(source)
        if chosen.get("include") == "false":
            continue
        if source.strip() and chosen.get("echo") != "false":
            parts.append(fenced(source, "python"))
        for output in cell["outputs"] if chosen.get("output") != "false" else []:
            if is_player(output) and not players:
                continue
            pictures += "image/png" in output.get("data", {})
            try:
                parts.append(output_markdown(output, f"{notebook.stem}-{pictures}", chosen.get("fig-alt", ""), folder))
            except Problem as problem:
                raise Problem(f"{notebook.name}, cell {number}: {problem}") from None
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def pandoc(text, *arguments):
    "pandoc's output for `text`; its warnings, an unclosed ::: among them, are a Problem."
    done = subprocess.run([pypandoc.get_pandoc_path(), "--fail-if-warnings", *arguments], input=text, text=True, capture_output=True)
    if done.returncode:
        raise Problem(done.stderr.strip())
    return done.stdout


def walk(node):
    "All elements of a pandoc tree, from the outside in."
    if isinstance(node, dict):
        if "t" in node:
            yield node
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


def is_local(target):
    return not re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.I)


def plain(element):
    return "".join(e.get("c", " ") if e["t"] in ("Str", "Space", "SoftBreak") else "" for e in walk(element))


# ---- README.md

class WithoutLinks(FilterDefaults):
    "nbdev's processing, without links from `names` to the site: those depend on what is installed where it runs."

    def base_procs(self):
        return [step for step in super().base_procs() if step.__name__ != "add_links"]


def readme_text(folder):
    "README.md's text, from the index as nbdev stages it; the staged index and the pictures go into `folder`."
    serve_drv.main((ROOT / "nbs/index.ipynb", folder / "index.ipynb", WithoutLinks))
    text = page_markdown(folder / "index.ipynb", folder / PICTURES, players=False)  # no code host plays: the site does
    tree = json.loads(pandoc(text, "-f", "markdown-smart-implicit_figures", "-t", "json"))
    meta, blocks = tree["meta"], []
    for block in tree["blocks"]:
        if block["t"] != "RawBlock" or not block["c"][1].lstrip().startswith("<!--"):
            blocks.append(block)
    for element in walk(blocks):
        if element["t"] in ("Link", "Image"):
            target = element["c"][2]
            if is_local(target[0]) and not target[0].startswith("#"):
                target[0] = os.path.normpath(f"nbs/{target[0]}")
    subtitle = [{"t": "BlockQuote", "c": [{"t": "Para", "c": meta["description"]["c"]}]}] if "description" in meta else []
    title = {"t": "Header", "c": [1, ["", [], []], meta["title"]["c"]]}
    tree = {**tree, "meta": {}, "blocks": [title, *subtitle, *blocks]}
    note = "<!-- made from nbs/index.ipynb by .ci/site.py: edit the notebook, then run `python .ci/site.py readme` -->\n\n"
    return note + pandoc(json.dumps(tree), "-f", "json", "-t", "gfm", "--wrap=preserve")


def readme(check):
    "Write README.md and its pictures from the index, or (`check`) raise Problem if they'd change."
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / PICTURES
        made.mkdir()
        text = readme_text(Path(folder))
        wanted = {path.name: path.read_bytes() for path in made.iterdir()}
    here, target = ROOT / "nbs" / PICTURES, ROOT / "README.md"
    there = {path.name: path.read_bytes() for path in here.iterdir()} if here.is_dir() else {}
    if check:
        if not target.is_file() or target.read_text(encoding="utf-8") != text or wanted != there:
            raise Problem("README.md is not what nbs/index.ipynb gives; run `python .ci/site.py readme` and commit")
        print("README.md equals the index")
        return
    shutil.rmtree(here, ignore_errors=True)
    for name, content in wanted.items():
        here.mkdir(exist_ok=True)
        (here / name).write_bytes(content)
    target.write_text(text, encoding="utf-8")
    print(f"README.md written: {len(text):,} characters, {len(wanted)} pictures")


# ---- the check

class Page:
    "One page of the site: its parsed text, and the anchors that it offers."

    def __init__(self, notebook, folder):
        self.notebook, self.name = notebook, notebook.stem
        self.text = page_markdown(notebook, folder)
        try:
            self.tree = json.loads(pandoc(self.text, "-f", "markdown", "-t", "json"))
        except Problem as problem:
            raise Problem(f"{notebook.name}: {problem}") from None
        self.elements = list(walk(self.tree["blocks"]))
        # quarto names a page after its notebook, unless the front matter says otherwise, as nbdev's does
        self.html = plain(self.tree["meta"]["output-file"]) if "output-file" in self.tree["meta"] else f"{self.name}.html"
        self.anchors = {attributes[0] for e in self.elements if (attributes := _attributes(e))}


def _attributes(element):
    return {"Header": lambda c: c[1], "Div": lambda c: c[0], "Span": lambda c: c[0], "CodeBlock": lambda c: c[0]}.get(
        element["t"], lambda c: None)(element.get("c"))


def problems_of(page, pages, site):
    "Each thing on `page` that a reader would stumble over, as a sentence."
    if not page.tree["meta"].get("title"):
        yield "has no title"
    by_html = {other.html: other for other in pages}
    for element in page.elements:
        if element["t"] in ("Link", "Image"):
            target = element["c"][2][0]
            target = target.removeprefix(site).lstrip("/") if target.startswith(site) else target
            path, _, anchor = target.partition("#")
            if not is_local(target):
                continue
            file = PROC / path
            other = page if not path else next((p for p in pages if p.notebook == file), by_html.get(path))
            if other is None and not file.is_file():
                yield f"links to {target}, which isn't there"
            elif anchor and (other is None or anchor not in other.anchors):
                yield f"links to {target}, but there is no such anchor"
            elif element["t"] == "Image" and file.stat().st_size < 100:
                yield f"shows {target}, which is no picture"
        if element["t"] in ("Para", "Plain") and plain(element).lstrip().startswith(":::"):
            yield f"has a stray fence: {plain(element)[:60]}"
    for found in sorted(set(MACHINE_PATH.findall(page.text))):
        yield f"shows a path of the machine that ran it: {found}"


def check():
    "Stage the site and check every page; Problem with the whole list if there is anything to mend."
    stage()
    notebooks = sorted(PROC.glob("*.ipynb"))
    pages = [Page(notebook, PROC / f"{notebook.stem}_files") for notebook in notebooks]
    site = get_config().doc_host + get_config().doc_baseurl
    found = [f"{page.notebook.name} {problem}" for page in pages for problem in problems_of(page, pages, site)]
    entries = yaml.safe_load((ROOT / "nbs/sidebar.yml").read_text())["website"]["sidebar"]["contents"]
    found += [f"the sidebar names {entry}, which isn't there" for entry in entries if not (PROC / entry).is_file()]
    found += [f"{n.name} is not in the sidebar" for n in notebooks if n.name not in entries]
    found += [f"_quarto.yml names {name}, which isn't there" for name in _named_files() if not (PROC / name).is_file()]
    targets = _readme_targets()
    found += [f"README.md names {target}, which isn't there" for target in targets if not (ROOT / target).exists()]
    found += [] if any(t.endswith(".png") for t in targets) else ["README.md shows no picture: run index.ipynb, then make it again"]
    if found:
        raise Problem("\n".join(found))
    links = sum(e["t"] == "Link" for page in pages for e in page.elements)
    pictures = sum(e["t"] == "Image" for page in pages for e in page.elements)
    print(f"the site is sound: {len(pages)} pages, {links} links, {pictures} pictures, {len(entries)} sidebar entries")


def _named_files():
    settings = yaml.safe_load((ROOT / "_quarto.yml").read_text())
    return [settings["format"]["html"]["css"], *settings["metadata-files"]]


def _readme_targets():
    tree = json.loads(pandoc((ROOT / "README.md").read_text(encoding="utf-8"), "-f", "gfm", "-t", "json"))
    targets = [e["c"][2][0] for e in walk(tree["blocks"]) if e["t"] in ("Link", "Image")]
    return [target.partition("#")[0] for target in targets if is_local(target) and not target.startswith("#")]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("readme").add_argument("--check", action="store_true")
    steps.add_parser("check")
    steps.add_parser("stage")
    chosen = parser.parse_args()
    try:
        {"readme": lambda: readme(chosen.check), "check": check, "stage": _stage}[chosen.step]()
    except Problem as problem:
        sys.exit(f"{problem}")
    except subprocess.CalledProcessError:
        sys.exit("staging the site failed; nbdev says why above")
