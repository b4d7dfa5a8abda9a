"""The sample pages that a first start puts into an empty library, marked as such."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from rag.library import Library

PAGES = Path(__file__).parent / "sample_library"


async def index_sample(
    library: Library, on_progress: Callable[[str, float | None], None] = lambda *_: None
) -> int:
    """Add the sample pages if the library holds nothing of its own; returns how many were added.

    A page that is there already costs nothing, so an interrupted first start goes on here.
    """
    held = await library.documents()
    if any(not document.sample for document in held):
        return 0
    pages = await asyncio.to_thread(lambda: sorted(PAGES.glob("*.md")))
    pages = [page for page in pages if page.name != "README.md"]
    if len(held) >= len(pages):
        return 0
    for done, page in enumerate(pages):
        on_progress("Indexing the sample library", done / len(pages))
        await library.add(page, page.name, actor=None, sample=True)
    on_progress("Indexing the sample library", 1.0)
    return len(pages)
