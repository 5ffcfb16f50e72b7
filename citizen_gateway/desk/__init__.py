"""The staff's desk: queues, saved filters, search, and a logged look at what is masked."""
