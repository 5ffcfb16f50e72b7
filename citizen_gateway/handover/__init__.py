"""Hand-over of a case between channels: the first acceptor keeps it until the other has signed (首接负责)."""
