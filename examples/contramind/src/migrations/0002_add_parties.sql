-- Who a contract is with.

CREATE TABLE cm.parties (
    id       BIGSERIAL PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    country  CHAR(2)
);

CREATE TABLE cm.contract_parties (
    contract_id  BIGINT NOT NULL REFERENCES cm.contracts (id) ON DELETE CASCADE,
    party_id     BIGINT NOT NULL REFERENCES cm.parties (id),
    PRIMARY KEY (contract_id, party_id)
);

INSERT INTO cm.schema_version (version, description) VALUES (2, 'parties');
