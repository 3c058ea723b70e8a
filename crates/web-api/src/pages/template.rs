//! Texts with named places, `{{like_this}}`. Whatever is filled in is escaped: there is no other way.

use std::io;

/// A text, taken apart at its places.
#[derive(Debug)]
pub(crate) struct Template<P> {
    /// What stands before each place, and the place.
    parts: Vec<(String, P)>,
    rest: String,
}

impl<P> Template<P> {
    /// Takes `text` apart; `place` knows the names.
    ///
    /// # Errors
    /// Where a place has no end, or a name that nobody knows.
    pub(crate) fn new(text: &str, place: impl Fn(&str) -> Option<P>) -> io::Result<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after
                .split_once("}}")
                .ok_or_else(|| io::Error::other("a place of a template has no end"))?;
            let known = place(name)
                .ok_or_else(|| io::Error::other(format!("a template has no place {name}")))?;
            parts.push((before.to_owned(), known));
            rest = after;
        }
        Ok(Self {
            parts,
            rest: rest.to_owned(),
        })
    }

    /// The text with its places filled, escaped for elements and for attributes in double quotes.
    pub(crate) fn fill<'v>(&self, value: impl Fn(&P) -> &'v str) -> String {
        let mut filled = String::new();
        for (before, place) in &self.parts {
            filled.push_str(before);
            html_escape::encode_quoted_attribute_to_string(value(place), &mut filled);
        }
        filled.push_str(&self.rest);
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    fn template(text: &str) -> std::io::Result<Template<usize>> {
        Template::new(text, |name| ["a", "b"].iter().position(|one| *one == name))
    }

    #[test]
    fn places_are_filled_and_escaped() {
        let filled = template("<p title=\"{{a}}\">{{b}}{{a}}</p>")
            .unwrap()
            .fill(|&place| if place == 0 { "\"><script>&'" } else { "{{a}}" });
        assert_eq!(
            filled,
            "<p title=\"&quot;&gt;&lt;script&gt;&amp;&#x27;\">{{a}}&quot;&gt;&lt;script&gt;&amp;&#x27;</p>"
        );
    }

    #[test]
    fn a_wrong_template_is_refused() {
        assert!(template("{{c}}").is_err());
        assert!(template("{{a").is_err());
    }
}
