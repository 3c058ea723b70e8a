//! A tolerant tokenizer for the feed's XML and for the HTML inside it.
//!
//! The documents hold text such as `p<0.05` and `<1/10` beside real tags, so a `<` begins a tag only
//! where a known element's name follows, then nothing but attributes with their values, then `>`.
//! Everything else is text as it stands. One pass, no recursion; a scan for the end of a tag stops at
//! the next `<` outside quotation marks, which keeps the whole linear.

/// A piece of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text with its entities as they stand.
    Text(&'a str),
    /// A tag.
    Tag(Tag<'a>),
    /// The inside of a CDATA section.
    Cdata(&'a str),
    /// The beginning of a CDATA section that never ends; what follows is read as if it were not there.
    OpenCdata,
}

/// A tag of a known element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The whole tag.
    pub(super) raw: &'a str,
    /// Name in lower case.
    pub(super) name: String,
    /// `</…>`
    pub(super) closing: bool,
    /// `<…/>`
    pub(super) empty: bool,
    attributes: &'a str,
}

impl Tag<'_> {
    /// An attribute's value with its entities as they stand.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        Attributes(self.attributes)
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.unwrap_or_default())
    }
}

/// Elements of the feed's own XML.
const OUTER: [&str; 4] = ["doc", "section", "article", "paragraph"];

const HTML: [&str; 46] = [
    "a",
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "html",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
];
const MORE_HTML: [&str; 3] = ["tr", "u", "ul"];

const CDATA: &str = "<![CDATA[";

/// Attributes that may stand without a value.
const BARE: [&str; 4] = ["nowrap", "noshade", "border", "compact"];

/// The tokens of a source.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    xml: bool,
    /// A search for an end that failed once is not repeated: it would make the whole quadratic.
    no_more_comment_ends: bool,
    no_more_cdata_ends: bool,
}

impl<'a> Tokens<'a> {
    /// Tokens of the feed's XML: its own elements, CDATA sections, declarations, and HTML.
    pub(super) const fn xml(source: &'a str) -> Self {
        Self {
            rest: source,
            xml: true,
            no_more_comment_ends: false,
            no_more_cdata_ends: false,
        }
    }

    /// Tokens of HTML.
    pub(super) const fn html(source: &'a str) -> Self {
        Self {
            rest: source,
            xml: false,
            no_more_comment_ends: false,
            no_more_cdata_ends: false,
        }
    }

    /// What stands at the `<` that `text` begins with: a token (none for a comment) and its length.
    fn markup(&mut self, text: &'a str) -> Option<(Option<Token<'a>>, usize)> {
        if let Some(inner) = text.strip_prefix("<!--") {
            if self.no_more_comment_ends {
                return None;
            }
            let Some(end) = inner.find("-->") else {
                self.no_more_comment_ends = true;
                return None;
            };
            return Some((None, end.checked_add("<!---->".len())?));
        }
        if self.xml {
            if let Some(inner) = text.strip_prefix(CDATA) {
                let end = (!self.no_more_cdata_ends)
                    .then(|| inner.find("]]>"))
                    .flatten();
                let Some(end) = end else {
                    self.no_more_cdata_ends = true;
                    return Some((Some(Token::OpenCdata), CDATA.len()));
                };
                let length = end.checked_add(CDATA.len() + "]]>".len())?;
                return Some((Some(Token::Cdata(inner.get(..end)?)), length));
            }
            for (start, end) in [("<?xml", "?>"), ("<!DOCTYPE", ">")] {
                if text.starts_with(start) {
                    // A declaration is short; a long one is none.
                    let head: usize = text.chars().take(512).map(char::len_utf8).sum();
                    let length = text.get(..head)?.find(end)?.checked_add(end.len())?;
                    return Some((None, length));
                }
            }
        }
        let tag = self.tag(text)?;
        let length = tag.raw.len();
        Some((Some(Token::Tag(tag)), length))
    }

    fn tag(&self, text: &'a str) -> Option<Tag<'a>> {
        let inner = text.strip_prefix('<')?;
        let (closing, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric())?;
        let (name, after) = inner
            .split_at_checked(end)
            .filter(|(name, _)| name.len() <= 10)?;
        let name = name.to_ascii_lowercase();
        let known = HTML.contains(&name.as_str())
            || MORE_HTML.contains(&name.as_str())
            || (self.xml && OUTER.contains(&name.as_str()));
        if !known {
            return None;
        }
        let length = end_of_tag(after)?;
        let attributes = after.get(..length)?;
        let (attributes, empty) = match attributes.trim_end().strip_suffix('/') {
            Some(shorter) => (shorter, true),
            None => (attributes, false),
        };
        let sound = (attributes.is_empty() || attributes.starts_with(char::is_whitespace))
            && Attributes(attributes).all(|(key, value)| is_sound(key, value));
        let whole = text.len() - after.len() + length + 1;
        sound.then_some(Tag {
            raw: text.get(..whole)?,
            name,
            closing,
            empty,
            attributes,
        })
    }
}

/// Whether an attribute may belong to a tag. A `<` in a value means that a quotation mark was left
/// open and text has run into it; only in titles, which are kept, it does no harm.
fn is_sound(key: &str, value: Option<&str>) -> bool {
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    match value {
        None => BARE.iter().any(|bare| is(bare)),
        Some(value) => !value.contains('<') || is("title") || is("alt"),
    }
}

/// Length up to the `>` that ends a tag; nothing where another `<` comes first.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '<') => return None,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let source = self.rest;
            if source.is_empty() {
                return None;
            }
            // Text up to the next `<` that begins something.
            let mut from = 0;
            let (text, found) = loop {
                let Some(at) = source
                    .get(from..)?
                    .find('<')
                    .and_then(|at| at.checked_add(from))
                else {
                    break (source, None);
                };
                match self.markup(source.get(at..)?) {
                    Some(found) => break (source.get(..at)?, Some(found)),
                    None => from = at.checked_add(1)?,
                }
            };
            let Some((token, length)) = found else {
                self.rest = "";
                return Some(Token::Text(text));
            };
            if !text.is_empty() {
                // The markup is read again at the next call.
                self.rest = source.get(text.len()..)?;
                return Some(Token::Text(text));
            }
            self.rest = source.get(length..)?;
            if token.is_some() {
                return token;
            }
        }
    }
}

/// Attributes of a tag: name, and value where there is one.
struct Attributes<'a>(&'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, Option<&'a str>);

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.0.trim_start();
        if text.is_empty() {
            return None;
        }
        let end = text
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(end)?;
        let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
            self.0 = rest;
            return Some((name, None));
        };
        let (value, rest) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = value.get(1..)?;
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => value.split_at_checked(value.find(char::is_whitespace).unwrap_or(value.len()))?,
        };
        self.0 = rest;
        Some((name, Some(value)))
    }
}

#[cfg(test)]
mod tests;
