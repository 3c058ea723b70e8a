//! The one place where errors of pictures become answers, with their texts.

use std::time::Duration;

use chrono::Utc;
use service_kit::problem::{Language, ProblemKind};

use super::problem::Problem;
use super::problem_texts::{Message, Narrow};
use crate::accounts::images::{ImageError, ImageKind, LARGEST, Refusal};
use crate::accounts::{AccountError, images::FileError};

/// What a store, or a queue that is full, needs.
const SHORTLY: Duration = Duration::from_secs(3);

impl From<ImageError> for Problem {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Refused(refusal) => {
                Self::invalid_field("uploadId", Message::Image(refusal))
            }
            ImageError::UnknownType => {
                let message = Message::OneOf(&ImageKind::CONTENT_TYPES);
                Self::invalid_field("contentType", message)
            }
            ImageError::UnknownSize => {
                Self::invalid_field("size", Message::Range(1, LARGEST.into()))
            }
            ImageError::TooMany { retry_at } => {
                let wait = retry_at.signed_duration_since(Utc::now());
                Self::narrow(ProblemKind::TooManyRequests, Narrow::TooManyUploads)
                    .with_retry_after(wait.to_std().unwrap_or_default())
            }
            ImageError::UnknownUpload => {
                Self::narrow(ProblemKind::NotFound, Narrow::UploadNotFound)
            }
            ImageError::Over => Self::narrow(ProblemKind::Gone, Narrow::UploadOver),
            ImageError::NotPermitted => {
                Self::narrow(ProblemKind::Forbidden, Narrow::UploadNotPermitted)
            }
            ImageError::NothingThere => Self::narrow(ProblemKind::Conflict, Narrow::UploadMissing),
            ImageError::InWork => {
                Self::narrow(ProblemKind::Conflict, Narrow::UploadInWork).with_retry_after(SHORTLY)
            }
            ImageError::UnknownImage => Self::new(ProblemKind::NotFound),
            ImageError::NoMember => AccountError::SessionOver.into(),
            ImageError::Busy => {
                tracing::warn!("too many pictures at once, or one that takes too long");
                Self::new(ProblemKind::Unavailable).with_retry_after(SHORTLY)
            }
            ImageError::File(error) => of_store(&error),
            ImageError::Db(error) => AccountError::Db(error).into(),
            ImageError::Internal(cause) => {
                tracing::error!(%cause, "a picture can't be made");
                Self::new(ProblemKind::Internal)
            }
        }
    }
}

fn of_store(error: &FileError) -> Problem {
    let cause: &dyn std::error::Error = error;
    tracing::error!(cause, "the store of pictures failed");
    Problem::new(ProblemKind::Unavailable).with_retry_after(SHORTLY)
}

/// Stable name of a refusal, for programs.
pub(super) const fn code(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotAnImage => "not_an_image",
        Refusal::OtherType => "other_content_type",
        Refusal::OtherLength => "other_size",
        Refusal::TooManyPixels => "too_many_pixels",
        Refusal::Animated => "animated",
    }
}

/// What a refusal says.
pub(super) const fn text(refusal: Refusal, language: Language) -> &'static str {
    match (refusal, language) {
        (Refusal::NotAnImage, Language::Korean) => {
            "JPEG, PNG, WebP 사진이 아니거나 깨진 파일입니다."
        }
        (Refusal::NotAnImage, Language::English) => {
            "Expected a JPEG, PNG or WebP picture that isn't broken."
        }
        (Refusal::OtherType, Language::Korean) => "contentType으로 알린 형식과 다른 파일입니다.",
        (Refusal::OtherType, Language::English) => "Expected the type that contentType announced.",
        (Refusal::OtherLength, Language::Korean) => "size로 알린 크기와 다른 파일입니다.",
        (Refusal::OtherLength, Language::English) => {
            "Expected as many bytes as size announced, with Content-Length."
        }
        (Refusal::TooManyPixels, Language::Korean) => {
            "사진이 너무 큽니다. 한 변은 10000픽셀, 전체는 2400만 픽셀 이하여야 합니다."
        }
        (Refusal::TooManyPixels, Language::English) => {
            "Expected at most 10,000 pixels a side and 24 million in all."
        }
        (Refusal::Animated, Language::Korean) => "움직이는 사진은 쓸 수 없습니다.",
        (Refusal::Animated, Language::English) => "Expected a picture that doesn't move.",
    }
}
