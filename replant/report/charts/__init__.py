"""The pictures of a report, as SVG that stands inside a page."""
