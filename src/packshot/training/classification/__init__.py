"""Telling classes apart: recipes ``cnn3``, ``alexnet-frozen`` and the VGG-16s."""
