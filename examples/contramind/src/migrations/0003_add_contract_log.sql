-- A first log of changes: one line of text a change, of contracts only.

CREATE TABLE cm.contract_log (
    contract_id  BIGINT NOT NULL,
    changed_at   TIMESTAMPTZ NOT NULL DEFAULT now(),
    changed_by   TEXT,
    change       TEXT NOT NULL
);

INSERT INTO cm.schema_version (version, description) VALUES (3, 'contract log');
