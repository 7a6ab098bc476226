"""An .xlsx file as its parts: which sheet is which part, what a part is related to, of what kind it is.

What is not touched is copied as it is. Entities are never resolved and no document type is taken.
"""

import io
import posixpath
import zipfile

from lxml import etree

from shuangbai.ledgers.zipped import MOST_UNPACKED

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK = "xl/workbook.xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_LIST = "[Content_Types].xml"
_MADE = (1980, 1, 1, 0, 0, 0)  # the same file in, the same file out


class Unmarkable(Exception):
    """The file is put together in a way that cannot be kept while something is added to it."""


def parsed(data: bytes) -> etree._Element:
    """The root of a part. Raises Unmarkable for what is no XML or has a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unmarkable("a part is no XML") from error
    if root.getroottree().docinfo.doctype:
        raise Unmarkable("a part has a document type")
    return root


def written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


class Parts:
    """The parts of a workbook that zipped.check has passed. Raises Unmarkable for one with macros or in other XML."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = list(dict.fromkeys(self._archive.namelist()))
        self._changed: dict[str, bytes | None] = {}
        self.kinds = parsed(self[_LIST])
        self.workbook = parsed(self[WORKBOOK])
        if self.workbook.tag != f"{{{MAIN}}}workbook" or self._kind_of(WORKBOOK) != f"{_KIND}sheet.main+xml":
            raise Unmarkable("not an ordinary workbook")
        targets = self.related(WORKBOOK, "worksheet")
        self.sheets = {
            sheet.get("name", ""): targets[sheet.get(f"{{{OFFICE}}}id")]
            for sheet in self.workbook.iter(f"{{{MAIN}}}sheet")
            if sheet.get(f"{{{OFFICE}}}id") in targets
        }

    def __getitem__(self, name: str) -> bytes:
        if name in self._changed:
            return self._changed[name] or b""
        if name not in self._names:
            raise Unmarkable(f"no part {name}")
        try:
            with self._archive.open(name) as file:
                data = file.read(MOST_UNPACKED + 1)
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise Unmarkable(f"{name} cannot be read") from error
        if len(data) > MOST_UNPACKED:
            raise Unmarkable(f"{name} is larger than it was when it was checked")
        return data

    def __setitem__(self, name: str, data: bytes) -> None:
        self._changed[name] = data

    def __delitem__(self, name: str) -> None:
        self._changed[name] = None

    def __contains__(self, name: str) -> bool:
        return self._changed[name] is not None if name in self._changed else name in self._names

    def unused(self, pattern: str) -> str:
        """The first name of this pattern, {} for a number, that no part has."""
        number = next(number for number in range(1, 1 << 20) if pattern.format(number) not in self)
        return pattern.format(number)

    def related(self, part: str, kind: str) -> dict[str, str]:
        """The parts that a part names as one kind, by the key that it gives them."""
        if _relations_of(part) not in self:
            return {}
        return {
            one.get("Id"): posixpath.normpath(posixpath.join("/", posixpath.dirname(part), one.get("Target", "")))[1:]
            for one in parsed(self[_relations_of(part)])
            if one.get("Type") == f"{OFFICE}/{kind}" and one.get("TargetMode") != "External"
        }

    def relate(self, part: str, kind: str, target: str) -> str:
        """Name `target` as one of a kind to a part; the key for it."""
        name = _relations_of(part)
        new = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
        root = parsed(self[name]) if name in self else new
        taken = {one.get("Id") for one in root}
        key = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", Id=key, Type=f"{OFFICE}/{kind}", Target=f"/{target}")
        self[name] = written(root)
        return key

    def add(self, name: str, kind: str, data: bytes) -> None:
        """A new part that is a `kind` of a workbook."""
        self[name] = data
        etree.SubElement(self.kinds, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=f"{_KIND}{kind}+xml")

    def know_drawings(self) -> None:
        """Parts that end with .vml are drawings, which is where the boxes of comments are."""
        if not any(one.get("Extension", "").lower() == "vml" for one in self.kinds):
            kind = "application/vnd.openxmlformats-officedocument.vmlDrawing"
            self.kinds.insert(0, self.kinds.makeelement(f"{{{_TYPES}}}Default", Extension="vml", ContentType=kind))

    def _kind_of(self, name: str) -> str | None:
        kinds = (one.get("ContentType") for one in self.kinds if one.get("PartName", "").lower() == f"/{name}".lower())
        return next(kinds, None)

    def to_bytes(self) -> bytes:
        self[_LIST], self[WORKBOOK] = written(self.kinds), written(self.workbook)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in dict.fromkeys([*self._names, *self._changed]):
                if name in self and not name.endswith("/"):
                    made = zipfile.ZipInfo(name, _MADE)
                    archive.writestr(made, self[name], zipfile.ZIP_DEFLATED)
        return out.getvalue()


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"
