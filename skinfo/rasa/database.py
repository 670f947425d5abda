"""The database of conversations: SQLite in a file or in memory, or PostgreSQL.

Sources: SQLAlchemy 1.4's pages on pysqlite ("Serializable isolation") and on pooling; SQLite's on
WAL; PostgreSQL's on connection parameters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.pool import QueuePool

from skinfo.rasa import conversation_tables, feedback

IN_MEMORY = "sqlite://"

#: Seconds until a database that does not answer counts as failed.
_CONNECTING = 3
_WAITING = 5


class DatabaseUnusable(Exception):
    """The database cannot be used; says which, why, and what to do. Never with its password."""


def parse_database_url(url: str) -> URL:
    """Read a database's URL.

    Raises:
        ValueError: it is none, or names another kind of database.
    """
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError:
        raise ValueError(
            "no database's URL: write sqlite:////path/conversations.db "
            "or postgresql://user:password@host:5432/database"
        ) from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(f"{parsed.get_backend_name()} is not supported: use sqlite or postgresql")
    return parsed


def open_database(url: str, connections: int) -> Engine:
    """Open a database; nothing is asked of it yet.

    Args:
        url: of SQLite or PostgreSQL.
        connections: how many may be open at once.

    Raises:
        DatabaseUnusable: the URL is wrong, or its folder cannot be made.
    """
    try:
        parsed = parse_database_url(url)
    except ValueError as error:
        raise DatabaseUnusable(str(error)) from None
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, connections)
    return sa.create_engine(
        parsed,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_CONNECTING,
        # A connection that was lost is noticed before it is used.
        pool_pre_ping=True,
        # An error would otherwise repeat what was to be written.
        hide_parameters=True,
        connect_args={
            "connect_timeout": _CONNECTING,
            "tcp_user_timeout": 1000 * _WAITING,
            "keepalives_idle": 30,
            "options": f"-c statement_timeout={1000 * _WAITING} -c lock_timeout={1000 * _WAITING} "
            f"-c idle_in_transaction_session_timeout={2000 * _WAITING}",
        },
    )


def make_tables(engine: Engine) -> None:
    """Make what tables are missing; several servers may do so at once.

    Raises:
        DatabaseUnusable: the database cannot be reached or written.
    """
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                # One at a time; the number is only a name among our locks.
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(7_546_361)))
            conversation_tables.metadata.create_all(connection)
            # A table that Rasa's own store has made lacks these.
            for index in (conversation_tables.events_by_conversation, conversation_tables.events_by_age):
                index.create(connection, checkfirst=True)
            feedback.metadata.create_all(connection)
    except sa.exc.SQLAlchemyError as error:
        where = engine.url.render_as_string(hide_password=True)
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
        raise DatabaseUnusable(
            f"the conversations at {where} cannot be used: {reason}\n"
            "  mend: SKINFO_DATABASE_URL says where they are; see that it can be reached and written"
        ) from None


def check_database(url: str) -> None:
    """See that a database can be used, and make what tables are missing.

    Raises:
        DatabaseUnusable: it cannot be reached or written.
    """
    engine = open_database(url, connections=1)
    try:
        make_tables(engine)
    finally:
        engine.dispose()


def _open_sqlite(url: URL, connections: int) -> Engine:
    # A database in memory lives in one connection.
    in_memory = not url.database or url.database == ":memory:"
    if not in_memory:
        folder = Path(str(url.database)).parent
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise DatabaseUnusable(
                f"the conversations cannot be kept in {folder}: {error.strerror}\n"
                "  mend: set SKINFO_STATE or SKINFO_DATABASE_URL to a place that may be written"
            ) from None
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=1 if in_memory else connections,
        max_overflow=0,
        pool_timeout=_WAITING,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": _WAITING},
    )

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, record: object) -> None:
        # We say ourselves when a transaction begins: see `begin_to_write`.
        connection.isolation_level = None
        # Zeros where something stood: SQLite otherwise leaves it in the file.
        connection.execute("PRAGMA secure_delete = ON")
        if not in_memory:
            connection.execute("PRAGMA journal_mode = WAL")
            # With WAL, what was written survives the process; a power cut may take the last turn.
            connection.execute("PRAGMA synchronous = NORMAL")

    @sa.event.listens_for(engine, "begin")
    def begin_to_write(connection: Any) -> None:
        # At once for writing: one that begins to read may not be let write later.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
