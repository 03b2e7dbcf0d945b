"""The models of Sweet Home 3D's catalogues: what they are called, who made them, and under which licence."""
import html
import re
import sys
import zipfile
from typing import NamedTuple, Optional

CATALOGUES = ["BlendSwap-CC-0", "BlendSwap-CC-BY", "KatorLegaz", "Reallusion", "Scopia"]


class Model(NamedTuple):
    catalogue: str
    path: str
    name: str
    category: str
    creator: str
    licence: Optional[str]  # None where it is neither CC-BY 3.0 nor CC0
    rotation: list  # 3 x 3, row by row
    size: tuple  # width (x), height (y), depth (z) in centimetres
    geometry: bytes  # Wavefront OBJ


def models(folder):
    """All models of all catalogues, in the order of the catalogues."""
    for catalogue in CATALOGUES:
        path = folder / f"{catalogue}.sh3f"
        if not path.exists():
            sys.exit(f"{path} is missing")
        with zipfile.ZipFile(path) as archive:
            yield from models_of(archive, catalogue)


def models_of(archive, catalogue):
    entries = properties(archive.read("PluginFurnitureCatalog.properties").decode("latin1"))
    numbers = sorted(int(key[len("model#"):]) for key in entries if key.startswith("model#"))
    for number in numbers:
        def entry(key, default=""):
            return entries.get(f"{key}#{number}", default)
        path = entry("model").lstrip("/")
        rotation = [float(word) for word in entry("modelRotation", "1 0 0 0 1 0 0 0 1").split()]
        yield Model(
            catalogue, path, entry("name"), entry("category"), entry("creator"),
            licence(archive, path, entry("license", entries["license"])), rotation,
            tuple(float(entry(side)) for side in ("width", "height", "depth")), archive.read(path))


def properties(text):
    """Java's format: `key=value`, continued behind a backslash."""
    entries = {}
    for line in re.sub(r"\\\r?\n\s*", "", text).splitlines():
        found = re.match(r"\s*([^#!=:\s][^=:\s]*)\s*[=:]\s*(.*)$", line)
        if found:
            entries[found[1]] = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), found[2]).strip()
    return entries


def licence(archive, path, of_catalogue):
    """The licence that both the catalogue and the files beside the model allow: the one that asks for more."""
    stated = {known_licence(of_catalogue)}
    folder = path.rpartition("/")[0] + "/"
    for name in archive.namelist():
        if name.startswith(folder) and name.lower().endswith((".txt", ".html")):
            text = html.unescape(re.sub(r"<[^>]+>", " ", archive.read(name).decode("latin1")))
            stated.add(known_licence(re.sub(r"\s+", " ", text), archive.read(name).decode("latin1")))
    return None if None in stated else "CC-BY 3.0" if "CC-BY 3.0" in stated else "CC0 1.0"


def known_licence(text, markup=""):
    """CC-BY 3.0, CC0 1.0, or None for what is neither, or more than that."""
    if re.search(r"non-?\s?commercial|share\s?-?alike|no\s?derivat|general public licen[cs]e", text, re.I):
        return None
    links = set(re.findall(r"creativecommons\.org/(licenses/[a-z-]+/[0-9.]+|publicdomain/zero)", markup))
    if links - {"licenses/by/3.0", "publicdomain/zero"}:
        return None
    if "licenses/by/3.0" in links or re.search(r"Attribution( License)? ?\(?3\.0|CC-BY", text):
        return "CC-BY 3.0"
    if links or re.search(r"public domain|CC-?0|CC-?Zero", text, re.I):
        return "CC0 1.0"
    return None
