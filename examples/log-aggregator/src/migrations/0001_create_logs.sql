-- schema: 1.0.0
-- The lines, as they come.
CREATE TABLE logs (
    id         BIGSERIAL PRIMARY KEY,
    tenant     TEXT NOT NULL,
    service    TEXT NOT NULL,
    message    TEXT NOT NULL,
    logged_at  TIMESTAMPTZ NOT NULL DEFAULT now()
);
