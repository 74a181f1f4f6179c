-- Contracts, and the version table in which each script notes that it was run.

CREATE SCHEMA IF NOT EXISTS cm;

CREATE TABLE IF NOT EXISTS cm.schema_version (
    version      INTEGER PRIMARY KEY,
    applied_at   TIMESTAMPTZ DEFAULT now(),
    description  TEXT
);

CREATE TABLE cm.contracts (
    id          BIGSERIAL PRIMARY KEY,
    title       TEXT NOT NULL,
    signed_on   DATE,
    created_at  TIMESTAMPTZ NOT NULL DEFAULT now()
);

INSERT INTO cm.schema_version (version, description) VALUES (1, 'contracts');
