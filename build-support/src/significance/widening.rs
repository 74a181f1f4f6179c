//! Types that take all that another one took, so that whoever reads or writes goes on as before.

/// Tells whether a type takes every value of another one, written in the same way.
pub(super) fn is_wider(before: &str, after: &str) -> bool {
    let (one, one_arguments) = split(before);
    let (two, two_arguments) = split(after);
    if one == two {
        return match (one, one_arguments.as_slice(), two_arguments.as_slice()) {
            // No limit takes all.
            (_, [_, ..], []) => one != "character",
            ("numeric", [precision, scale], [wider, finer]) => finer >= scale && wider - finer >= precision - scale,
            (_, [length], [longer]) => longer >= length,
            _ => false,
        };
    }
    let texts = ["character varying", "text", "citext"];
    match (position(&INTEGERS, one), position(&INTEGERS, two)) {
        (Some(narrow), Some(wide)) => wide > narrow && two_arguments.is_empty(),
        _ => (one == "real" && two == "double precision") || (texts.contains(&one) && two == "text"),
    }
}

/// Each takes all that those before it take.
const INTEGERS: [&str; 4] = ["smallint", "integer", "bigint", "numeric"];

fn position(list: &[&str], name: &str) -> Option<usize> {
    list.iter().position(|one| *one == name)
}

/// `numeric(10,2)` is `numeric` with 10 and 2.
fn split(ty: &str) -> (&str, Vec<i64>) {
    let Some((name, rest)) = ty.split_once('(') else { return (ty, Vec::new()) };
    // What stands behind the arguments (`time zone`, `[]`) would have to be the same as well.
    let Some(arguments) = rest.strip_suffix(')') else { return (ty, Vec::new()) };
    (name.trim_end(), arguments.split(',').filter_map(|argument| argument.trim().parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::is_wider;

    #[test]
    fn a_wider_type_takes_what_the_other_took() {
        for (before, after, wider) in [
            ("character varying(8)", "character varying(80)", true),
            ("character varying(80)", "character varying(8)", false),
            ("character varying(8)", "character varying", true),
            ("character varying(8)", "text", true),
            ("text", "character varying(8)", false),
            ("integer", "bigint", true),
            ("bigint", "integer", false),
            ("bigint", "numeric", true),
            ("bigint", "numeric(3,0)", false),
            ("real", "double precision", true),
            ("numeric(10,2)", "numeric(12,2)", true),
            ("numeric(10,2)", "numeric(12,4)", true),
            ("numeric(10,2)", "numeric(12,6)", false),
            ("numeric(10,2)", "numeric", true),
            ("timestamp(3) without time zone", "timestamp(6) without time zone", false),
            ("timestamp without time zone", "timestamp with time zone", false),
            ("integer", "integer[]", false),
            ("text", "jsonb", false),
        ] {
            assert_eq!(is_wider(before, after), wider, "{before} to {after}");
        }
    }
}
