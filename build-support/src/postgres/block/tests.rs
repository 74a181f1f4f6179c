//! Blocks, each with what it does and when.

use crate::postgres::read;
use crate::statement::{Act, ActKind, Branch, Condition, Guard, TableChange, Thing};
use std::sync::Arc;

fn acts(text: &str) -> Vec<Act> {
    read(text).statements.into_iter().flat_map(|statement| statement.acts).collect()
}

/// Writes down what a block does, an act a line, each with its bytes and what it depends on.
fn told(body: &str) -> Vec<String> {
    let text = format!("DO $$ BEGIN {body} END $$;");
    let told = |act: &Act| {
        let at = text.get(act.range.clone()).unwrap_or("?");
        let within = |branch: &Option<Arc<Branch>>| branch.as_ref().and_then(|branch| branch.within.clone());
        let branches = std::iter::successors(act.branch.clone(), |branch| within(&Some(branch.clone())));
        let guards: Vec<_> = branches.map(|branch| guard_told(&branch.guard)).collect();
        let guard: String = guards.iter().rev().map(|guard| format!(" if {guard}")).collect();
        let condition = match act.condition {
            Condition::Always => "",
            Condition::IfMissing => " unless there",
            Condition::IfThere => " if there",
            Condition::Sometimes => " perhaps",
        };
        let kind = match &act.kind {
            ActKind::Somewhere(_) => "somewhere: ".to_owned(),
            ActKind::Opaque { names, .. } => {
                format!("opaque {:?}: ", names.iter().map(ToString::to_string).collect::<Vec<_>>())
            }
            _ => String::new(),
        };
        format!("{kind}{at}{condition}{guard}")
    };
    acts(&text).iter().map(told).collect()
}

fn guard_told(guard: &Guard) -> String {
    let all = |guards: &[Guard], word: &str| {
        let told: Vec<_> = guards.iter().map(guard_told).collect();
        format!("({})", told.join(word))
    };
    match guard {
        Guard::There(Thing { kind, schema, of, name }) => {
            let schema = schema.as_ref().map(|schema| format!("{schema}.")).unwrap_or_default();
            let of = of.as_ref().map(|of| format!("{of}.")).unwrap_or_default();
            format!("{kind:?} {schema}{of}{name}")
        }
        Guard::Not(inside) => format!("no {}", guard_told(inside)),
        Guard::All(guards) => all(guards, " and "),
        Guard::Any(guards) => all(guards, " or "),
        Guard::Unknown => "?".to_owned(),
    }
}

#[test]
fn statements_are_done_in_order() {
    assert_eq!(
        told("CREATE TABLE a (b int); ALTER TABLE a ADD c int, ADD d int; DROP TABLE e; NULL; RAISE NOTICE 'x';"),
        ["CREATE TABLE a (b int)", "ADD c int", "ADD d int", "DROP TABLE e"]
    );
    assert_eq!(told("RETURN; DROP TABLE a;"), Vec::<String>::new());
    assert_eq!(told("BEGIN DROP TABLE a; END; DROP TABLE b;"), ["DROP TABLE a", "DROP TABLE b"]);
}

#[test]
fn guards_that_ask_for_what_is_there_are_understood() {
    let guard = |condition: &str| {
        let told = told(&format!("IF {condition} THEN DROP TABLE x; END IF;"));
        told.first().and_then(|told| told.split_once(" if ")).map(|(_, guard)| guard.to_owned()).unwrap()
    };
    for (condition, understood) in [
        (
            "EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'email')",
            "Column users.email",
        ),
        (
            "NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = 'app' AND table_name = 'users' AND column_name = 'email')",
            "no Column app.users.email",
        ),
        ("NOT (EXISTS (SELECT * FROM information_schema.tables WHERE table_name = 'users'))", "no Relation users"),
        (
            "NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'users')",
            "no Relation users",
        ),
        (
            "EXISTS (SELECT 1 FROM pg_indexes WHERE tablename = 'users' AND indexname = 'users_email')",
            "Relation users_email",
        ),
        ("NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood')", "no Type mood"),
        (
            "NOT EXISTS (SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = 'mood' AND n.nspname = 'app')",
            "no Type app.mood",
        ),
        (
            "NOT EXISTS (SELECT 1 FROM pg_enum WHERE enumlabel = 'sad' AND enumtypid = 'mood'::regtype)",
            "no EnumValue mood.sad",
        ),
        (
            "NOT EXISTS (SELECT 1 FROM pg_enum WHERE enumlabel = 'sad' AND enumtypid = (SELECT oid FROM pg_type WHERE typname = 'mood'))",
            "no EnumValue mood.sad",
        ),
        (
            "NOT EXISTS (SELECT 1 FROM pg_enum e JOIN pg_type t ON e.enumtypid = t.oid WHERE t.typname = 'mood' AND e.enumlabel = 'sad')",
            "no EnumValue mood.sad",
        ),
        ("NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'users_check')", "no Constraint users_check"),
        (
            "NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'c' AND conrelid = 'app.users'::regclass AND contype = 'f')",
            "no Constraint app.users.c",
        ),
        (
            "EXISTS (SELECT constraint_name FROM information_schema.table_constraints WHERE table_name = 'users' AND constraint_name = 'c' AND constraint_type = 'UNIQUE')",
            "Constraint users.c",
        ),
        (
            "EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = '\"Users\"'::regclass AND attname = 'a' AND NOT attisdropped AND attnum > 0)",
            "Column Users.a",
        ),
        (
            "NOT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = 'i' AND n.nspname = 'public' AND c.relkind = 'i')",
            "no Relation public.i",
        ),
        (
            "NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 't' AND tgrelid = 'users'::regclass)",
            "no Trigger users.t",
        ),
        ("NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pgcrypto')", "no Extension pgcrypto"),
        ("NOT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'app')", "no Schema app"),
        ("NOT EXISTS (SELECT schema_name FROM information_schema.schemata WHERE schema_name = 'app')", "no Schema app"),
        ("NOT EXISTS (SELECT 1 FROM pg_proc WHERE proname = 'f')", "no Function f"),
        ("to_regclass('public.users') IS NULL", "no Relation public.users"),
        ("to_regclass('users') IS NOT NULL AND to_regtype('mood') IS NULL", "(Relation users and no Type mood)"),
        ("(SELECT count(*) FROM pg_tables WHERE tablename = 'users') = 0", "no Relation users"),
        ("(SELECT count(*) FROM pg_tables WHERE tablename = 'users') > 0", "Relation users"),
        ("(SELECT to_regclass('users')) IS NULL", "no Relation users"),
        ("NOT (SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood'))", "no Type mood"),
        (
            "EXISTS (SELECT 1 FROM pg_type WHERE typname = 'a') OR EXISTS (SELECT 1 FROM pg_type WHERE typname = 'b')",
            "(Type a or Type b)",
        ),
        ("EXISTS (SELECT 1 FROM pg_type WHERE typname = 'a') = false", "no Type a"),
        (
            "EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'a' AND data_type = 'text')",
            "?",
        ),
        ("EXISTS (SELECT 1 FROM users)", "?"),
        ("EXISTS (SELECT 1 FROM pg_tables WHERE tablename LIKE 'users%')", "?"),
        ("EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'a' OR tablename = 'b')", "?"),
        ("(SELECT max(id) FROM users) IS NULL", "?"),
        ("current_setting('a') = 'b'", "?"),
        ("EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'app')", "?"),
        ("true", "()"),
    ] {
        assert_eq!(guard(condition), understood, "{condition}");
    }
}

#[test]
fn branches_exclude_each_other() {
    let a = "to_regclass('a') IS NULL";
    let b = "to_regclass('b') IS NULL";
    assert_eq!(
        told(&format!(
            "IF {a} THEN DROP TABLE x; ELSIF {b} THEN DROP TABLE y; ELSE DROP TABLE z; END IF; DROP TABLE w;"
        )),
        [
            "DROP TABLE x if no Relation a",
            "DROP TABLE y if (Relation a and no Relation b)",
            "DROP TABLE z if (Relation a and Relation b)",
            "DROP TABLE w",
        ]
    );
    assert_eq!(
        told(&format!("IF {a} THEN IF {b} THEN DROP TABLE x; END IF; END IF;")),
        ["DROP TABLE x if no Relation a if no Relation b"]
    );
    assert_eq!(told(&format!("IF {a} THEN RETURN; END IF; DROP TABLE x;")), ["DROP TABLE x if Relation a"]);
}

#[test]
fn what_a_variable_was_set_to_is_followed() {
    assert_eq!(
        told(
            "SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') INTO v; IF NOT v THEN DROP TABLE x; END IF;"
        )[1..],
        ["DROP TABLE x if no Type mood"]
    );
    assert_eq!(
        told("v := EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood'); IF v THEN DROP TABLE x; END IF;"),
        ["DROP TABLE x if Type mood"]
    );
    assert_eq!(
        told("SELECT count(*) INTO v FROM pg_type WHERE typname = 'mood'; IF v = 0 THEN DROP TABLE x; END IF;")[1..],
        ["DROP TABLE x if no Type mood"]
    );
    assert_eq!(
        told("PERFORM 1 FROM pg_type WHERE typname = 'mood'; IF NOT FOUND THEN DROP TABLE x; END IF;")[1..],
        ["DROP TABLE x if no Type mood"]
    );
    assert_eq!(told("IF a THEN v := true; END IF; IF v THEN DROP TABLE x; END IF;"), ["DROP TABLE x if ?"]);
}

#[test]
fn what_is_caught_is_no_failure() {
    let caught = |statement: &str, conditions: &str| {
        told(&format!("{statement}; EXCEPTION WHEN {conditions} THEN NULL;")).pop().unwrap()
    };
    assert_eq!(caught("CREATE TYPE a AS ENUM ('b')", "duplicate_object"), "CREATE TYPE a AS ENUM ('b') unless there");
    assert_eq!(caught("ALTER TABLE a ADD b int", "duplicate_column"), "ADD b int unless there");
    assert_eq!(
        caught("ALTER TABLE a ADD CONSTRAINT c CHECK (d > 0)", "duplicate_object OR duplicate_table"),
        "ADD CONSTRAINT c CHECK (d > 0) unless there"
    );
    assert_eq!(caught("DROP TABLE a", "undefined_table"), "DROP TABLE a if there");
    assert_eq!(caught("DROP TABLE a", "duplicate_object"), "DROP TABLE a");
    assert_eq!(caught("DROP TABLE a", "OTHERS"), "DROP TABLE a perhaps");
    assert_eq!(caught("CREATE TYPE a AS ENUM ('b')", "OTHERS"), "CREATE TYPE a AS ENUM ('b') unless there");
    assert_eq!(caught("CREATE TYPE a AS ENUM ('b')", "SQLSTATE '42710'"), "CREATE TYPE a AS ENUM ('b') unless there");
    assert_eq!(caught("DROP TABLE a", "foreign_key_violation"), "DROP TABLE a");
    assert_eq!(told("DROP TABLE a; EXCEPTION WHEN OTHERS THEN RAISE EXCEPTION 'x';"), ["DROP TABLE a"]);
    assert_eq!(
        told("BEGIN DROP TABLE a; EXCEPTION WHEN undefined_table THEN DROP TABLE b; END; DROP TABLE c;"),
        ["DROP TABLE a if there", "DROP TABLE b if ?", "DROP TABLE c"]
    );
}

#[test]
fn statements_put_together_at_run_time_are_read_as_far_as_they_go() {
    assert_eq!(told("EXECUTE 'CREATE TABLE a (b int)';"), ["EXECUTE 'CREATE TABLE a (b int)';"]);
    assert_eq!(
        told("EXECUTE format('ALTER TABLE users DROP CONSTRAINT %I', c);"),
        ["opaque [\"users\"]: EXECUTE format('ALTER TABLE users DROP CONSTRAINT %I', c);"]
    );
    assert_eq!(
        told("EXECUTE 'ALTER TABLE ' || quote_ident(t) || ' ADD COLUMN a int';"),
        ["somewhere: EXECUTE 'ALTER TABLE ' || quote_ident(t) || ' ADD COLUMN a int';"]
    );
    assert_eq!(told("EXECUTE q;"), ["opaque []: EXECUTE q;"]);
    let granted = acts("DO $$ BEGIN EXECUTE format('GRANT %s ON TABLE %I TO %I', a, b, c); END $$");
    assert!(matches!(granted[..], [Act { kind: ActKind::Harmless, .. }]), "{granted:?}");
    assert_eq!(
        told("FOR r IN SELECT 1 LOOP EXECUTE 'DROP TABLE a'; END LOOP;"),
        ["SELECT 1", "EXECUTE 'DROP TABLE a'; if ?"]
    );
}

#[test]
fn rows_are_changed_and_read_into_variables() {
    let text = "DO $$ DECLARE v int; BEGIN INSERT INTO users (a) VALUES (1) RETURNING id INTO v; SELECT x INTO STRICT v FROM t WHERE y; UPDATE orders SET b = v; END $$";
    let found = acts(text);
    let places: Vec<_> = found.iter().map(|act| &text[act.range.clone()]).collect();
    assert_eq!(places.len(), 3, "{places:?}");
    let ActKind::Write { table, columns, .. } = &found[0].kind else { panic!("{:?}", found[0]) };
    assert_eq!((&text[table.name.range.clone()], &text[columns[0].range.clone()]), ("users", "a"));
    let ActKind::Query(query) = &found[1].kind else { panic!("{:?}", found[1]) };
    assert!(query.opaque && query.from.len() == 1);
    assert!(matches!(&found[2].kind, ActKind::Write { query, .. } if query.opaque));
}

#[test]
fn places_are_those_of_the_script() {
    let text = "SELECT 1; DO 'BEGIN\n  ALTER TABLE users ADD note text DEFAULT ''it''''s'', ADD other int; END';";
    let found = acts(text);
    let ActKind::AlterTable(alter) = &found[2].kind else { panic!("{:?}", found[2]) };
    let TableChange::AddColumn { column, .. } = &alter.change else { panic!("{alter:?}") };
    assert_eq!(&text[column.name.range.clone()], "other");
    assert_eq!(&text[alter.table.name.range.clone()], "users");
}

#[test]
fn what_is_not_understood_is_opaque() {
    for body in ["DO LANGUAGE plpython3u $$ x = 1 $$", "DO $$ BEGIN IF THEN END $$", "DO $$ BEGIN FROB a; END $$"] {
        let found = acts(body);
        assert!(matches!(found.last().unwrap().kind, ActKind::Opaque { .. }), "{body}: {found:?}");
    }
}

#[test]
fn a_function_in_sql_names_what_its_body_names() {
    let body = |text: &str| {
        let found = acts(text).pop().unwrap();
        let ActKind::CreateFunction(function) = found.kind else { panic!("{found:?}") };
        function.body
    };
    let text = "CREATE FUNCTION f(a int, OUT b int) LANGUAGE sql AS $$ SELECT id FROM users WHERE id = a; $$";
    let scope = body(text).unwrap();
    assert_eq!(scope.from.len(), 1);
    assert_eq!(&text[scope.inner[0].columns[0].name.range.clone()], "id");
    assert!(body("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$").is_none());
    assert!(
        body("CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = app AS $$ SELECT 1 FROM t $$").is_none()
    );
    assert!(body("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ CREATE TABLE a (); SELECT 1 $$").is_none());
    assert_eq!(body("CREATE FUNCTION f(a int) RETURNS int RETURN a + 1").unwrap().inner.len(), 1);
    let atomic = "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1); SELECT 1; END";
    assert_eq!(body(atomic).unwrap().inner.len(), 2);
    let quoted = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''x'' FROM users'";
    let scope = body(quoted).unwrap();
    let crate::statement::Source::Table(table) = &scope.inner[0].from[0].source else { panic!() };
    assert_eq!(&quoted[table.name.range.clone()], "users");
}
