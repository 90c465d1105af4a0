"""``packshot review approve | category | subject | reject``: the same said of one photo or of many."""

from __future__ import annotations

from typing import Literal

from packshot.cli.command import option, packshot_command
from packshot.cli.review.asking import decide
from packshot.cli.review.options import Many

__all__ = ["approve", "category", "reject", "subject"]


@packshot_command("approve")
def approve(many: Many) -> int:
    """All that is shown is right: mask, category, frame. What was corrected before stays corrected.

    Many photos are told by a glob or by options, all of which must hold; a sample is shown, and you are asked.

    \b
    packshot review approve out/ shirt.jpg shoe.jpg
    packshot review approve out/ shirt.jpg --by anna --seen 1f2e3d4c5b6a
    packshot review approve out/ 'shirts/*' --why mask --uncertainty ..0.05
    packshot review approve out/ --left --sample 20
    """
    from packshot.review.answers import approval

    return decide(many, "approve", approval())


@packshot_command("category")
def category(
    *,
    to: str = option("--to", metavar="CATEGORY", help="An id, a name, or a path such as 'Tops > T-Shirt'."),
    taxonomy: str | None = option(
        "--taxonomy", metavar="FILE", help="The tree it is of, as `packshot taxonomy show` takes it."
    ),
    many: Many,
) -> int:
    """The category is another one; this says nothing of the mask.

    \b
    packshot review category out/ hat.jpg --to Hat
    packshot review category out/ a.jpg b.jpg --to 'Tops > T-Shirt' --taxonomy shop.toml
    packshot review category out/ 'hats/*' --to Hat --in none --yes
    """
    from packshot.description.own_tree import read_tree
    from packshot.review import category_path
    from packshot.review.answers import category_answer

    path = category_path(read_tree(taxonomy), to)
    what = f"give the category {path[-1].name} to"
    return decide(many, what, category_answer(path))


@packshot_command("subject")
def subject(
    *,
    to: Literal["auto", "product", "person", "garment"] = option("--to", help="What is cut out."),
    several: Literal["all", "largest"] = option(
        "--several", default="all", help="Of several products in one photo, all or the largest."
    ),
    many: Many,
) -> int:
    """The product is another part of the photo; masks that were corrected before it no longer count.

    The mask is found anew by the next `packshot run` or `packshot review apply`, and the photo is shown again.

    \b
    packshot review subject out/ dress.jpg --to garment
    packshot review subject out/ 'models/*' --to garment --several largest --sample 12
    """
    from packshot.review import ChosenSubject
    from packshot.review.answers import subject_answer
    from packshot.settings import Several, Subject

    answer = subject_answer(ChosenSubject(subject=Subject(to), several=Several(several)))
    return decide(many, f"cut out {to} of", answer)


@packshot_command("reject")
def reject(
    *,
    reason: str = option("--reason", help="Why, in words; `stats` counts equal ones."),
    many: Many,
) -> int:
    """The photo is of no use; it is left out of every export, and of what is published.

    \b
    packshot review reject out/ blurred.jpg --reason "out of focus"
    packshot review reject out/ --why nothing-found --reason "no product" --sample 12
    """
    from packshot.review.answers import rejection

    return decide(many, "reject", rejection(reason))
