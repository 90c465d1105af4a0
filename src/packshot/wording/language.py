"""A language's words: the pieces of title and alt text, names of colours, what to say for an attribute's value."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from packshot.errors import UsageError
from packshot.validation import first_problem
from packshot.wording.template import fields_of

__all__ = ["SHIPPED", "Language", "TextForm", "load_languages"]

#: Codes of the languages that ship.
SHIPPED = ("en", "de", "pl")

_MOST_BYTES = 1_000_000
_STRICT = ConfigDict(frozen=True, extra="forbid")


class TextForm(BaseModel):
    """How one text is put together.

    Attributes:
        pieces: templates; one whose field has no evidence is left out.
        between: what stands between two pieces; one that begins with a blank follows without it.
        needs: fields without which nothing is said at all.
        most: characters at most; pieces are left out from the end until it fits.
        end: what stands after the last piece, such as a full stop.
    """

    model_config = _STRICT

    pieces: tuple[str, ...] = Field(min_length=1, max_length=20)
    between: str = Field(default=", ", max_length=10)
    needs: tuple[str, ...] = ("category",)
    most: int = Field(default=150, ge=10, le=1000)
    end: str = Field(default="", max_length=3)


class Language(BaseModel):
    """The words of one language.

    Attributes:
        code: such as ``de``.
        title: of the product.
        alt: what a picture of it shows, for whoever does not see it.
        caption: one sentence on the photo: the product, what else is in it and where, and how it is taken.
        and_: between the last two of several colours.
        colours: name of a colour (`packshot.inspection.COLOUR_NAMES`) to its word.
        values: name of an attribute to the words for its values; a value without words says nothing.
        things: tag to its word in a caption; a tag without a word is not named.
        places: where in the photo a thing is (`packshot.wording.things.ZONES`) to its words.
        sides: an edge of the photo that cuts the product off (left, top, right, bottom) to its words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    code: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    title: TextForm
    alt: TextForm
    and_: str = Field(alias="and", max_length=20)
    colours: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    caption: TextForm | None = None
    things: Mapping[str, str] = Field(default_factory=dict)
    places: Mapping[str, str] = Field(default_factory=dict)
    sides: Mapping[str, str] = Field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that a template may name."""
        return ("category", "colours", "colour", "several_colours", "things", "cut_off", "view", *self.values)


def load_languages(codes: Sequence[str], *, own: Path | None = None) -> tuple[Language, ...]:
    """The languages asked for.

    Args:
        codes: of languages that ship, or that `own` holds.
        own: a TOML file with a table for each language; what it says comes before what ships, the rest is taken from
            there. A language that does not ship has all its keys.

    Raises:
        UsageError: no such language, one asked for twice, or the file is wrong; says where.
    """
    tables = {} if own is None else _tables(own)
    found = []
    for code in codes:
        if codes.count(code) > 1:
            raise UsageError(f"the language {code} is asked for twice", remedy="name each once")
        if code not in SHIPPED and code not in tables:
            raise UsageError(
                f"no language {code!r}",
                remedy=f"{', '.join(SHIPPED)} ship; another one needs a table [{code}] in a file of --texts",
            )
        base = _shipped(code) if code in SHIPPED else {}
        where = f"the language {code}" if own is None else f"{own} [{code}]"
        found.append(_checked({**_joined(base, tables.get(code, {})), "code": code}, where))
    return tuple(found)


def _checked(table: dict[str, object], where: str) -> Language:
    try:
        language = Language.model_validate(table)
    except ValidationError as error:
        key, problem = first_problem(error)
        raise UsageError(f"{where}: {key}: {problem}", remedy="correct the file, see docs/how-to/texts.md") from error
    forms = {"title": language.title, "alt": language.alt, "caption": language.caption}
    for name, form in forms.items():
        if form is None:
            continue
        for piece in form.pieces:
            fields_of(piece, known=language.fields, where=f"{where} {name}")
        strange = [need for need in form.needs if need not in language.fields]
        if strange:
            raise UsageError(
                f"{where} {name}: needs {strange[0]!r}, which is no field",
                remedy=f"fields are {', '.join(language.fields)}",
            )
    return language


def _joined(base: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Tables key by key, everything else as a whole."""
    joined = dict(base)
    for key, value in own.items():
        below = joined.get(key)
        joined[key] = _joined(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return joined


def _shipped(code: str) -> dict[str, object]:
    return tomllib.loads((files("packshot.wording") / "languages" / f"{code}.toml").read_text(encoding="utf-8"))


def _tables(path: Path) -> dict[str, dict[str, object]]:
    remedy = "correct the file, see docs/how-to/texts.md"
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UsageError(
                f"texts {path}: more than {_MOST_BYTES // 1000} kB", remedy="check that it is the right file"
            )
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"texts {path} cannot be read ({error.strerror})", remedy="check the path") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"texts {path}: no TOML in UTF-8 ({error})", remedy=remedy) from error
    strange = [name for name, table in content.items() if not isinstance(table, dict)]
    if strange:
        raise UsageError(f"texts {path}: {strange[0]} is no table of a language", remedy=remedy)
    return content
