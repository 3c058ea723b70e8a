//! Which database, and how many connections.

use service_kit::settings::{AppEnv, Reader, Shape, data_dir};

use super::DatabaseUrl;

/// Settings of the data layer.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// Where the database is (`DATABASE_URL`).
    pub url: DatabaseUrl,
    /// Connections at most (`DATABASE_POOL_SIZE`).
    pub pool_size: u32,
}

impl DatabaseSettings {
    /// Reads `DATABASE_URL` (by default `web.db` in the data folder) and `DATABASE_POOL_SIZE` (8).
    ///
    /// In production the embedded database has to be asked for by name: a forgotten variable must not
    /// let an instance run on an empty file of its own.
    pub fn read(reader: &mut Reader, env: AppEnv) -> Self {
        let file = data_dir(reader).join("web.db");
        let shape = Shape::new(
            "sqlite://PATH or mysql://USER:PASSWORD@HOST:PORT/DATABASE",
            "mysql://pillnuts:secret@127.0.0.1:3306/pillnuts",
        );
        if env.is_production() && !reader.is_set("DATABASE_URL") {
            reader.fail(
                "DATABASE_URL",
                "is required with APP_ENV=production, for example \
                 DATABASE_URL=mysql://pillnuts:secret@127.0.0.1:3306/pillnuts",
            );
        }
        let url = reader.secret_parsed("DATABASE_URL", &shape);
        Self {
            url: url.unwrap_or_else(|| DatabaseUrl::sqlite(&file)),
            pool_size: reader.integer("DATABASE_POOL_SIZE", 8, 1..=200),
        }
    }
}

#[cfg(test)]
mod tests {
    use service_kit::settings::{AppEnv, Reader, Source};

    use super::DatabaseSettings;

    fn read(pairs: &[(&str, &str)], env: AppEnv) -> Result<DatabaseSettings, String> {
        let mut reader = Reader::new(Source::from_pairs(pairs.iter().copied()));
        let settings = DatabaseSettings::read(&mut reader, env);
        reader
            .finish(settings)
            .map(|loaded| loaded.settings)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_laptop_needs_no_setting_and_production_does() {
        let settings = read(&[("DATA_DIR", "/tmp/x")], AppEnv::Development).unwrap();
        assert_eq!(settings.url.to_string(), "sqlite:///tmp/x/web.db");
        assert!(
            read(&[], AppEnv::Production)
                .unwrap_err()
                .contains("DATABASE_URL")
        );
        let asked_for = [("DATABASE_URL", "sqlite:///var/lib/web.db")];
        assert!(read(&asked_for, AppEnv::Production).is_ok());
    }

    #[test]
    fn a_failure_names_the_variable_and_no_password() {
        let error = read(
            &[("DATABASE_URL", "mysql://u:hunter2@host")],
            AppEnv::Development,
        )
        .unwrap_err();
        assert!(error.contains("DATABASE_URL"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
