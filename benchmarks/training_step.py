"""How many samples a second a training step of the cut-out takes, without reading photos.

    python benchmarks/training_step.py                   # single precision, bfloat16, bfloat16 with quick gradients
    python benchmarks/training_step.py --compiled        # the last one compiled, too: a minute or more to begin

Forward and backward of the network that ships, on noise; measure on a machine with nothing beside.
"""

from __future__ import annotations

import argparse
import time

import torch
from torch import nn

from packshot.training.networks.cutout_net import CutoutNet
from packshot.training.networks.depthwise import quicken_depthwise


def seconds(network: nn.Module, picture: torch.Tensor, *, half: bool, steps: int) -> float:
    """Seconds of one step, the mean of `steps`, after two that warm up."""

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            logits, coarse = network(picture)
        loss = sum((each.float().pow(2).mean() for each in coarse), logits.float().pow(2).mean())
        loss.backward()
        network.zero_grad()

    for _ in range(2):
        step()
    start = time.perf_counter()
    for _ in range(steps):
        step()
    return (time.perf_counter() - start) / steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=256, help="side in pixels [256]")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--compiled", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    picture = torch.randn(options.batch, 3, options.size, options.size).contiguous(memory_format=torch.channels_last)
    rows = [("float32", False, False, False), ("bfloat16", True, False, False), ("bfloat16, quick", True, True, False)]
    if options.compiled:
        rows.append(("bfloat16, quick, compiled", True, True, True))
    print("| step | seconds | samples a second |\n|---|---|---|")
    for name, half, quick, compiled in rows:
        network = CutoutNet(encoder="efficientnet_lite2").to(memory_format=torch.channels_last).train()
        if quick:
            quicken_depthwise(network)
        if compiled:
            network.compile(dynamic=False)
        took = seconds(network, picture, half=half, steps=options.steps)
        print(f"| {name} | {took:.2f} | {options.batch / took:.1f} |", flush=True)


if __name__ == "__main__":
    main()
