//! What members do, one file an action.

mod change_password;
mod confirm_verification;
mod consents;
mod profile;
mod refresh;
mod request_verification;
mod second_factor;
mod sessions;
mod sign_in;
mod sign_in_second;
mod sign_up;
mod staff;

pub(crate) use profile::Profile;
pub(crate) use request_verification::Requested;
pub(crate) use sessions::Device;
pub(crate) use sign_in::{SignIn, Signed};
pub(crate) use sign_up::{NewMember, Who};
pub(crate) use staff::{Person, lift_what_is_over};
