"""x"""


def play(gateway, screen): ...
