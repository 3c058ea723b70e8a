//! Reads the compact tables of the sample.

use std::collections::HashMap;

/// A product of the sample: facts as the table holds them.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) number: &'static str,
    pub(crate) name: &'static str,
    pub(crate) maker: &'static str,
    pub(crate) class_code: &'static str,
    pub(crate) class_name: &'static str,
    pub(crate) otc: &'static str,
    pub(crate) permit_date: &'static str,
    pub(crate) form: &'static str,
    pub(crate) topic: &'static str,
    pub(crate) variants: Vec<Variant>,
    pub(crate) extras: HashMap<&'static str, &'static str>,
}

/// One variant of a product: what a certain quantity of it holds.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) total: &'static str,
    pub(crate) ingredients: Vec<Ingredient>,
}

/// An active ingredient of a variant.
#[derive(Debug)]
pub(crate) struct Ingredient {
    pub(crate) name: &'static str,
    pub(crate) amount: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) standard: &'static str,
    pub(crate) info: &'static str,
}

/// A row of the pill list.
#[derive(Debug)]
pub(crate) struct Pill {
    pub(crate) number: &'static str,
    pub(crate) shape: &'static str,
    pub(crate) colour_front: &'static str,
    pub(crate) colour_back: &'static str,
    pub(crate) print_front: &'static str,
    pub(crate) print_back: &'static str,
    pub(crate) line_front: &'static str,
    pub(crate) line_back: &'static str,
    pub(crate) long: &'static str,
    pub(crate) short: &'static str,
    pub(crate) thick: &'static str,
    pub(crate) form: &'static str,
    pub(crate) image: &'static str,
    pub(crate) image_date: &'static str,
}

/// Words about a kind of medicine.
#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) efficacy: &'static str,
    pub(crate) never: Vec<&'static str>,
    pub(crate) ask_first: Vec<&'static str>,
    pub(crate) side_effects: Vec<&'static str>,
    pub(crate) together: Vec<&'static str>,
}

impl Product {
    /// The value of a pair behind the columns.
    pub(crate) fn extra(&self, name: &str) -> Option<&'static str> {
        self.extras.get(name).copied()
    }

    /// Whether it is sold without a prescription.
    pub(crate) fn over_the_counter(&self) -> bool {
        self.otc.starts_with("일반")
    }
}

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The products in the order of their numbers.
pub(crate) fn products() -> impl Iterator<Item = Product> {
    lines(include_str!("products.tsv")).filter_map(product)
}

/// The rows of the pill list in the order of the products' numbers.
pub(crate) fn pills() -> impl Iterator<Item = Pill> {
    lines(include_str!("pills.tsv")).filter_map(pill)
}

/// The topics by name.
pub(crate) fn topics() -> HashMap<&'static str, Topic> {
    lines(include_str!("topics.tsv"))
        .filter_map(topic)
        .collect()
}

fn product(line: &'static str) -> Option<Product> {
    let mut columns = line.split('\t');
    let mut next = || columns.next();
    let (number, name, maker, class) = (next()?, next()?, next()?, next()?);
    let (class_code, class_name) = class.split_once(' ').unwrap_or_default();
    Some(Product {
        number,
        name,
        maker,
        class_code,
        class_name,
        otc: next()?,
        permit_date: next()?,
        form: next()?,
        topic: next()?,
        variants: variants(next()?)?,
        extras: columns
            .map(|pair| pair.split_once('='))
            .collect::<Option<_>>()?,
    })
}

/// `total=name:amount:unit[:standard[:info]]+…`, separated by `||`.
fn variants(text: &'static str) -> Option<Vec<Variant>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let variant = |text: &'static str| {
        let (total, ingredients) = text.split_once('=')?;
        let ingredients = ingredients
            .split('+')
            .map(ingredient)
            .collect::<Option<_>>()?;
        Some(Variant { total, ingredients })
    };
    text.split("||").map(variant).collect()
}

fn ingredient(text: &'static str) -> Option<Ingredient> {
    let mut parts = text.splitn(5, ':');
    Some(Ingredient {
        name: parts.next()?,
        amount: parts.next()?,
        unit: unit(parts.next()?)?,
        standard: parts.next().unwrap_or_default(),
        info: parts.next().unwrap_or_default(),
    })
}

/// The feed's own words; `2` marks the older spelling 그람.
fn unit(short: &str) -> Option<&'static str> {
    Some(match short {
        "mg" => "밀리그램",
        "mg2" => "밀리그람",
        "mcg" => "마이크로그램",
        "g" => "그램",
        "g2" => "그람",
        "mL" => "밀리리터",
        "IU" => "국제단위",
        _ => return None,
    })
}

fn pill(line: &'static str) -> Option<Pill> {
    let mut columns = line.split('\t');
    let mut next = || columns.next();
    Some(Pill {
        number: next()?,
        shape: next()?,
        colour_front: next()?,
        colour_back: next()?,
        print_front: next()?,
        print_back: next()?,
        line_front: next()?,
        line_back: next()?,
        long: next()?,
        short: next()?,
        thick: next()?,
        form: next()?,
        image: next()?,
        image_date: next()?,
    })
}

fn topic(line: &'static str) -> Option<(&'static str, Topic)> {
    let mut columns = line.split('\t');
    let name = columns.next()?;
    let efficacy = columns.next()?;
    let mut list = || {
        let items = columns.next()?.split('|').filter(|item| !item.is_empty());
        Some(items.collect::<Vec<_>>())
    };
    let topic = Topic {
        efficacy,
        never: list()?,
        ask_first: list()?,
        side_effects: list()?,
        together: list()?,
    };
    Some((name, topic))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::string_slice, reason = "tests")]

    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_line_of_the_tables_is_read() {
        assert_eq!(
            products().count(),
            lines(include_str!("products.tsv")).count()
        );
        assert_eq!(pills().count(), lines(include_str!("pills.tsv")).count());
        assert_eq!(topics().len(), lines(include_str!("topics.tsv")).count());
        assert!(products().count() >= 150);
    }

    #[test]
    fn the_tables_fit_together() {
        let topics = topics();
        let mut numbers = HashSet::new();
        for product in products() {
            assert!(
                topics.contains_key(product.topic),
                "{}: {}",
                product.number,
                product.topic
            );
            assert!(numbers.insert(product.number), "{} twice", product.number);
        }
        for pill in pills() {
            assert!(
                numbers.contains(pill.number),
                "{} has no product",
                pill.number
            );
        }
        let used: HashSet<_> = products().map(|product| product.topic).collect();
        let unused: Vec<_> = topics
            .keys()
            .filter(|topic| !used.contains(*topic))
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    /// A strength in the name is the amount of the substance or of its active part.
    #[test]
    fn strengths_of_names_agree_with_the_amounts() {
        let mut compared = 0;
        for product in products().filter(|product| product.variants.len() == 1) {
            let [ingredient] = &product.variants[0].ingredients[..] else {
                continue;
            };
            let Some(strength) = milligrams(product.name) else {
                continue;
            };
            let (_, active) = ingredient.info.split_once("로서 ").unwrap_or_default();
            let amount = milligrams(&format!("{}{}", ingredient.amount, ingredient.unit));
            let fits = [amount, milligrams(active)].contains(&Some(strength))
                // The granule's active part is told by its name only.
                || product.number == "202005623"
                || ingredient.unit == "마이크로그램";
            assert!(fits, "{}: {ingredient:?}", product.name);
            compared += 1;
        }
        assert!(compared >= 120, "{compared}");
    }

    /// The number before the first 밀리그램 (or how it is spelled), in thousandths.
    fn milligrams(text: &str) -> Option<u64> {
        let end = ["밀리그램", "밀리그람", "mg"]
            .iter()
            .filter_map(|unit| text.find(unit))
            .min()?;
        let start = text[..end].rfind(|c: char| !c.is_ascii_digit() && c != '.');
        let number =
            &text[start.map_or(0, |at| at + text[at..].chars().next().unwrap().len_utf8())..end];
        let number: f64 = number.parse().ok()?;
        format!("{:.0}", number * 1000.0).parse().ok()
    }

    #[test]
    fn both_otc_states_and_many_types_are_there() {
        let types: HashSet<_> = products().map(|product| product.class_code).collect();
        assert!(types.len() >= 25, "{}", types.len());
        let otc = products().filter(Product::over_the_counter).count();
        assert!(otc >= 40 && products().count() - otc >= 100, "{otc}");
    }
}
