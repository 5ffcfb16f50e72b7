"""Reads and writes model files: one line of JSON that describes the arrays, then their bytes.

The same content gives the same bytes; nothing in a file is executed.
"""

from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from citizen_nlp.lexfile import DataFileError

Array: TypeAlias = NDArray[np.generic]
_ALLOWED = frozenset({"int8", "uint16", "int32", "float32"})


class _ArraySpec(msgspec.Struct, frozen=True):
    name: str
    dtype: str
    shape: tuple[int, ...]


class _Header(msgspec.Struct, frozen=True):
    kind: str
    meta: dict[str, str | int | float | list[str]]
    arrays: list[_ArraySpec]


class Artefact(NamedTuple):
    """What a model file holds: small values by name and arrays by name."""

    meta: dict[str, str | int | float | list[str]]
    arrays: dict[str, Array]


def pack(kind: str, content: Artefact) -> bytes:
    """Give the bytes of a model file; `kind` says what the file is for."""
    specs = [_ArraySpec(name, str(a.dtype), a.shape) for name, a in content.arrays.items()]
    header = msgspec.json.encode(_Header(kind, dict(content.meta), specs))
    body = b"".join(np.ascontiguousarray(a).tobytes() for a in content.arrays.values())
    return header + b"\n" + body


def unpack(path: Path, kind: str) -> Artefact:
    """Load a model file made by `pack`.

    Raises `DataFileError` naming the file when it is missing, cut short or of another kind.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataFileError(path, None, f"cannot be read: {error}") from error
    end = data.find(b"\n")
    try:
        header = msgspec.json.decode(data[: max(end, 0)], type=_Header)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataFileError(path, 1, f"is not a model file: {error}") from error
    if header.kind != kind:
        raise DataFileError(path, 1, f"holds a {header.kind!r} model, expected {kind!r}")
    return Artefact(header.meta, _arrays(path, header.arrays, data, end + 1))


def _arrays(path: Path, specs: list[_ArraySpec], data: bytes, offset: int) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    for spec in specs:
        if spec.dtype not in _ALLOWED:
            raise DataFileError(path, 1, f"array {spec.name!r} has type {spec.dtype!r}, allowed are {sorted(_ALLOWED)}")
        count = int(np.prod(spec.shape, dtype=np.int64))
        # Copied, since bytes in a file stand at odd addresses and numpy is slow there.
        size = count * np.dtype(spec.dtype).itemsize
        if offset + size > len(data):
            raise DataFileError(path, None, f"array {spec.name!r} is cut short: {len(data) - offset} of {size} bytes")
        arrays[spec.name] = np.frombuffer(data, spec.dtype, count, offset).reshape(spec.shape).copy()
        offset += size
    if offset != len(data):
        raise DataFileError(path, None, f"{len(data) - offset} bytes too many")
    return arrays
