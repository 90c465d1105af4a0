"""torchvision's Mask R-CNN as a foreground mask: the generic baseline a dedicated network must beat."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn
from torchvision.models.detection import MaskRCNN_ResNet50_FPN_V2_Weights, maskrcnn_resnet50_fpn_v2

from packshot.errors import UsageError

__all__ = ["PRODUCTS", "MaskRcnn"]

_COCO: list[str] = MaskRCNN_ResNet50_FPN_V2_Weights.COCO_V1.meta["categories"]

#: COCO classes that a shop could sell and photograph alone.
PRODUCTS = frozenset(
    {"backpack", "umbrella", "handbag", "tie", "suitcase", "bicycle", "frisbee", "skis", "snowboard", "sports ball"}
    | {"kite", "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle", "wine glass"}
    | {"cup", "fork", "knife", "spoon", "bowl", "banana", "apple", "orange", "broccoli", "carrot", "cake", "bench"}
    | {"chair", "couch", "potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "book"}
    | {"keyboard", "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "clock", "vase", "scissors"}
    | {"teddy bear", "hair drier", "toothbrush"}
)


class MaskRcnn(nn.Module):
    """Mask R-CNN, ResNet-50 FPN v2 (He et al. 2017; Li et al. 2021, arXiv:2111.11429), read as one mask.

    Args:
        weights: ``coco`` (torchvision downloads them), ``none``, or a file: a ``.safetensors``, or a ``.pth`` state
            dict as torchvision distributes it.
        classes: which detections count as foreground.
        min_score: detections below are ignored, 0..1.
        min_size: the picture's shorter side inside the network, in pixels.

    Raises:
        UsageError: the weights cannot be had, or are those of another network.
    """

    wanted: Tensor

    def __init__(
        self,
        *,
        weights: str = "coco",
        classes: Literal["person", "product", "all"] = "all",
        min_score: float = 0.5,
        min_size: int = 800,
    ) -> None:
        super().__init__()
        self.multiple = 32
        self.min_score = min_score
        self.model = maskrcnn_resnet50_fpn_v2(weights=None, weights_backbone=None, min_size=min_size)
        # Pictures arrive normalised like every network's here; the model's own mean and deviation are the same ones.
        self.model.transform.image_mean, self.model.transform.image_std = [0.0] * 3, [1.0] * 3
        if weights != "none":
            _load(self.model, weights)
        wanted = {"person": {"person"}, "product": PRODUCTS, "all": PRODUCTS | {"person"}}[classes]
        numbers = [number for number, name in enumerate(_COCO) if name in wanted]
        self.register_buffer("wanted", torch.tensor(numbers), persistent=False)

    def foreground(self, image: Tensor) -> Tensor:
        """Foreground probability: at each pixel the largest of the wanted detections' masks.

        Args:
            image: float (n, 3, h, w), normalised.

        Returns:
            float (n, 1, h, w), 0..1.
        """
        found = []
        for answer in self.model(list(image)):
            keep = (answer["scores"] >= self.min_score) & torch.isin(answer["labels"], self.wanted)
            nothing = image.new_zeros(1, 1, *image.shape[-2:])
            found.append(torch.cat([nothing, answer["masks"][keep]]).amax(dim=0))
        return torch.stack(found)

    def forward(self, image: Tensor) -> Tensor:
        """`foreground` as logits, the answer of every mask network here. It is not trained: evaluation mode only."""
        return torch.logit(self.foreground(image), eps=1e-6)


def _load(model: nn.Module, weights: str) -> None:
    try:
        if weights == "coco":
            state = MaskRCNN_ResNet50_FPN_V2_Weights.COCO_V1.get_state_dict(progress=True, check_hash=True)
        elif Path(weights).suffix == ".safetensors":
            from safetensors.torch import load_file

            state = load_file(weights)
        else:
            state = torch.load(weights, map_location="cpu", weights_only=True)
        model.load_state_dict(state)
    except OSError as error:  # no network, no such file
        remedy = f"download {MaskRCNN_ResNet50_FPN_V2_Weights.COCO_V1.url} and give --set weights=FILE"
        raise UsageError(
            f"weights = {weights!r}: Mask R-CNN's weights cannot be had ({error})", remedy=remedy
        ) from error
    except Exception as error:  # a broken or foreign file fails in many ways, none of them the reader's to decode
        first = str(error).splitlines()[0][:200]
        raise UsageError(
            f"weights = {weights!r}: not a state dict of maskrcnn_resnet50_fpn_v2 ({first})",
            remedy="give the file torchvision distributes, or one saved from that model's state_dict()",
        ) from error
