//! No table is forgotten: what it holds of a member is erased and exported, or it is written why not.

use std::collections::BTreeSet;

use web_api::accounts::personal::{Erased, Exported, IMPERSONAL, PLACES};

use crate::db_support::{TestDb, on_both};

/// Parts of the names of columns that hold something of somebody.
const TELLING: [&str; 24] = [
    "user",
    "member",
    "login",
    "nick",
    "email",
    "mail",
    "phone",
    "address",
    "device",
    "agent",
    "session",
    "subject",
    "actor",
    "sealed",
    "secret",
    "password",
    "birth",
    "gender",
    "allerg",
    "ip_",
    "image",
    "provider_",
    "public_id",
    "author",
];

fn lines(text: &str) -> BTreeSet<String> {
    text.lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// `table.column` of everything there is.
fn columns(db: &TestDb) -> BTreeSet<String> {
    lines(&db.console(if db.mysql.is_some() {
        "SELECT CONCAT(table_name, '.', column_name) AS cell FROM information_schema.columns \
         WHERE table_schema = DATABASE()"
    } else {
        "SELECT m.name || '.' || c.name AS cell FROM sqlite_master m, pragma_table_info(m.name) c \
         WHERE m.type = 'table'"
    }))
}

/// `table>parent` of every foreign key that cascades.
fn cascades(db: &TestDb) -> BTreeSet<String> {
    lines(&db.console(if db.mysql.is_some() {
        "SELECT CONCAT(table_name, '>', referenced_table_name) AS cell \
         FROM information_schema.referential_constraints \
         WHERE constraint_schema = DATABASE() AND delete_rule = 'CASCADE'"
    } else {
        "SELECT m.name || '>' || f.\"table\" AS cell \
         FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
         WHERE m.type = 'table' AND f.on_delete = 'CASCADE'"
    }))
}

on_both!(
    every_table_is_erased_and_exported_or_it_says_why,
    |db| async move {
        db.migrated().await;
        let columns = columns(&db);
        let own =
            |table: &str| table != "__diesel_schema_migrations" && !table.starts_with("sqlite_");
        let tables: BTreeSet<&str> = columns
            .iter()
            .filter_map(|column| column.split_once('.'))
            .map(|(table, _)| table)
            .filter(|table| own(table))
            .collect();
        let personal: Vec<&str> = PLACES.iter().map(|place| place.table).collect();
        let others: Vec<&str> = IMPERSONAL.iter().map(|(table, _)| *table).collect();
        let listed: BTreeSet<&str> = personal.iter().chain(&others).copied().collect();
        assert_eq!(
            listed.len(),
            personal.len() + others.len(),
            "each stands in one list, once"
        );
        assert_eq!(
            tables, listed,
            "every table stands in PLACES or in IMPERSONAL of accounts/personal.rs"
        );
        for table in others {
            for column in &columns {
                let Some(column) = column.strip_prefix(&format!("{table}.")) else {
                    continue;
                };
                assert!(
                    !TELLING.iter().any(|part| column.contains(part)),
                    "{table}.{column} looks personal: the table belongs into PLACES"
                );
            }
        }
        let cascades = cascades(&db);
        for place in PLACES {
            match place.erased {
                Erased::With(parent) => {
                    assert!(
                        cascades.contains(&format!("{}>{parent}", place.table)),
                        "{} does not go with {parent}",
                        place.table
                    );
                    let parent = PLACES.iter().find(|other| other.table == parent).unwrap();
                    assert!(matches!(parent.erased, Erased::By(_)), "{}", place.table);
                }
                Erased::Kept(reason) => assert!(reason.len() > 10, "{}", place.table),
                Erased::By(_) => {}
            }
        }
        // Whatever refers to a member goes with him.
        for column in &columns {
            if let Some((table, "user_id")) = column.split_once('.') {
                assert!(cascades.contains(&format!("{table}>users")), "{table}");
            }
        }
    }
);

#[test]
fn what_is_exported_stands_in_the_contract() {
    let document: serde_json::Value =
        serde_json::from_str(&web_api::app::api_document().unwrap()).unwrap();
    let fields = &document["components"]["schemas"]["Export"]["properties"];
    for place in PLACES {
        match place.exported {
            Exported::As(name) => assert!(fields[name].is_object(), "{}: {name}", place.table),
            Exported::Not(reason) => assert!(reason.len() > 10, "{}", place.table),
        }
    }
}
