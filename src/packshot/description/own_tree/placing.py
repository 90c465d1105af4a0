"""A description whose category stands in a shop's own tree, with what that tree says of it: sex, fit and the like."""

from __future__ import annotations

from dataclasses import replace

from packshot.description.known import silenced
from packshot.description.taxonomy import FIT, NOT_KNOWN, SEX, Taxonomy, tree_attributes
from packshot.values import Answer, Attribute, Description

__all__ = ["placed"]


def placed(description: Description, answer: Answer, *, tree: Taxonomy, familiar: bool) -> Description:
    """The description with another category.

    What the tree says of the answered category becomes an attribute, as sure as the category that says so. Sex and fit
    are always there: no photo tells them, so what the tree does not say is ``not known``.

    Args:
        description: as the network gave it.
        answer: the category in the shop's tree.
        tree: the shop's.
        familiar: whether the photo shows anything the tree has.
    """
    (said,) = (answer,) if familiar else silenced((answer,))
    rest = tuple(each for each in description.answers if each.head != answer.head)
    told = {} if said.best is None else tree_attributes(tree, said.best.label)
    scores = {choice.label: choice.score for choice in said.path}
    found = [Attribute(name, value, scores[by]) for name, (value, by) in told.items()]
    known = {each.name for each in (*found, *(each for each in description.attributes if not each.tag))}
    found += [Attribute(name, NOT_KNOWN, 0.0, sure=False) for name in (SEX, FIT) if name not in known]
    kept = tuple(each for each in description.attributes if each.tag or each.name not in told)
    return replace(description, answers=(said, *rest), attributes=(*found, *kept), familiar=familiar)
