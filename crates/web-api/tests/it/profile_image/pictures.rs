//! Pictures to upload.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder as _, ImageFormat, Rgb, RgbImage};

/// What must be in nothing that others see.
pub(crate) const CANARY: &str = "GPS 37.5665,126.9780 canary";

/// Red above, blue below.
pub(crate) fn two_colours(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |_, y| {
        Rgb(if y < height / 2 {
            [220, 20, 20]
        } else {
            [20, 20, 220]
        })
    })
}

pub(crate) fn written(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = DynamicImage::ImageRgb8(two_colours(300, 200));
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(crate) fn png() -> Vec<u8> {
    written(ImageFormat::Png)
}

/// As a telephone that was held upside down writes it: orientation 3, and where it was.
pub(crate) fn jpeg_upside_down() -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0\0\0\0\0".to_vec();
    exif.extend(CANARY.bytes());
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 90);
    encoder.set_exif_metadata(exif).unwrap();
    let image = two_colours(300, 200);
    encoder
        .write_image(&image, 300, 200, ExtendedColorType::Rgb8)
        .unwrap();
    assert!(holds(&jpeg, CANARY));
    jpeg
}

pub(crate) fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

/// A PNG whose head promises 50,000 × 50,000 pixels; its sums are right.
pub(crate) fn bomb() -> Vec<u8> {
    let chunk = |name: &[u8; 4], data: &[u8]| {
        let mut crc = u32::MAX;
        for byte in name.iter().chain(data) {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
            }
        }
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&length[..], name, data, &(!crc).to_be_bytes()].concat()
    };
    let side = 50_000_u32.to_be_bytes();
    let head = [&side[..], &side, &[8, 2, 0, 0, 0]].concat();
    [
        &b"\x89PNG\r\n\x1a\n"[..],
        &chunk(b"IHDR", &head),
        &chunk(b"IDAT", b"x\x9c\x03\0\0\0\0\x01"),
        &chunk(b"IEND", b""),
    ]
    .concat()
}
