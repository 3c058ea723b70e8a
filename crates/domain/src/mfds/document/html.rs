//! The HTML of a paragraph to blocks.

use crate::catalogue::{Block, Cell, Row};

use super::inline::{Inline, Script};
use super::tokens::{Tag, Token, Tokens};

/// Blocks of a paragraph, and whether its markup was sound.
pub(super) struct Parsed {
    pub(super) blocks: Vec<Block>,
    pub(super) sound: bool,
}

/// Reads the inside of a `PARAGRAPH`. A table may stand without `<table>`; a table in a table becomes
/// lines of its cell, each inner cell its own, for a cell holds plain text.
pub(super) fn parse(source: &str, indent: u8) -> Parsed {
    let mut builder = Builder {
        indent,
        blocks: Vec::new(),
        text: Inline::default(),
        table: None,
        depth: 0,
        sound: true,
    };
    for token in Tokens::html(source) {
        match token {
            Token::Text(text) => builder.text(text),
            // Only XML has these.
            Token::Cdata(_) | Token::OpenCdata => {}
            Token::Tag(tag) => builder.tag(&tag),
        }
    }
    builder.end_table();
    builder.flush();
    Parsed {
        blocks: builder.blocks,
        sound: builder.sound,
    }
}

/// A text that may hold inline markup, on one line.
pub(super) fn line(source: &str) -> String {
    let mut text = Inline::default();
    for token in Tokens::html(source) {
        match token {
            Token::Text(raw) => text.push(raw),
            // Only XML has these.
            Token::Cdata(_) | Token::OpenCdata => {}
            Token::Tag(tag) => inline_tag(&mut text, &tag),
        }
    }
    text.take().0.replace('\n', " ")
}

#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    /// The cell that is open: its header mark and spans.
    cell: Option<Cell>,
    /// The last row stands for text outside cells: the next cell begins another row.
    closed: bool,
}

struct Builder {
    indent: u8,
    blocks: Vec<Block>,
    text: Inline,
    table: Option<Table>,
    /// `<table>` that are open, this one included.
    depth: usize,
    sound: bool,
}

impl Builder {
    fn text(&mut self, raw: &str) {
        self.text.push(raw);
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        match (tag.name.as_str(), tag.closing) {
            ("table", false) => {
                self.depth = self.depth.saturating_add(1);
                if self.depth == 1 {
                    self.begin_table();
                } else {
                    self.text.break_line();
                }
            }
            ("table", true) => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.end_table();
                } else {
                    self.text.break_line();
                }
            }
            (
                "tbody" | "thead" | "tfoot" | "caption" | "colgroup" | "col" | "tr" | "td" | "th",
                _,
            ) if self.depth > 1 => {
                self.text.break_line();
            }
            // Without a `<table>` around it, a table's body is the whole table.
            ("tbody", true) if self.depth == 0 => self.end_table(),
            ("tbody" | "thead" | "tfoot" | "caption", closing) => {
                if !closing {
                    self.begin_table();
                }
                self.end_cell();
            }
            ("tr", false) => {
                self.begin_table();
                self.end_cell();
                if let Some(table) = &mut self.table {
                    table.rows.push(Row::default());
                    table.closed = false;
                }
            }
            ("td" | "th", false) => self.begin_cell(tag),
            ("tr" | "td" | "th", true) => self.end_cell(),
            _ => inline_tag(&mut self.text, tag),
        }
    }

    fn begin_table(&mut self) {
        if self.table.is_none() {
            self.flush();
            self.table = Some(Table::default());
        }
    }

    fn begin_cell(&mut self, tag: &Tag<'_>) {
        self.begin_table();
        self.end_cell();
        let span = |name| {
            tag.attribute(name)
                .and_then(|text| text.trim().parse().ok())
                .filter(|span| (1..=1000).contains(span))
                .unwrap_or(1)
        };
        if let Some(table) = &mut self.table {
            table.cell = Some(Cell {
                text: String::new(),
                header: tag.name == "th",
                column_span: span("colspan"),
                row_span: span("rowspan"),
            });
        }
    }

    /// Ends the cell that is open. Text of a table outside its cells gets a row of its own.
    fn end_cell(&mut self) {
        let Some(table) = &mut self.table else {
            return;
        };
        let (text, closed) = self.text.take();
        self.sound &= closed;
        if let Some(cell) = table.cell.take() {
            if table.rows.is_empty() || std::mem::take(&mut table.closed) {
                table.rows.push(Row::default());
            }
            if let Some(row) = table.rows.last_mut() {
                row.cells.push(Cell { text, ..cell });
            }
        } else if !text.is_empty() {
            self.sound = false;
            let cell = Cell {
                text,
                header: false,
                column_span: 1,
                row_span: 1,
            };
            table.rows.push(Row { cells: vec![cell] });
            table.closed = true;
        }
    }

    fn end_table(&mut self) {
        self.end_cell();
        self.depth = 0;
        let Some(Table { rows, .. }) = self.table.take() else {
            return;
        };
        // An empty row stays: a cell above it may span it. A table of such rows alone shows nothing.
        if rows.iter().any(|row| !row.cells.is_empty()) {
            self.blocks.push(Block::Table { rows });
        }
    }

    /// The text so far becomes a paragraph.
    fn flush(&mut self) {
        let (text, closed) = self.text.take();
        self.sound &= closed;
        if !text.is_empty() {
            self.blocks.push(Block::Paragraph {
                text,
                indent: self.indent,
            });
        }
    }
}

/// A tag inside running text.
fn inline_tag(text: &mut Inline, tag: &Tag<'_>) {
    match (tag.name.as_str(), tag.closing) {
        ("sup", false) if !tag.empty => text.open(Script::Raised),
        ("sub", false) if !tag.empty => text.open(Script::Lowered),
        ("sup", true) => text.close(Script::Raised),
        ("sub", true) => text.close(Script::Lowered),
        ("img", false) => {
            let alt = tag.attribute("alt").unwrap_or_default().trim();
            text.push(if alt.is_empty() {
                "[그림"
            } else {
                "[그림: "
            });
            text.push(alt);
            text.push("]");
        }
        ("br", _) => text.end_line(),
        (
            "p" | "div" | "li" | "ul" | "ol" | "dl" | "dt" | "dd" | "h1" | "h2" | "h3" | "h4"
            | "h5" | "h6" | "hr" | "pre" | "blockquote" | "center" | "figure" | "body" | "html"
            | "table" | "tbody" | "thead" | "tfoot" | "caption" | "tr" | "td" | "th",
            _,
        ) => text.break_line(),
        // Letters' looks (b, span, font …) say nothing.
        _ => {}
    }
}
