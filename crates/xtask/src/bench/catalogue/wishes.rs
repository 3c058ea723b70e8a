//! Wishes as people have them: a few products are everybody's, most are a few people's.

use std::collections::BTreeSet;

use anyhow::Context;

use super::stand::Stand;
use super::zipf::Zipf;

/// Rows a statement.
const BATCH: usize = 5_000;
const AT: &str = "'2026-01-01 00:00:00'";
const MEMBERS: &str =
    "users (id, public_id, role, state, state_changed_at, created_at, updated_at)";
const WISHES: &str = "wishes (user_id, medicine_id, created_at)";

/// Stores so many wishes.
pub(super) fn insert(
    stand: &Stand<'_>,
    count: usize,
    random: &mut fastrand::Rng,
) -> anyhow::Result<()> {
    let ids = stand.sql("SELECT id FROM medicines ORDER BY id;")?;
    let mut ids: Vec<u64> = ids
        .lines()
        .filter_map(|line| line.trim().parse().ok())
        .collect();
    anyhow::ensure!(!ids.is_empty(), "the database holds no medicines");
    random.shuffle(&mut ids);
    stand.sql(&statements(&rows(&ids, count, random)))?;
    let stored = stand.sql("SELECT COUNT(*) FROM wishes;")?;
    let stored: usize = stored.trim().parse().context("a count of wishes")?;
    anyhow::ensure!(
        stored == count,
        "{stored} wishes are stored in place of {count}"
    );
    Ok(())
}

/// A user and what that user wishes; each user of a product is another one.
fn rows(ids: &[u64], count: usize, random: &mut fastrand::Rng) -> Vec<(u32, u64)> {
    let mut users = vec![0_u32; ids.len()];
    let draws = Zipf::new(ids.len()).draws(count, random);
    draws
        .into_iter()
        .filter_map(|rank| {
            let user = users.get_mut(rank)?;
            *user += 1;
            Some((*user, *ids.get(rank)?))
        })
        .collect()
}

/// Statements that both databases take. Whoever wishes is made a member first, under a number as name.
pub(super) fn statements(rows: &[(u32, u64)]) -> String {
    let members: BTreeSet<u32> = rows.iter().map(|row| row.0).collect();
    let members = members
        .into_iter()
        .map(|user| format!("({user},'{user:036}','member','active',{AT},{AT},{AT})"));
    let wishes = rows
        .iter()
        .map(|(user, medicine)| format!("({user},{medicine},{AT})"));
    inserts(MEMBERS, members) + &inserts(WISHES, wishes)
}

fn inserts(into: &str, rows: impl Iterator<Item = String>) -> String {
    let rows: Vec<String> = rows.collect();
    let batches = rows.chunks(BATCH);
    batches
        .map(|batch| format!("INSERT INTO {into} VALUES {};\n", batch.join(",")))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_wish_is_another_one_and_few_products_have_many() {
        let ids: Vec<u64> = (1..=1_000).collect();
        let rows = rows(&ids, 20_000, &mut fastrand::Rng::with_seed(1));
        assert_eq!(rows.iter().collect::<HashSet<_>>().len(), 20_000);
        let of = |id| rows.iter().filter(|row| row.1 == id).count();
        // 1 / H(1000) = 13.4 %.
        assert!((2_400..2_950).contains(&of(1)), "{}", of(1));
        assert!(of(1) > 50 * of(500));
    }

    #[test]
    fn rows_go_in_batches() {
        let rows = vec![(1, 2); BATCH + 1];
        let sql = statements(&rows);
        assert_eq!(sql.matches("INSERT INTO users").count(), 1, "one member");
        assert_eq!(sql.matches("INSERT INTO wishes").count(), 2);
        assert!(
            sql.ends_with("VALUES (1,2,'2026-01-01 00:00:00');\n"),
            "{sql}"
        );
    }
}
