//! Pictures of three types, and what pretends to be one.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder as _, ImageEncoder as _, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage,
};

use super::super::error::{ImageError, Refusal};
use super::{ImageKind, SIDE, make, png};

const RED: [u8; 3] = [220, 20, 20];
const BLUE: [u8; 3] = [20, 20, 220];

/// Red above, blue below.
fn two_colours(width: u32, height: u32) -> DynamicImage {
    let colour = |y| if y < height / 2 { RED } else { BLUE };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |_, y| Rgb(colour(y))))
}

fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn refused(bytes: &[u8], kind: ImageKind) -> Refusal {
    match make(bytes, kind) {
        Err(ImageError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn near(pixel: Rgb<u8>, colour: [u8; 3]) -> bool {
    let pairs = pixel.0.into_iter().zip(colour);
    pairs.into_iter().all(|(one, two)| one.abs_diff(two) < 24)
}

/// The picture, and the colours at its top, left, bottom and right.
fn made(bytes: &[u8], kind: ImageKind) -> [Rgb<u8>; 4] {
    let jpeg = make(bytes, kind).unwrap();
    let image = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap();
    let image = image.into_rgb8();
    assert_eq!(image.dimensions(), (SIDE, SIDE));
    let (middle, end) = (SIDE / 2, SIDE - 20);
    [
        (middle, 20),
        (20, middle - 60),
        (middle, end),
        (end, middle - 60),
    ]
    .map(|(x, y)| *image.get_pixel(x, y))
}

#[test]
fn three_types_become_a_square() {
    for (width, height) in [(900, 600), (60, 90), (2_400, 3_000), (1, 1)] {
        let image = two_colours(width, height.max(2));
        for (format, kind) in [
            (ImageFormat::Jpeg, ImageKind::Jpeg),
            (ImageFormat::Png, ImageKind::Png),
            (ImageFormat::WebP, ImageKind::Webp),
        ] {
            let [top, _, bottom, _] = made(&written(&image, format), kind);
            if width > 1 {
                assert!(near(top, RED) && near(bottom, BLUE), "{format:?} {width}");
            }
        }
    }
}

#[test]
fn what_shines_through_is_white() {
    let image = DynamicImage::ImageRgba8(RgbaImage::from_pixel(40, 40, Rgba([0, 0, 0, 0])));
    let [top, ..] = made(&written(&image, ImageFormat::Png), ImageKind::Png);
    assert!(near(top, [255, 255, 255]), "{top:?}");
}

/// An Exif chunk (TIFF, little-endian) with an orientation, and a GPS position as text.
pub(crate) fn exif(orientation: Orientation) -> Vec<u8> {
    let mut chunk = b"II*\0\x08\0\0\0\x01\0".to_vec();
    // Tag 0x0112, a short, one of them, its value; no other directory.
    chunk.extend(b"\x12\x01\x03\0\x01\0\0\0");
    chunk.extend([orientation.to_exif(), 0, 0, 0, 0, 0, 0, 0]);
    chunk.extend(b"GPS 37.5665,126.9780 canary");
    chunk
}

#[test]
fn a_picture_is_turned_as_it_was_held_and_tells_nothing_else() {
    let image = two_colours(400, 600).into_rgb8();
    for (orientation, red_at) in [
        (Orientation::NoTransforms, 0),
        (Orientation::Rotate90, 3),
        (Orientation::Rotate180, 2),
        (Orientation::Rotate270, 1),
        (Orientation::FlipVertical, 2),
    ] {
        let mut jpeg = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 90);
        encoder.set_exif_metadata(exif(orientation)).unwrap();
        encoder
            .write_image(&image, 400, 600, image::ExtendedColorType::Rgb8)
            .unwrap();
        let has_canary = |bytes: &[u8]| bytes.windows(6).any(|part| part == b"canary");
        assert!(has_canary(&jpeg));
        let sides = made(&jpeg, ImageKind::Jpeg);
        assert!(near(sides[red_at], RED), "{orientation:?} {sides:?}");
        let out = make(&jpeg, ImageKind::Jpeg).unwrap();
        assert!(!has_canary(&out));
        assert!(!out.windows(4).any(|part| part == b"Exif"));
    }
}

#[test]
fn what_is_no_picture_is_refused() {
    let png = written(&two_colours(60, 60), ImageFormat::Png);
    let html = b"<!doctype html><script>alert(1)</script>";
    for bytes in [
        &html[..],
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ] {
        assert_eq!(refused(bytes, ImageKind::Png), Refusal::NotAnImage);
    }
    assert_eq!(refused(&png, ImageKind::Jpeg), Refusal::OtherType);
    assert_eq!(
        refused(&png[..png.len() / 2], ImageKind::Png),
        Refusal::NotAnImage
    );
    // The head of one, the body of the other.
    let polyglot = [b"\x89PNG\r\n\x1a\n", &html[..]].concat();
    assert_eq!(refused(&polyglot, ImageKind::Png), Refusal::NotAnImage);
    // A picture with a page behind it is a picture, and the page is gone.
    let with_page = [&png[..], html].concat();
    let out = make(&with_page, ImageKind::Png).unwrap();
    assert!(!out.windows(6).any(|part| part == b"script"));
}

/// A chunk of a PNG.
fn chunk(name: &[u8], data: &[u8]) -> Vec<u8> {
    let mut crc = u32::MAX;
    for byte in name.iter().chain(data) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], name, data, &(!crc).to_be_bytes()].concat()
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let head = |width: u32, height: u32| {
        let mut data = [width.to_be_bytes(), height.to_be_bytes()].concat();
        data.extend([8, 2, 0, 0, 0]);
        chunk(b"IHDR", &data)
    };
    let signature = b"\x89PNG\r\n\x1a\n";
    for (width, height) in [(50_000, 50_000), (10_001, 1), (1, 10_001), (6_000, 6_000)] {
        let bomb = [
            &signature[..],
            &head(width, height),
            &chunk(b"IDAT", b"x\x9c\x03\0"),
            &chunk(b"IEND", b""),
        ]
        .concat();
        assert_eq!(
            refused(&bomb, ImageKind::Png),
            Refusal::TooManyPixels,
            "{width}×{height}"
        );
    }
    // A thousand frames.
    let frames = chunk(
        b"acTL",
        &[1_000_u32.to_be_bytes(), 0_u32.to_be_bytes()].concat(),
    );
    let moving = [
        &signature[..],
        &head(10, 10),
        &frames,
        &chunk(b"IDAT", b"x\x9c\x03\0"),
        &chunk(b"IEND", b""),
    ]
    .concat();
    assert_eq!(refused(&moving, ImageKind::Png), Refusal::Animated);
    // The head of an animated WebP: VP8X with the animation's flag.
    let mut webp = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x09\0\0\x09\0\0".to_vec();
    webp.extend(b"ANIM\x06\0\0\0\0\0\0\0\0\0");
    let refusal = refused(&webp, ImageKind::Webp);
    assert!(
        matches!(refusal, Refusal::Animated | Refusal::NotAnImage),
        "{refusal:?}"
    );
}

#[test]
fn what_is_packed_beside_the_pixels_stays_packed() {
    const MB: usize = 1_024 * 1_024;
    let with_profile = |length: usize| {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(vec![0; length]).unwrap();
        two_colours(20, 20).write_with_encoder(encoder).unwrap();
        assert!(bytes.len() < MB);
        bytes
    };
    let unpacked = |bytes: &[u8]| {
        let mut decoder = png(Cursor::new(bytes)).unwrap();
        let profile = decoder.icc_profile().unwrap();
        profile.map(|profile| profile.len())
    };
    assert_eq!(unpacked(&with_profile(3 * MB)), Some(3 * MB));
    let bomb = with_profile(60 * MB);
    assert_eq!(unpacked(&bomb), None);
    make(&bomb, ImageKind::Png).unwrap();
}

#[test]
fn no_cut_and_no_changed_byte_makes_it_panic() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = written(&two_colours(48, 32), format);
        let kind = ImageKind::of_bytes(&whole).unwrap();
        // Each place would take minutes: some of them promise many pixels.
        for at in (0..whole.len()).step_by(7) {
            drop(make(&whole[..at], kind));
            let mut changed = whole.clone();
            changed[at] ^= 0xff;
            drop(make(&changed, kind));
        }
    }
}
