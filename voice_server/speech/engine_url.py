"""Engine addresses, `scheme://place?option=value`, as the settings hold them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from storage.faults import Invalid


@dataclass(frozen=True, slots=True)
class EngineUrl:
    """A parsed address. `setting` is the variable it came from, named when it cannot be used."""

    scheme: str
    place: str
    options: dict[str, tuple[str, ...]]
    setting: str

    def texts(self, name: str) -> tuple[str, ...]:
        """Every value of a repeated option, in order."""
        return self.options.get(name, ())

    def text(self, name: str, default: str) -> str:
        """The last value of an option."""
        return self.options[name][-1] if name in self.options else default

    def number(self, name: str, default: float, *, least: float = 0.0) -> float:
        """An option as a number of at least `least`. Raises Invalid naming setting and option."""
        shown = self.text(name, str(default))
        try:
            value = float(shown)
        except ValueError:
            value = float("nan")
        if not least <= value < float("inf"):
            raise Invalid(
                "engine.option",
                f"{self.setting}: {name} must be a number of at least {least:g}.",
                field=self.setting,
                remedy=f"Write it as {self.scheme}://…?{name}={default:g}.",
            )
        return value

    def only(self, known: Iterable[str]) -> EngineUrl:
        """Itself, when every option is one of `known`. Raises Invalid naming the nearest one."""
        names = list(known)
        for name in self.options:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1, cutoff=0.0)
                raise Invalid(
                    "engine.option",
                    f"{self.setting}: {self.scheme}:// has no option {name}.",
                    field=self.setting,
                    remedy=f"Did you mean {near[0]}?" if near else "It takes no options.",
                )
        return self


def parse(url: str, *, setting: str) -> EngineUrl:
    """Split `url`; a bare word such as `auto` is a scheme without a place."""
    parts = urlsplit(url if "://" in url else f"{url}://")
    return EngineUrl(
        scheme=parts.scheme,
        place=unquote(parts.netloc + parts.path),
        options={
            name: tuple(values)
            for name, values in parse_qs(parts.query, keep_blank_values=True).items()
        },
        setting=setting,
    )
