"""Messages to addresses of others, as Standard Webhooks has them: signed, sent again until they are taken."""
