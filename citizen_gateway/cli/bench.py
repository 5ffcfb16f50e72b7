"""x"""

import click


@click.group()
def bench(): ...
