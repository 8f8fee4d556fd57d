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

insert into runs values ('r', 'e.main', 'main.py', 'dynamic', null, x'a0', '3.11', 'fast', 'auto', null, 'running', 1.0, null, null);
insert into outcomes values (x'02', 'value', x'07', 0, 0, 3.0);
insert into actions values (x'01', 'r', null, 'task', 'e.main', null, '', x'a0', 0, null, 'main.py', 0, 1.0, 1, 0), (x'02', 'r', x'01', 'task', 'e.leaf', null, '#0', x'a0', 0, null, 'main.py', 9, 2.0, 1, 0);
insert into attempts values (x'02', 0, x'00', 0, 2.5, 2.6);
insert into deliveries values (x'01', 0, x'02', 0, 0);
pragma application_id = 1718385012;
pragma user_version = 2;
