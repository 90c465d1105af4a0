"""Codes and numbers of the manifest in a catalogue manager's words."""

from __future__ import annotations

from packshot.records import Record
from packshot.storage.encodable import printable

__all__ = [
    "DOUBT_FIXES",
    "duration",
    "failure_title",
    "fixes",
    "measured",
    "percent",
    "reason_words",
    "rule_title",
    "rule_words",
]

_FAILURES = {
    "ByteLimitUnreachable": "Cannot be made small enough",
    "CompositionError": "The picture cannot be composed",
    "DamagedPhoto": "The file is damaged",
    "EmptyFile": "The file is empty",
    "InternalError": "Something went wrong in packshot",
    "LimitExceeded": "The file is too large",
    "MislabelledPhoto": "The file is not what its name says",
    "NothingToCutOut": "No product found",
    "OutputError": "The result could not be saved",
    "TimeLimitExceeded": "It took too long",
    "UnreadablePhoto": "The file cannot be read",
    "UnsupportedFormat": "Not a photo format packshot opens",
    "WorkerDied": "The photo brought the program down",
}

# The sentence a broken rule is told in; a rule not named here is told by its title.
_RULES = {
    "aspect": "The picture has the wrong proportions",
    "background-white": "The background is not pure white",
    "file-size": "The file is too large",
    "fill": "The product does not fill the picture",
    "format": "The file format is not accepted",
    "longest-side": "The picture has too few or too many pixels",
    "megapixels": "The picture has too many pixels",
    "no-border": "There is a border around the picture",
    "no-overlay": "Text, a logo or a watermark lies over the picture",
    "overlay-fields": "Text, logos or stamps cover too much of the picture",
    "size": "The picture has too few or too many pixels",
    "size-apparel": "The picture is too small for clothing",
    "size-2027": "The picture is too small",
    "size-recommended": "The picture is smaller than recommended",
    "subject-visible": "The product cannot be made out",
    "subject-whole": "The product is cut off at the edge",
    "zoom": "The picture is too small to be zoomed into",
}

_REVIEWS = {
    "damage": "the photo may not be whole",
    "mask": "check the cut-out",
    "frame": "there may be a frame around the photo",
    "overlay": "text, a logo or a watermark may lie over the product",
    "rules": "a rule that must hold does not",
    "enlarged": "enlarged beyond what the photo holds",
    "picture": "no picture could be made for one of the profiles",
    "category": "choose the category",
}

#: What a doubt about a mask asks a person to do.
DOUBT_FIXES = {
    "alike": "Several alike stand side by side: take a photo of one alone, or mark the one that is meant",
    "area": "Check the cut-out: a part may be missing, or something foreign in it",
    "cut-off": "The product is cut off at the edge of the photo",
    "fringe": "Check the outline: the background's colour shows along it",
    "ground": "Check the cut-out: the background's colour and the network disagree",
    "held": "A hand or a person touches the product: check where it ends",
    "outline": "Check the outline: the cut-out is uncertain",
    "redrawn": "Check the cut-out: your strokes were drawn again on a new mask",
    "pieces": "Check the cut-out: there are loose pieces beside the product",
    "thin": "Check the top of the product: a hanger or a hook may be left on it, or a strap or a lace lost",
    "smoke": "Check the cut-out: parts of it are half transparent",
}

_CUT_OFF = "the photo cuts the product off"  # of the packshot's advice; the findings say so too


def failure_title(code: str) -> str:
    """A headline for an error's code.

    Example:
        >>> failure_title("EmptyFile")
        'The file is empty'
    """
    return _FAILURES.get(code, "It could not be finished")


def rule_words(rule_id: str) -> str:
    """What a broken rule says of the picture.

    Example:
        >>> rule_words("no-border"), rule_words("own-rule")
        ('There is a border around the picture', 'Own rule')
    """
    return _RULES.get(rule_id) or rule_title(rule_id)


def reason_words(reason: str) -> str:
    """Why a picture is held back or to be looked at: a code in words, anything else as it is.

    Example:
        >>> reason_words("mask"), reason_words("no-border"), reason_words("own-rule"), reason_words("No title.")
        ('check the cut-out', 'there is a border around the picture', 'own-rule', 'No title.')
    """
    rule = _RULES.get(reason)
    return _REVIEWS.get(reason) or (reason if rule is None else rule[:1].lower() + rule[1:])


def duration(milliseconds: float) -> str:
    """A time a person reads at a glance.

    Example:
        >>> duration(0.4), duration(83.2), duration(2340)
        ('0.4 ms', '83 ms', '2.3 s')
    """
    if milliseconds < 10:
        return f"{milliseconds:.1f} ms"
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1000:.1f} s"


def measured(value: object) -> str:
    """A rule's measured value.

    Example:
        >>> measured([640, 480]), measured(0.62471), measured(True), measured(None)
        ('640 × 480', '0.625', 'yes', 'not measured')
    """
    if value is None:
        return "not measured"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return " × ".join(measured(each) for each in value)
    return str(value)


def percent(share: float) -> str:
    """A probability; never a certainty that it is not.

    Example:
        >>> percent(0.984), percent(0.9999), percent(0.0001), percent(1)
        ('98 %', '> 99 %', '< 1 %', '100 %')
    """
    if 0.995 <= share < 1:
        return "> 99 %"
    return "< 1 %" if 0 < share < 0.005 else f"{share * 100:.0f} %"


def rule_title(rule_id: str) -> str:
    """A rule's name without its hyphens.

    Example:
        >>> rule_title("background-white")
        'Background white'
    """
    words = rule_id.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def fixes(record: Record) -> list[str]:
    """What a person should do about a photo, most pressing first; empty if nothing.

    Args:
        record: a line of the manifest with status ``ok`` or ``review``.
    """
    todo = [] if record.damage is None else [f"Look whether the photo is whole: {record.damage}"]
    several = len(record.packshots) > 1
    for profile, picture in record.packshots.items():
        whose = f" ({printable(profile)})" if several else ""
        if picture.error is not None:
            todo.append(f"No picture could be made{whose}: {printable(picture.error.message)}")
        todo += [
            f"From {rule.since}{whose}: {_RULES.get(rule.id, rule_title(rule.id))}, {measured(rule.measured)}"
            for rule in picture.upcoming
            if not rule.ok and rule.severity == "must"
        ]
        for rule in (each for each in picture.rules if not each.ok and each.severity == "must"):
            known = _RULES.get(rule.id)
            todo.append(f"{known or rule_title(rule.id)}{whose}{'' if known else f': {measured(rule.measured)}'}")
    if record.frame is not None and record.frame.framed and not record.frame.removed:
        todo.append("There may be a frame around the photo: cut it off by hand if so")
    if "overlay" in record.review:
        todo.append("Text, a logo or a watermark may lie over the product: use a photo without it")
    touches = record.findings.touches if record.findings is not None else ()
    if "mask" in record.review:
        doubts = record.doubts or ("outline",)
        # Where the findings know at which sides it is cut off, they say it themselves.
        todo += [DOUBT_FIXES[doubt] for doubt in doubts if not (doubt == "cut-off" and touches)]
    if "category" in record.review:
        todo.append("Choose the category: the photo alone does not tell")
    todo += [sentence(text) for text in (record.findings.advice if record.findings is not None else ())]
    todo += [sentence(text) for text in record.advice if not (touches and text.startswith(_CUT_OFF))]
    return list(dict.fromkeys(todo))


def reason(message: str, source: str, name: str) -> str:
    """An error's message where the photo's name stands above it already: no path, no repetition.

    Example:
        >>> reason("in/a.jpg: no product", "in/a.jpg", "a.jpg")
        'No product'
    """
    text = message.removeprefix(f"{source}: ").replace(source, name)
    return text if text.startswith(name) else sentence(text)


def sentence(text: str) -> str:
    """With a capital, without a full stop, as an entry of a list."""
    text = text.strip().rstrip(".")
    return text[:1].upper() + text[1:]
