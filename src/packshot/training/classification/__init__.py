"""Classification: recipes ``cnn3``, ``alexnet-frozen`` and the VGG-16s."""
