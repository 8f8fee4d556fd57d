"""The store's tables and their version.

One row an action, one an outcome: the primary key of `outcomes` is what makes "at most one
outcome, ever" true. An attempt that failed and is to be followed by another has a row, too; so
has the latest attempt of each action in another process. A payload of more than `INLINE_LIMIT`
bytes is a blob, named by digest.
"""

from __future__ import annotations

SCHEMA_VERSION = 3
APPLICATION_ID = 0x666C7974
"""Says that a SQLite file is one of ours."""

INLINE_LIMIT = 16 * 1024

_STARTS = """
create table starts (
    action blob primary key references actions (id),
    fence integer not null,
    number integer not null,
    lost integer not null,
    worker text not null,
    pid integer not null,
    started real not null
) strict, without rowid;
"""

SCHEMA = f"""
create table runs (
    name text primary key,
    task text not null,
    source text not null,
    mode text not null check (mode in ('dynamic', 'compiled')),
    plan blob,
    arguments blob not null,
    python text not null,
    durability text not null,
    executor text not null,
    workers integer,
    phase text not null check (phase in ('running', 'succeeded', 'failed', 'aborted')),
    created real not null,
    resumed real,
    ended real
) strict;

create table actions (
    id blob primary key,
    run text not null references runs (name),
    parent blob,
    kind text not null,
    task text not null,
    version blob,
    slot text not null,
    inputs blob not null,
    inputs_in_blob integer not null,
    label text,
    file text not null,
    line integer not null,
    started real not null,
    attempts integer not null,
    driver_attempt integer not null default 0
) strict;

create index actions_by_run on actions (run);

create table outcomes (
    action blob primary key references actions (id),
    kind text not null check (kind in ('value', 'error')),
    payload blob not null,
    in_blob integer not null,
    cached integer not null,
    ended real not null
) strict;

create table attempts (
    action blob not null references actions (id),
    number integer not null,
    error blob not null,
    in_blob integer not null,
    ended real not null,
    not_before real not null,
    primary key (action, number)
) strict, without rowid;

{_STARTS}
create table deliveries (
    driver blob not null,
    number integer not null,
    action blob not null,
    abandoned integer not null,
    forced integer not null,
    primary key (driver, number)
) strict, without rowid;

create table cache (
    key blob primary key,
    payload blob not null,
    in_blob integer not null,
    action blob not null,
    created real not null
) strict;
"""

MIGRATIONS = {
    1: """
alter table actions add column driver_attempt integer not null default 0;
create table attempts (
    action blob not null references actions (id),
    number integer not null,
    error blob not null,
    in_blob integer not null,
    ended real not null,
    not_before real not null,
    primary key (action, number)
) strict, without rowid;
""",
    2: _STARTS,
}
"""What makes of a store of one version one of the next."""
