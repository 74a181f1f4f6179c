-- Who is told of which lines.
CREATE TABLE alerts (
    id        BIGSERIAL PRIMARY KEY,
    tenant    TEXT NOT NULL,
    pattern   TEXT NOT NULL,
    raised_at TIMESTAMPTZ
);
