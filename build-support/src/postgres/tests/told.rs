//! Acts as short texts: their `Debug` form without places, scopes and whatever is false, none or empty.

use crate::statement::ActKind;

/// Tells an act.
pub(super) fn told(act: &ActKind) -> String {
    Reader { text: &format!("{act:?}") }.value()
}

struct Reader<'a> {
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self) -> String {
        match self.text.chars().next() {
            Some('"') => self.string(),
            Some('[') => {
                self.skip(1);
                let items = self.items(']');
                if items.is_empty() { String::new() } else { format!("[{}]", items.join(", ")) }
            }
            Some('(') => {
                self.skip(1);
                format!("({})", self.items(')').join(", "))
            }
            _ => self.named(),
        }
    }

    fn named(&mut self) -> String {
        let name = self.until(|c| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '-'));
        if self.eat("(") {
            let items = self.items(')').join(", ");
            return if name == "Some" { items } else { format!("{name}({items})") };
        }
        if !self.eat(" { ") {
            return if matches!(name, "None" | "false" | "Lasting") { String::new() } else { name.to_owned() };
        }
        let mut fields = Vec::new();
        while !self.eat("}") {
            let field = self.until(|c| c == ':');
            self.skip(2);
            let value = self.value();
            self.eat(", ");
            self.eat(" ");
            let place = matches!(field, "range" | "volatility" | "signatures" | "effects");
            if !place && !value.is_empty() && value != "''" {
                fields.push((field, value));
            }
        }
        let of = |name: &str| fields.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value.as_str());
        match name {
            "Scope" => String::new(),
            "Name" => bare(of("text")).to_owned(),
            "Expression" => format!("‹{}›", bare(of("text"))),
            "QualifiedName" if of("schema").is_empty() => of("name").to_owned(),
            "QualifiedName" => format!("{}.{}", of("schema"), of("name")),
            _ => {
                let field = |(field, value): &(&str, String)| {
                    if value == "true" { (*field).to_owned() } else { format!("{field}: {value}") }
                };
                format!("{name} {{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn items(&mut self, end: char) -> Vec<String> {
        let mut items = Vec::new();
        while !self.text.starts_with(end) {
            items.push(self.value());
            self.eat(", ");
        }
        self.skip(1);
        items
    }

    fn string(&mut self) -> String {
        let mut escaped = false;
        let end = self.text[1..].find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let (text, rest) = self.text[1..].split_at(end.unwrap());
        self.text = &rest[1..];
        format!("'{}'", text.replace("\\\"", "\"").replace("\\'", "'"))
    }

    fn until(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let (word, rest) = self.text.split_at(self.text.find(ends).unwrap_or(self.text.len()));
        self.text = rest;
        word
    }

    fn eat(&mut self, text: &str) -> bool {
        let rest = self.text.strip_prefix(text);
        self.text = rest.unwrap_or(self.text);
        rest.is_some()
    }

    fn skip(&mut self, bytes: usize) {
        self.text = &self.text[bytes..];
    }
}

fn bare(text: &str) -> &str {
    text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text)
}
