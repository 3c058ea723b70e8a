//! The checks between reading and swapping: a feed that lost much, or says odd things, is not taken
//! over. Each limit is `SYNC_MAX_ROW_DROP_PERCENT`.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::catalogue::store::pointer;
use crate::db::schema::{catalogue_generations as generations, medicine_contents};
use crate::db::{Db, DbError, on};
use crate::mfds::Operation;

use super::operations::{self, Sums};
use super::run::Run;
use super::shortfall::Shortfall;

/// What the catalogue at hand was made of.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    permit_detail: i64,
    permit_list: i64,
    pill: i64,
    easy_guide: i64,
    products: i64,
}

impl Before {
    const fn of(&self, operation: Operation) -> i64 {
        match operation {
            Operation::PermitDetail => self.permit_detail,
            Operation::PermitList => self.permit_list,
            Operation::Pill => self.pill,
            Operation::EasyGuide => self.easy_guide,
        }
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Runs every check. `Ok(true)` where the feed was read completely, so that a product which is not in
/// it can be called delisted.
pub(super) fn run(db: &mut Db, run: Run, percent: u8) -> Result<Result<bool, Shortfall>, DbError> {
    let before = before(db)?;
    let mut complete = true;
    for operation in Operation::ALL {
        let sums = operations::sums(db, run, operation)?;
        complete &= sums.complete || matches!(operation, Operation::Pill | Operation::EasyGuide);
        if let Err(shortfall) = check_operation(operation, sums, before.of(operation), percent) {
            return Ok(Err(shortfall));
        }
        if operation == Operation::PermitDetail {
            match check_products(db, run, sums, before.products, percent)? {
                Err(shortfall) => return Ok(Err(shortfall)),
                // A product that comes twice may have pushed another one out; only repeats that were
                // there last time as well are the feed's own.
                Ok(arrived) => {
                    complete &= sums.total - arrived <= before.permit_detail - before.products;
                }
            }
        }
    }
    Ok(Ok(complete))
}

/// More than `percent` of `whole`.
fn exceeds(part: i64, whole: i64, percent: u8) -> bool {
    part.saturating_mul(100) > whole.saturating_mul(i64::from(percent))
}

fn check_operation(
    operation: Operation,
    sums: Sums,
    before: i64,
    percent: u8,
) -> Result<(), Shortfall> {
    let needed = matches!(operation, Operation::PermitDetail | Operation::PermitList);
    if needed && sums.records == 0 {
        return Err(Shortfall::Empty(operation));
    }
    if exceeds(before - sums.total, before, percent) {
        return Err(Shortfall::Dropped {
            operation,
            now: sums.total,
            before,
            percent,
        });
    }
    let of = sums.records + sums.rejected;
    if exceeds(sums.rejected, of, percent) {
        return Err(Shortfall::Rejected {
            operation,
            rejected: sums.rejected,
            of,
            percent,
        });
    }
    if exceeds(sums.duplicates, of, percent) {
        return Err(Shortfall::Repeated {
            operation,
            duplicates: sums.duplicates,
            of,
            percent,
        });
    }
    Ok(())
}

/// Gives the number of different products that arrived.
fn check_products(
    db: &mut Db,
    run: Run,
    sums: Sums,
    before: i64,
    percent: u8,
) -> Result<Result<i64, Shortfall>, DbError> {
    use medicine_contents as table;
    let generation = run.generation.get();
    let arrived = table::table
        .filter(table::generation_id.eq(generation))
        .filter(table::carried.eq(false))
        .count();
    let arrived: i64 = on!(db, c => arrived.get_result(c))?;
    let expected = sums.total - sums.rejected - sums.duplicates;
    if exceeds(expected - arrived, sums.total, percent) {
        return Ok(Err(Shortfall::Incomplete {
            arrived,
            total: sums.total,
            percent,
        }));
    }
    if exceeds(before - arrived, before, percent) {
        let operation = Operation::PermitDetail;
        return Ok(Err(Shortfall::Dropped {
            operation,
            now: arrived,
            before,
            percent,
        }));
    }
    let unlisted = unlisted(db, run)?;
    if exceeds(unlisted, arrived, percent) {
        return Ok(Err(Shortfall::Disagree {
            unlisted,
            of: arrived,
            percent,
        }));
    }
    Ok(Ok(arrived))
}

fn unlisted(db: &mut Db, run: Run) -> Result<i64, DbError> {
    let query = sql_query(
        "SELECT COUNT(*) AS count FROM medicine_contents c WHERE c.generation_id = ? AND c.carried = FALSE \
         AND NOT EXISTS (SELECT 1 FROM sync_staged s WHERE s.run_id = ? AND s.operation = 'permitList' \
         AND s.medicine_id = c.medicine_id)",
    )
    .bind::<BigInt, _>(run.generation.get())
    .bind::<BigInt, _>(run.id);
    let count: Count = on!(db, c => query.get_result(c))?;
    Ok(count.count)
}

fn before(db: &mut Db) -> Result<Before, DbError> {
    let Some(pointer) = pointer(db)? else {
        return Ok(Before::default());
    };
    let query = generations::table.find(pointer.generation.get()).select((
        generations::permit_detail_total,
        generations::permit_list_total,
        generations::pill_total,
        generations::easy_guide_total,
        generations::medicine_count,
        generations::carried_count,
    ));
    let row: Option<(i32, i32, i32, i32, i32, i32)> = on!(db, c => query.first(c).optional())?;
    Ok(row.map_or_else(
        Before::default,
        |(detail, list, pill, easy, medicines, carried)| Before {
            permit_detail: detail.into(),
            permit_list: list.into(),
            pill: pill.into(),
            easy_guide: easy.into(),
            products: i64::from(medicines) - i64::from(carried),
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::{Operation, Shortfall, Sums, check_operation};

    fn sums(total: i64, rejected: i64, duplicates: i64) -> Sums {
        Sums {
            total,
            pages: 1,
            records: total - rejected,
            rejected,
            duplicates,
            complete: true,
        }
    }

    #[test]
    fn the_limit_itself_is_allowed() {
        let list = Operation::PermitList;
        assert!(check_operation(list, sums(950, 0, 0), 1000, 5).is_ok());
        assert!(matches!(
            check_operation(list, sums(949, 0, 0), 1000, 5),
            Err(Shortfall::Dropped {
                now: 949,
                before: 1000,
                ..
            })
        ));
        assert!(check_operation(list, sums(1000, 50, 50), 0, 5).is_ok());
        assert!(matches!(
            check_operation(list, sums(1000, 51, 0), 0, 5),
            Err(Shortfall::Rejected { .. })
        ));
        assert!(matches!(
            check_operation(list, sums(1000, 0, 51), 0, 5),
            Err(Shortfall::Repeated { .. })
        ));
    }

    #[test]
    fn an_empty_feed_is_refused_where_it_matters() {
        assert_eq!(
            check_operation(Operation::PermitDetail, sums(0, 0, 0), 0, 5),
            Err(Shortfall::Empty(Operation::PermitDetail))
        );
        assert!(check_operation(Operation::EasyGuide, sums(0, 0, 0), 0, 5).is_ok());
        assert!(check_operation(Operation::EasyGuide, sums(0, 0, 0), 10, 5).is_err());
    }
}
