"""Rows as Arrow tables of pyarrow, as far as such can hold them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

BEYOND = 2**63  # an integer that the library has no kind for


def reader(table: pa.Table, rows: int = 1) -> pa.RecordBatchReader:
    """The table as a generator gives it, so many rows at a time."""
    return pa.RecordBatchReader.from_batches(table.schema, iter(table.to_batches(max_chunksize=rows)))


def tables_of(rows: list[dict[str, Any]]) -> Iterator[pa.Table]:
    """Tables with the rows in their order: a new one begins where the keys or the types change."""
    for types, group in itertools.groupby(rows, key=lambda row: {key: type_of(value) for key, value in row.items()}):
        given = list(group)
        columns = [array([row[key] for row in given], types[key]) for key in types]
        if columns:
            yield pa.Table.from_arrays(columns, names=list(types))
        else:
            # A table without columns that has rows.
            yield pa.table({"none": [0] * len(given)}).select([])


def type_of(value: Any) -> pa.DataType:
    if value is None:
        return pa.null()
    if isinstance(value, bool):
        return pa.bool_()
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return pa.int64()
    if isinstance(value, float):
        return pa.float64()
    if isinstance(value, str):
        return pa.string()
    return pa.uint64()


def array(values: list[Any], of: pa.DataType) -> pa.Array:
    if of == pa.uint64():
        return pa.array([value if isinstance(value, int) and 0 <= value < 2**64 else BEYOND for value in values], of)
    if of != pa.string():
        return pa.array(values, of)
    # Bytes that are no text go in unseen.
    texts = [value.encode("utf-8", "surrogateescape") for value in values]
    return pa.Array.from_buffers(of, len(texts), pa.array(texts, pa.binary()).buffers())
