//! Accounts: signing up and in, staying signed in, one's own profile. The rules are
//! [`domain::account`]'s; here they meet the database, the clock and the network.

pub mod store;
