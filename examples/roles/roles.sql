-- What an administrator runs once, connected to the new database.
CREATE ROLE shop_owner;                                       -- owns tables and ledger, can't log in
CREATE ROLE shop_deploy LOGIN NOINHERIT PASSWORD 'change me'; -- migrates
GRANT shop_owner TO shop_deploy;
CREATE ROLE shop_app LOGIN PASSWORD 'change me';              -- serves
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CREATE, USAGE ON SCHEMA public TO shop_owner;
GRANT USAGE ON SCHEMA public TO shop_app;
