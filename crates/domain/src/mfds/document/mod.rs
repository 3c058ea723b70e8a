//! Official documents: `DOC > SECTION > ARTICLE(title) > PARAGRAPH > CDATA` to headings, paragraphs
//! and tables, in the order of the source and with nothing dropped.
//!
//! [`tokens`] cuts the source, [`html`] makes blocks of a paragraph's inside, [`inline`] writes running
//! text. All of it is tolerant: markup that is not sound costs structure and `complete`, never text.

mod html;
mod inline;
mod tokens;

use crate::catalogue::{Article, Document, DocumentKind, Section};

use super::text::decode;
use tokens::{Tag, Token, Tokens};

/// Reads a document; nothing where the source holds no text (its title alone is none).
#[must_use]
pub fn parse_document(kind: DocumentKind, source: &str) -> Option<Document> {
    let mut reader = Reader {
        kind,
        title: None,
        sections: Vec::new(),
        open: Vec::new(),
        paragraph: None,
        sound: true,
        rooted: false,
    };
    for token in Tokens::xml(source) {
        match token {
            Token::Tag(tag) if LEVELS.contains(&tag.name.as_str()) => reader.structure(&tag),
            // A tag between paragraphs is as good as text: it waits for what becomes of it.
            Token::Tag(tag) => reader.content(tag.raw),
            Token::OpenCdata => reader.sound = false,
            Token::Cdata(text) => reader.content(text),
            Token::Text(text) => reader.content(&decode_xml(text)),
        }
    }
    reader.finish()
}

const LEVELS: [&str; 4] = ["doc", "section", "article", "paragraph"];

/// A paragraph that is being read.
#[derive(Default)]
struct Paragraph {
    source: String,
    indent: u8,
    /// It has no `PARAGRAPH` around it.
    loose: bool,
}

struct Reader {
    kind: DocumentKind,
    title: Option<String>,
    sections: Vec<Section>,
    /// Levels that are open: at most the four, so that no depth of the source matters.
    open: Vec<&'static str>,
    paragraph: Option<Paragraph>,
    sound: bool,
    rooted: bool,
}

impl Reader {
    fn content(&mut self, text: &str) {
        if let Some(paragraph) = &mut self.paragraph {
            paragraph.source.push_str(text);
        } else if !text.trim().is_empty() {
            self.paragraph = Some(Paragraph {
                source: text.to_owned(),
                indent: 0,
                loose: true,
            });
        }
    }

    fn structure(&mut self, tag: &Tag<'_>) {
        self.end_paragraph();
        let Some(level) = LEVELS.iter().position(|level| *level == tag.name) else {
            return;
        };
        let name = LEVELS.get(level).copied().unwrap_or_default();
        if tag.closing {
            // What is still open inside is closed with it.
            match self.open.iter().rposition(|open| *open == name) {
                Some(place) => {
                    self.sound &= place.checked_add(1) == Some(self.open.len());
                    self.open.truncate(place);
                }
                None => self.sound = false,
            }
            return;
        }
        // A level begins inside the one above it and nowhere else.
        let above = level
            .checked_sub(1)
            .and_then(|above| LEVELS.get(above))
            .copied();
        if self.open.last().copied() != above || (level == 0 && self.rooted) {
            self.sound = false;
            self.open
                .retain(|open| LEVELS.iter().take(level).any(|outer| outer == open));
        }
        self.begin(level, tag);
        if !tag.empty {
            self.open.push(name);
        }
    }

    fn begin(&mut self, level: usize, tag: &Tag<'_>) {
        let title = tag
            .attribute("title")
            .map(|title| html::line(&decode_xml(title)))
            .filter(|title| !title.is_empty());
        match level {
            0 => self.begin_document(tag, title),
            1 => self.sections.push(Section {
                title,
                articles: Vec::new(),
            }),
            2 => self.put_article(Article {
                title,
                blocks: Vec::new(),
            }),
            _ => {
                self.paragraph = Some(Paragraph {
                    // Not in the feed so far; were it there, it would be text like any other.
                    source: title.map_or_else(String::new, |title| {
                        format!("{}<br>", html_escape::encode_text(&title))
                    }),
                    indent: indent(tag.attribute("marginLeft")),
                    loose: false,
                });
                if tag.empty {
                    self.end_paragraph();
                }
            }
        }
    }

    fn begin_document(&mut self, tag: &Tag<'_>, title: Option<String>) {
        let expected = match self.kind {
            DocumentKind::Efficacy => "EE",
            DocumentKind::Dosage => "UD",
            DocumentKind::Precautions => "NB",
        };
        self.sound &= tag
            .attribute("type")
            .is_none_or(|found| found.eq_ignore_ascii_case(expected));
        if self.rooted {
            // A second document in one field: its title keeps its place as a section's.
            self.sections.push(Section {
                title,
                articles: Vec::new(),
            });
        } else {
            self.title = title;
            self.rooted = true;
        }
    }

    fn put_article(&mut self, article: Article) {
        match self.sections.last_mut() {
            Some(section) => section.articles.push(article),
            None => self.sections.push(Section {
                title: None,
                articles: vec![article],
            }),
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraph.take() else {
            return;
        };
        let parsed = html::parse(&paragraph.source, paragraph.indent);
        self.sound &= parsed.sound && (!paragraph.loose || parsed.blocks.is_empty());
        let article = self
            .sections
            .last_mut()
            .and_then(|section| section.articles.last_mut());
        match article {
            Some(article) => article.blocks.extend(parsed.blocks),
            None if parsed.blocks.is_empty() => {}
            None => self.put_article(Article {
                title: None,
                blocks: parsed.blocks,
            }),
        }
    }

    fn finish(mut self) -> Option<Document> {
        self.end_paragraph();
        let complete = self.sound && self.rooted && self.open.is_empty();
        for section in &mut self.sections {
            section
                .articles
                .retain(|article| article.title.is_some() || !article.blocks.is_empty());
        }
        self.sections
            .retain(|section| section.title.is_some() || !section.articles.is_empty());
        // Of a broken source the title may be all that is left, and it may be anything.
        if self.sections.is_empty() && !complete && self.title.is_some() {
            self.sections.push(Section::default());
        }
        (!self.sections.is_empty()).then_some(Document {
            kind: self.kind,
            title: self.title,
            sections: self.sections,
            complete,
        })
    }
}

/// `marginLeft` in the feed's steps; what is no such number is no indent.
fn indent(margin: Option<&str>) -> u8 {
    margin
        .and_then(|margin| margin.trim().parse().ok())
        .unwrap_or(0)
}

/// XML's own entities and numbers, so that HTML which was escaped becomes HTML again. Names that only
/// HTML knows (`&nbsp;`) are left for the second decoding.
fn decode_xml(text: &str) -> String {
    if text.contains('&') {
        decode_first(text)
    } else {
        text.to_owned()
    }
}

fn decode_first(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // The longest entity that XML knows has 10 characters.
        let head: String = after.chars().take(12).collect();
        match head.split_once(';').filter(|(name, _)| is_xml_entity(name)) {
            Some((name, _)) => {
                let entity = format!("&{name};");
                out.push_str(&decode(&entity));
                rest = after
                    .get(name.len().saturating_add(1)..)
                    .unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn is_xml_entity(name: &str) -> bool {
    matches!(name, "lt" | "gt" | "amp" | "quot" | "apos") || name.starts_with('#')
}

#[cfg(test)]
mod tests;
