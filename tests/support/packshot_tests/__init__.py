"""What tests share: how a command is run, and what photos are drawn."""
