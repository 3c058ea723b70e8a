//! Settings of pictures.

use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;
use service_kit::settings::{AppEnv, Reader, Shape, data_dir};
use url::Url;

/// Where pictures lie, and who works on them.
#[derive(Debug, Clone)]
pub struct ImageSettings {
    /// The store (`IMAGE_STORE`).
    pub store: StoreSettings,
    /// Pictures worked on at the same time (`IMAGE_WORKERS`): each takes up to 150 MB.
    pub workers: usize,
}

/// A store of files.
#[derive(Debug, Clone)]
pub enum StoreSettings {
    /// A folder of this machine (`<DATA_DIR>/images`).
    Local(PathBuf),
    /// A bucket.
    S3(Box<S3Settings>),
}

/// A bucket of an object store that speaks S3.
#[derive(Clone)]
pub struct S3Settings {
    /// Where it is (`S3_ENDPOINT`); by default Amazon's of the region.
    pub endpoint: Url,
    /// Whether the bucket stands in the path instead of the host (`S3_PATH_STYLE`).
    pub path_style: bool,
    /// The region that signatures name (`S3_REGION`).
    pub region: String,
    /// The bucket (`S3_BUCKET`).
    pub bucket: String,
    /// Who asks (`S3_ACCESS_KEY`).
    pub access_key: String,
    /// What signs (`S3_SECRET_KEY`).
    pub secret_key: SecretString,
    /// Where browsers read what lies below `images/` (`S3_PUBLIC_URL`); from this server where it
    /// is absent.
    pub public_url: Option<Url>,
}

impl fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Settings")
            .field("endpoint", &self.endpoint.as_str())
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

const STORE: &str = "IMAGE_STORE";

impl ImageSettings {
    /// Reads the settings. In production the folder has to be asked for by name: instances don't
    /// share it.
    pub fn read(reader: &mut Reader, env: AppEnv) -> Self {
        let shape = Shape::new("local or s3", "s3");
        if env.is_production() && !reader.is_set(STORE) {
            reader.fail(
                STORE,
                "is required with APP_ENV=production, for example IMAGE_STORE=s3",
            );
        }
        let kind = reader.parsed(STORE, Kind::Local, &shape);
        let s3 = S3Settings::read(reader, kind == Kind::S3);
        let local = StoreSettings::Local(data_dir(reader).join("images"));
        let store = match (kind, s3) {
            (Kind::S3, Some(s3)) => StoreSettings::S3(Box::new(s3)),
            // Without all of it a failure was noted.
            _ => local,
        };
        Self {
            store,
            workers: reader.integer("IMAGE_WORKERS", 2, 1..=64),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Local,
    S3,
}

impl std::str::FromStr for Kind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "local" => Ok(Self::Local),
            "s3" => Ok(Self::S3),
            _ => Err("neither of the two"),
        }
    }
}

impl S3Settings {
    fn read(reader: &mut Reader, needed: bool) -> Option<Self> {
        let region = word(reader, "S3_REGION", "ap-northeast-2", needed);
        let bucket = word(reader, "S3_BUCKET", "pillnuts-images", needed);
        let access_key = word(reader, "S3_ACCESS_KEY", "AKIAIOSFODNN7EXAMPLE", needed);
        let shape = Shape::new("the secret key of the access key", "the-secret-key");
        let secret_key = if needed {
            reader.required_secret("S3_SECRET_KEY", &shape)
        } else {
            reader.secret("S3_SECRET_KEY", &shape)
        };
        let endpoint =
            reader.optional_url("S3_ENDPOINT", "https://s3.ap-northeast-2.amazonaws.com");
        let path_style = reader.bool("S3_PATH_STYLE", false);
        let public_url = reader.optional_url("S3_PUBLIC_URL", "https://images.pillnuts.example/");
        let region = region?;
        let amazon = || Url::parse(&format!("https://s3.{region}.amazonaws.com")).ok();
        Some(Self {
            endpoint: endpoint.or_else(amazon)?,
            path_style,
            bucket: bucket?,
            access_key: access_key?,
            secret_key: secret_key?,
            public_url,
            region,
        })
    }
}

/// A name that stands in addresses and signatures.
fn word(reader: &mut Reader, name: &'static str, example: &str, needed: bool) -> Option<String> {
    let shape = Shape::new("1 to 200 letters, digits, '.', '-' and '_'", example);
    let word = if needed {
        reader.required_parsed::<Word>(name, &shape)
    } else {
        reader.optional_parsed::<Word>(name, &shape)
    };
    word.map(|word| word.0)
}

struct Word(String);

impl std::str::FromStr for Word {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        // Dots alone would be a path.
        let named = text.bytes().any(|byte| byte.is_ascii_alphanumeric());
        if named && text.len() <= 200 && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err("another character, or too many")
        }
    }
}

#[cfg(test)]
mod tests {
    use service_kit::settings::{AppEnv, Reader, Source};

    use super::{ImageSettings, StoreSettings};

    fn read(pairs: &[(&str, &str)], env: AppEnv) -> Result<ImageSettings, String> {
        let mut reader = Reader::new(Source::from_pairs(pairs.iter().copied()));
        let settings = ImageSettings::read(&mut reader, env);
        let loaded = reader.finish(settings);
        loaded
            .map(|loaded| loaded.settings)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_laptop_has_a_folder_and_production_says_what_it_has() {
        let settings = read(&[("DATA_DIR", "/tmp/x")], AppEnv::Development).unwrap();
        assert!(
            matches!(settings.store, StoreSettings::Local(folder) if folder.ends_with("x/images"))
        );
        let error = read(&[], AppEnv::Production).unwrap_err();
        assert!(error.contains("IMAGE_STORE"), "{error}");
        assert!(read(&[("IMAGE_STORE", "local")], AppEnv::Production).is_ok());
        let error = read(&[("IMAGE_STORE", "s3")], AppEnv::Production).unwrap_err();
        for name in ["S3_REGION", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY"] {
            assert!(error.contains(name), "{name}: {error}");
        }
    }

    #[test]
    fn a_bucket_is_at_amazon_unless_somebody_says_otherwise() {
        let pairs = [
            ("IMAGE_STORE", "s3"),
            ("S3_REGION", "ap-northeast-2"),
            ("S3_BUCKET", "pillnuts"),
            ("S3_ACCESS_KEY", "key"),
            ("S3_SECRET_KEY", "hunter2"),
        ];
        let settings = read(&pairs, AppEnv::Production).unwrap();
        assert!(!format!("{settings:?}").contains("hunter2"));
        let StoreSettings::S3(s3) = settings.store else {
            panic!("a folder");
        };
        assert_eq!(
            s3.endpoint.as_str(),
            "https://s3.ap-northeast-2.amazonaws.com/"
        );
        let wrong = [&pairs[..], &[("S3_BUCKET", "../other")]].concat();
        assert!(
            read(&wrong, AppEnv::Production)
                .unwrap_err()
                .contains("S3_BUCKET")
        );
    }
}
