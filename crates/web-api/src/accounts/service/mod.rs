//! What members do, one file an action.

mod audit;
mod change_password;
mod change_phone;
mod confirm_verification;
mod consents;
mod export;
mod profile;
mod recover_login_id;
mod refresh;
mod request_verification;
mod reset_password;
mod second_factor;
mod sessions;
mod sign_in;
mod sign_in_second;
mod sign_up;
mod sign_up_once;
pub(crate) mod social;
mod staff;
mod suspension;
mod withdraw;

pub(crate) use export::Export;
pub(crate) use profile::Profile;
pub(crate) use request_verification::Requested;
pub(crate) use sessions::Device;
pub(crate) use sign_in::{SignIn, Signed};
pub(crate) use sign_up::{NewMember, Who};
pub(crate) use staff::{Person, Whom};
pub(crate) use suspension::Suspension;
pub(crate) use withdraw::Proof;
