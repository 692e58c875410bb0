"""What a test reads of a page: its text, its ids, what it would load."""

from __future__ import annotations

from html.parser import HTMLParser

LOADING = {"src", "srcset", "poster", "data", "action", "background"}
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
}  # fmt: skip
# The SVG elements here are all closed by themselves or by a tag of their own.


class Page(HTMLParser):
    """Reads a page and holds it to being well formed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.loads: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._read(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._read(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.text.append(data)

    def _read(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name == "href" and value:
                (self.targets if value.startswith("#") else self.loads).append(value)
            if name in LOADING and value:
                self.loads.append(value)

    @property
    def words(self) -> str:
        """All text, its white space made single."""
        return " ".join(" ".join(self.text).split())
