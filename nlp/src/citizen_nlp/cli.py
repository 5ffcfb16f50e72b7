"""The command line: train, evaluate, explain, measure."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from citizen_nlp import commands
from citizen_nlp.lexfile import DATA, DataFileError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Return 0; or 1 when a new model is refused or, with one line on standard error, a file cannot be used or
    a library is missing.
    """
    options = _parser().parse_args(arguments)
    try:
        result, accepted = options.run(options)
    except ModuleNotFoundError as error:
        sys.stderr.write(f"This needs {error.name}, which is not installed.\n")
        return 1
    except (DataFileError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if options.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(result), indent=2).decode() + "\n")
    else:
        commands.show(result)
    return 0 if accepted else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m citizen_nlp", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print JSON instead of a table")
    kinds = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: commands.Command, text: str) -> argparse.ArgumentParser:
        made = kinds.add_parser(name, help=text, description=text, parents=[common])
        made.set_defaults(run=run)
        return made

    made = command("train", commands.train, "learn from corrected tickets; refuse a model that is worse")
    made.add_argument("--tickets", type=Path, required=True, help="CSV: title,text,code[,operator_code]")
    made.add_argument("--model", type=Path, default=DATA / "category.bin", help="the model to go on from")
    made.add_argument("--out", type=Path, default=Path("category.bin"), help="where the new model goes")
    made = command("evaluate", commands.evaluate, "measure categories, places and problem phrases")
    made.add_argument("--gold", type=Path, required=True, help="CSV: title,text,code,alt[,place,problem,problem_b]")
    made.add_argument("--model", type=Path, default=DATA / "category.bin")
    made = command("explain", commands.explain, "show what was found in one message, and why")
    made.add_argument("text")
    made.add_argument("--title", default="")
    made = command("coarse", commands.coarse, "train the same kind of model on any labels and measure it")
    made.add_argument("--train", type=Path, required=True, help="CSV: title,text,label")
    made.add_argument("--test", type=Path, required=True, help="CSV: title,text,label")
    made = command("bench", commands.bench, "time the analyser")
    made.add_argument("--messages", type=Path, nargs="+", help="CSV: id,title,text; or CITIZEN_DATA names the folder")
    made = command("build", commands.build_model, "build the shipped category model")
    made.add_argument("--labels", type=Path, default=DATA / "labels.csv", help="CSV: source,id,code,alt")
    made.add_argument("--messages", type=Path, nargs="+", required=True, help="CSV: id,title,text; stem is the source")
    made.add_argument("--gold", type=Path, required=True, help="CSV: title,text,code,alt")
    made.add_argument("--captions", type=Path, default=DATA / "captions.txt")
    made.add_argument("--out", type=Path, default=DATA / "category.bin")
    made = command("keywords", commands.keywords, "build and measure the keyness table")
    made.add_argument("--messages", type=Path, required=True, help="CSV: title,text[,text_is]")
    made.add_argument("--out", type=Path, default=None)
    made = command("events", commands.events, "measure same-event pairs")
    made.add_argument("--messages", type=Path, required=True, help="CSV: id,title,text")
    made.add_argument("--groups", type=Path, required=True, help="CSV: event,message_id")
    made = command("danger", commands.danger, "measure emergencies on sentences")
    made.add_argument("--emergencies", type=Path, required=True, help="lines: number, tab, sentence")
    made.add_argument("--calm", type=Path, required=True, help="lines: sentence")
    made = command("captions", commands.captions, "measure categories on captions")
    made.add_argument("--captions", type=Path, required=True, help="lines: code, tab, caption")
    return parser
