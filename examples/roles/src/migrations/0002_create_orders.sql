-- What was ordered.
-- schema: 1.1.0
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product text NOT NULL,
    amount integer NOT NULL CHECK (amount > 0),
    ordered_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX orders_product ON orders (product);
