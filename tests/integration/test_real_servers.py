"""The PostgreSQL and the Redis of the tests are real, and break as real ones do."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest

from tests.real_servers import RealPostgres, RealRedis, RealServer


@pytest.fixture(params=[RealPostgres, RealRedis])
def server(request: pytest.FixtureRequest) -> Iterator[RealServer]:
    with request.param.running() as server:
        yield server


def test_a_server_breaks_and_comes_back(server: RealServer) -> None:
    assert server.answers()
    server.freeze()
    assert not server.answers()
    server.thaw()
    assert server.answers()
    for end in (server.kill, server.stop):
        end()
        assert not server.answers()
        server.start()
        assert server.answers()


def test_postgres_keeps_what_was_written_before_it_was_killed(real_postgres: RealPostgres) -> None:
    url = real_postgres.new_database()
    connection = psycopg2.connect(url)
    connection.cursor().execute("CREATE TABLE kept AS SELECT 7 AS number")
    connection.commit()
    real_postgres.kill()
    real_postgres.start()
    again = psycopg2.connect(url)
    cursor = again.cursor()
    cursor.execute("SELECT number FROM kept")

    assert cursor.fetchone() == (7,)
    again.close()
