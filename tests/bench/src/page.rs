//! The page that carries the results: text by hand, and sections between markers that a run replaces.

use crate::Result;
use std::fs;
use std::path::Path;

/// Replaces the section of that name.
pub(crate) fn write(path: &Path, section: &str, text: &str) -> Result<()> {
    let page = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(fs::write(path, replaced(&page, section, text).map_err(|error| format!("{}: {error}", path.display()))?)?)
}

fn replaced(page: &str, section: &str, text: &str) -> std::result::Result<String, String> {
    let (begin, end) = (format!("<!-- {section}: begin -->\n"), format!("<!-- {section}: end -->"));
    let missing = || format!("the lines `{}` and `{end}` are missing", begin.trim_end());
    let (head, rest) = page.split_once(&begin).ok_or_else(missing)?;
    let (_, tail) = rest.split_once(&end).ok_or_else(missing)?;
    Ok(format!("{head}{begin}{text}{end}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_rest_stays() {
        let page = "a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb\n";
        assert_eq!(replaced(page, "x", "new\n"), Ok("a\n<!-- x: begin -->\nnew\n<!-- x: end -->\nb\n".to_owned()));
        assert_eq!(
            replaced(page, "y", ""),
            Err("the lines `<!-- y: begin -->` and `<!-- y: end -->` are missing".to_owned())
        );
    }
}
