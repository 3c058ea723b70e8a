//! Official texts as structured sections.
#![expect(
    single_use_lifetimes,
    reason = "the derive of schemas writes such impls"
)]

use domain::catalogue::{Article, Block, Cell, Document, EasyGuide, Row, Section};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::catalogue::store::MedicineDocuments;

/// An official text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Document)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentBody {
    #[schema(required = true, example = "효능효과")]
    title: Option<String>,
    sections: Vec<SectionBody>,
    /// The source was well-formed; else the text is whole, but its structure may be coarser.
    complete: bool,
}

/// A section; most texts have one without a title.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentSection)]
#[serde(rename_all = "camelCase")]
struct SectionBody {
    #[schema(required = true)]
    title: Option<String>,
    articles: Vec<ArticleBody>,
}

/// A numbered part; its text may stand in the title alone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentArticle)]
#[serde(rename_all = "camelCase")]
struct ArticleBody {
    #[schema(required = true, example = "1. 경고")]
    title: Option<String>,
    blocks: Vec<BlockBody>,
}

/// A paragraph or a table, in the order of the source.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentBlock)]
#[serde(rename_all = "camelCase", tag = "type")]
enum BlockBody {
    /// A paragraph; its lines are separated by `\n`.
    #[serde(rename_all = "camelCase")]
    Paragraph {
        text: String,
        /// How deep it is indented, from 0.
        indent: u8,
    },
    /// A table.
    #[serde(rename_all = "camelCase")]
    Table { rows: Vec<RowBody> },
}

/// A row of a table.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentRow)]
#[serde(rename_all = "camelCase")]
struct RowBody {
    cells: Vec<CellBody>,
}

/// A cell of a table.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentCell)]
#[serde(rename_all = "camelCase")]
struct CellBody {
    text: String,
    /// It is a heading.
    header: bool,
    #[schema(minimum = 1)]
    column_span: u16,
    #[schema(minimum = 1)]
    row_span: u16,
}

impl From<Document> for DocumentBody {
    fn from(document: Document) -> Self {
        Self {
            title: document.title,
            sections: document.sections.into_iter().map(Into::into).collect(),
            complete: document.complete,
        }
    }
}

impl From<Section> for SectionBody {
    fn from(section: Section) -> Self {
        Self {
            title: section.title,
            articles: section.articles.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Article> for ArticleBody {
    fn from(article: Article) -> Self {
        Self {
            title: article.title,
            blocks: article.blocks.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Block> for BlockBody {
    fn from(block: Block) -> Self {
        match block {
            Block::Paragraph { text, indent } => Self::Paragraph { text, indent },
            Block::Table { rows } => Self::Table {
                rows: rows.into_iter().map(Into::into).collect(),
            },
        }
    }
}

impl From<Row> for RowBody {
    fn from(row: Row) -> Self {
        Self {
            cells: row.cells.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Cell> for CellBody {
    fn from(cell: Cell) -> Self {
        Self {
            text: cell.text,
            header: cell.header,
            column_span: cell.column_span,
            row_span: cell.row_span,
        }
    }
}

/// e약은요: the text in plain language; lines are separated by `\n`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EasyGuide)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EasyGuideBody {
    /// What it is for.
    #[schema(required = true)]
    efficacy: Option<String>,
    /// How to take it.
    #[schema(required = true)]
    usage: Option<String>,
    /// What to know before.
    #[schema(required = true)]
    warning: Option<String>,
    /// Cautions.
    #[schema(required = true)]
    cautions: Option<String>,
    /// What not to take with it.
    #[schema(required = true)]
    interactions: Option<String>,
    /// Side effects.
    #[schema(required = true)]
    side_effects: Option<String>,
    /// How to keep it.
    #[schema(required = true)]
    storage: Option<String>,
    #[schema(required = true)]
    published_on: Option<chrono::NaiveDate>,
    #[schema(required = true)]
    updated_on: Option<chrono::NaiveDate>,
}

impl From<EasyGuide> for EasyGuideBody {
    fn from(guide: EasyGuide) -> Self {
        Self {
            efficacy: guide.efficacy,
            usage: guide.usage,
            warning: guide.warning,
            cautions: guide.cautions,
            interactions: guide.interactions,
            side_effects: guide.side_effects,
            storage: guide.storage,
            published_on: guide.published_on,
            updated_on: guide.updated_on,
        }
    }
}

/// The texts of a medicine, written as JSON once. A text that the ministry doesn't have is `null`.
#[derive(Debug)]
pub(crate) struct CachedDocuments {
    efficacy: Box<RawValue>,
    dosage: Box<RawValue>,
    precautions: Box<RawValue>,
    easy_guide: Box<RawValue>,
}

impl CachedDocuments {
    /// Writes the texts.
    pub(crate) fn write(documents: MedicineDocuments) -> Result<Self, serde_json::Error> {
        let raw = |document: Option<Document>| {
            serde_json::value::to_raw_value(&document.map(DocumentBody::from))
        };
        Ok(Self {
            efficacy: raw(documents.efficacy)?,
            dosage: raw(documents.dosage)?,
            precautions: raw(documents.precautions)?,
            easy_guide: serde_json::value::to_raw_value(
                &documents.easy_guide.map(EasyGuideBody::from),
            )?,
        })
    }

    /// Bytes of the texts.
    pub(crate) fn size(&self) -> usize {
        [
            &self.efficacy,
            &self.dosage,
            &self.precautions,
            &self.easy_guide,
        ]
        .into_iter()
        .map(|raw| raw.get().len())
        .sum()
    }

    /// The texts for an answer.
    pub(crate) fn body(&self) -> DocumentsBody<'_> {
        DocumentsBody {
            efficacy: &self.efficacy,
            dosage: &self.dosage,
            precautions: &self.precautions,
            easy_guide: &self.easy_guide,
        }
    }
}

/// The official texts of a medicine; null where the ministry has none.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = Documents)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentsBody<'d> {
    /// 효능효과
    #[schema(value_type = Option<DocumentBody>, required = true)]
    pub(crate) efficacy: &'d RawValue,
    /// 용법용량
    #[schema(value_type = Option<DocumentBody>, required = true)]
    pub(crate) dosage: &'d RawValue,
    /// 사용상의주의사항
    #[schema(value_type = Option<DocumentBody>, required = true)]
    pub(crate) precautions: &'d RawValue,
    /// e약은요
    #[schema(value_type = Option<EasyGuideBody>, required = true)]
    pub(crate) easy_guide: &'d RawValue,
}
