"""Counts the queries of each request and times them, for SQLAlchemy 1.4 and 2, sync and async.

    engine = create_engine(url)  # or create_async_engine(url).sync_engine
    count_queries(engine)

    with query_count() as count:  # in a WSGI or ASGI middleware, around one request
        response = handle(request)
    record(route, count)

`record` is yours: a histogram of count.queries and count.seconds by route, or a log line where count.queries is above 20
(an N+1 query: count.repeated is how often the most frequent statement was sent).
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Iterator

from sqlalchemy import event

_current: ContextVar["QueryCount | None"] = ContextVar("query_count", default=None)
# A bound: a request that sends thousands of different statements is not what this looks for.
_MOST_TEXTS = 1000


class QueryCount:
    """What a request has asked so far."""

    def __init__(self) -> None:
        self.queries = 0
        self.failed = 0
        self.seconds = 0.0
        self._texts: dict[str, int] = {}

    @property
    def repeated(self) -> int:
        """How often the statement was sent that was sent most often."""
        return max(self._texts.values(), default=0)

    def add(self, statement: str) -> None:
        self.queries += 1
        if statement in self._texts or len(self._texts) < _MOST_TEXTS:
            self._texts[statement] = self._texts.get(statement, 0) + 1


@contextmanager
def query_count() -> Iterator[QueryCount]:
    """Counts the queries of the block, also of the tasks that it awaits."""
    count = QueryCount()
    token = _current.set(count)
    try:
        yield count
    finally:
        _current.reset(token)


def count_queries(engine) -> None:
    """Makes the connections of an engine count; once for each engine."""

    @event.listens_for(engine, "before_cursor_execute")
    def begin(connection, cursor, statement, parameters, context, executemany):
        count = _current.get()
        if count is not None:
            count.add(statement)
            context._counted_since = (count, time.perf_counter())

    def end(context) -> "QueryCount | None":
        count, since = getattr(context, "_counted_since", (None, 0.0))
        if count is not None:
            count.seconds += time.perf_counter() - since
            context._counted_since = (None, 0.0)
        return count

    @event.listens_for(engine, "after_cursor_execute")
    def after(connection, cursor, statement, parameters, context, executemany):
        end(context)

    @event.listens_for(engine, "handle_error")
    def fail(error):
        if error.execution_context is not None:
            count = end(error.execution_context)
            if count is not None:
                count.failed += 1
