//! From what somebody uploaded to the picture that others see: a JPEG of 512×512 without anything
//! else in it. Nothing of the upload's bytes gets through, only its pixels.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView as _, ImageDecoder, Limits, Rgb, RgbImage, RgbaImage};

use super::error::{ImageError, Refusal};
use super::kind::ImageKind;

/// Width and height of every picture.
pub(crate) const SIDE: u32 = 512;
/// Longest side that is taken.
const LONGEST: u32 = 10_000;
/// Most pixels that are taken: what telephones make by default, twice.
const MOST_PIXELS: u64 = 24_000_000;
/// Most bytes of decoded pixels, and of everything that a decoder needs.
const MOST_BYTES: u64 = 100 * 1_024 * 1_024;
const MOST_ALLOCATED: u64 = 150 * 1_024 * 1_024;
/// Most bytes that stand packed beside the pixels of a PNG: colour profiles have 4 MB at the very most.
const MOST_BESIDE: u64 = 16 * 1_024 * 1_024;
/// Up to this side a picture is sampled carefully; larger ones are averaged down to it first.
const CAREFUL: u32 = 2 * SIDE;
/// Of the JPEG: beyond, faces don't look better and files grow.
const QUALITY: u8 = 85;

/// Makes the picture. Takes time and memory: for a thread of its own.
///
/// # Errors
/// [`ImageError::Refused`], [`ImageError::Internal`].
pub(crate) fn make(bytes: &[u8], announced: ImageKind) -> Result<Vec<u8>, ImageError> {
    let kind = ImageKind::of_bytes(bytes).ok_or(Refusal::NotAnImage)?;
    if kind != announced {
        return Err(Refusal::OtherType.into());
    }
    let (decoded, orientation) = decode(bytes, kind)?;
    let mut square = DynamicImage::ImageRgb8(on_white(&centre(&decoded)));
    // After cropping: the centre is the same however a picture lies, and 512×512 turn quickly.
    square.apply_orientation(orientation);
    let mut jpeg = Vec::new();
    square
        .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))
        .map_err(|error| ImageError::Internal(error.into()))?;
    Ok(jpeg)
}

fn decode(bytes: &[u8], kind: ImageKind) -> Result<(DynamicImage, Orientation), Refusal> {
    let input = Cursor::new(bytes);
    match kind {
        ImageKind::Jpeg => checked(JpegDecoder::new(input).map_err(|error| refusal(&error))?),
        ImageKind::Png => {
            let decoder = png(input)?;
            if decoder.is_apng().map_err(|error| refusal(&error))? {
                return Err(Refusal::Animated);
            }
            checked(decoder)
        }
        ImageKind::Webp => {
            let decoder = WebPDecoder::new(input).map_err(|error| refusal(&error))?;
            if decoder.has_animation() {
                return Err(Refusal::Animated);
            }
            checked(decoder)
        }
    }
}

/// What stands before the pixels is unpacked here already. The limit counts what comes out and not what
/// unpacking takes, which is twice as much.
fn png(input: Cursor<&[u8]>) -> Result<PngDecoder<Cursor<&[u8]>>, Refusal> {
    let mut limits = limits();
    limits.max_alloc = Some(MOST_BESIDE);
    PngDecoder::with_limits(input, limits).map_err(|error| refusal(&error))
}

/// Decodes once the head of the file promised nothing too large.
fn checked(mut decoder: impl ImageDecoder) -> Result<(DynamicImage, Orientation), Refusal> {
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width).saturating_mul(u64::from(height));
    if width == 0 || height == 0 {
        return Err(Refusal::NotAnImage);
    }
    if width.max(height) > LONGEST || pixels > MOST_PIXELS || decoder.total_bytes() > MOST_BYTES {
        return Err(Refusal::TooManyPixels);
    }
    decoder
        .set_limits(limits())
        .map_err(|error| refusal(&error))?;
    // A camera's note on how it was held; one that can't be read says nothing.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let decoded = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    Ok((decoded, orientation))
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(MOST_ALLOCATED);
    limits
}

fn refusal(error: &image::ImageError) -> Refusal {
    match error {
        image::ImageError::Limits(_) => Refusal::TooManyPixels,
        _ => Refusal::NotAnImage,
    }
}

/// The largest square in the middle, at its final size.
fn centre(image: &DynamicImage) -> RgbaImage {
    let (width, height) = image.dimensions();
    let side = width.min(height);
    let square = imageops::crop_imm(image, (width - side) / 2, (height - side) / 2, side, side);
    if side <= CAREFUL {
        return imageops::resize(&*square, SIDE, SIDE, FilterType::Lanczos3);
    }
    let smaller = imageops::thumbnail(&*square, CAREFUL, CAREFUL);
    imageops::resize(&smaller, SIDE, SIDE, FilterType::Lanczos3)
}

/// JPEG knows no transparency: what shines through is white.
fn on_white(image: &RgbaImage) -> RgbImage {
    let blend = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        let blended = (colour * alpha + 255 * (255 - alpha) + 127) / 255;
        u8::try_from(blended).unwrap_or(u8::MAX)
    };
    let mut flat = RgbImage::new(image.width(), image.height());
    for (to, from) in flat.pixels_mut().zip(image.pixels()) {
        let [red, green, blue, alpha] = from.0;
        *to = Rgb([red, green, blue].map(|colour| blend(colour, alpha)));
    }
    flat
}

#[cfg(test)]
mod tests;
