"""SELECTs that are compiled once.

Django takes ten times longer to write a joined SELECT than a database to answer it, and a
respondent page asks the same one every time. The ORM stays the author: columns, joins, conversions.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_PARAMETER = "\N{REPLACEMENT CHARACTER}parameter"


class CompiledSelect:
    """A query with one text parameter, written by Django at its first use.

    :param build: returns the `values_list` to compile, given the stand-in for the parameter.
    """

    def __init__(self, build: Callable[[str], QuerySet[Any, Any]]) -> None:
        self.build = build
        self._compiled: tuple[str, list[Any], Any, Any] | None = None

    def prepare(self) -> None:
        """Write the query now, and not for its first visitor."""
        self._compiled = self._compiled or self._compile()

    def one(self, value: str) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        if self._compiled is None:
            self._compiled = self._compile()
        sql, parameters, compiler, converters = self._compiled
        values = [value if parameter == _PARAMETER else parameter for parameter in parameters]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = cursor.fetchall()
        if not rows:
            return None
        return tuple(next(compiler.apply_converters(rows, converters)))

    def _compile(self) -> tuple[str, list[Any], Any, Any]:
        compiler = self.build(_PARAMETER).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        columns = [selected[0] for selected in compiler.select[: compiler.col_count]]
        return sql, list(parameters), compiler, compiler.get_converters(columns)
