"""What the embedding learns from: pictures of the same thing lie close, those of others apart."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

__all__ = ["proxy_loss", "supervised_contrastive_loss"]


def supervised_contrastive_loss(embedding: Tensor, identity: Tensor, *, temperature: float) -> Tensor:
    """Khosla et al. (2020), "Supervised contrastive learning", the loss with the sum outside the logarithm.

    Args:
        embedding: float (n, d), each of length 1.
        identity: int (n,); pictures of the same thing share a number. One without a second picture is only contrasted.
        temperature: the smaller, the more the closest other products count.

    Returns:
        The mean over the pictures that have a second one; 0 where none has.
    """
    n = len(embedding)
    others = ~torch.eye(n, dtype=torch.bool, device=embedding.device)
    likeness = (embedding @ embedding.T / temperature).masked_fill(~others, -torch.inf)
    log_share = likeness - likeness.logsumexp(dim=1, keepdim=True)
    same = (identity[:, None] == identity[None, :]) & others
    count = same.sum(dim=1)
    loss = -log_share.masked_fill(~same, 0).sum(dim=1) / count.clamp(min=1)
    return loss.sum() / (count > 0).sum().clamp(min=1)


def proxy_loss(embedding: Tensor, proxies: Tensor, product: Tensor, *, scale: float, margin: float) -> Tensor:
    """A learnt point for each product, as in CosFace (Wang et al., 2018): cosine softmax with a margin.

    Args:
        embedding: float (n, d), each of length 1.
        proxies: float (products, d).
        product: int (n,), -1 for a picture of no known product.
        scale: of the cosines.
        margin: taken from the cosine of the true product.

    Returns:
        The mean over the pictures with a product; 0 where none has.
    """
    known = product >= 0
    if not bool(known.any()):
        return embedding.sum() * 0
    cosines = embedding[known] @ F.normalize(proxies, dim=1).T
    true = F.one_hot(product[known], len(proxies)).to(cosines.dtype)
    return F.cross_entropy(scale * (cosines - margin * true), product[known])
