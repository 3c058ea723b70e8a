//! Official documents in a structure that a page can show: headings, paragraphs, tables.

use serde::{Deserialize, Serialize};

/// Which of the three official texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DocumentKind {
    /// 효능효과, type `EE`.
    Efficacy,
    /// 용법용량, type `UD`.
    Dosage,
    /// 사용상의주의사항, type `NB`.
    Precautions,
}

/// A whole text, in the order of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Which text it is.
    pub kind: DocumentKind,
    /// The title that the source gives.
    pub title: Option<String>,
    /// Its sections; never empty.
    pub sections: Vec<Section>,
    /// The source was well-formed and every part of it has its place; else the text is whole,
    /// but its structure may be coarser than the source's.
    pub complete: bool,
}

/// A section; most documents have one without a title.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// Heading.
    pub title: Option<String>,
    /// Parts of the section.
    pub articles: Vec<Article>,
}

/// A numbered part (`1. 경고`); its text may stand in the title alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Article {
    /// Heading.
    pub title: Option<String>,
    /// Paragraphs and tables.
    pub blocks: Vec<Block>,
}

/// A paragraph or a table. Text is plain, entities decoded; raised and lowered text is written with
/// Unicode's superscripts and subscripts (`10³`, `B₁`), or as `^(…)` and `_(…)` where there is none,
/// so that 10³ never reads as 103.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Block {
    /// A paragraph; lines inside are separated by `\n`.
    Paragraph {
        /// The text.
        text: String,
        /// How deep it is indented, from 0.
        indent: u8,
    },
    /// A table.
    Table {
        /// Its rows.
        rows: Vec<Row>,
    },
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Plain text; lines are separated by `\n`.
    pub text: String,
    /// It is a heading cell (`th`).
    pub header: bool,
    /// Columns it spans, from 1.
    pub column_span: u16,
    /// Rows it spans, from 1.
    pub row_span: u16,
}
