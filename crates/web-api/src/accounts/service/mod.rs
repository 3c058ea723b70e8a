//! What members do, one file an action.

mod change_password;
mod confirm_verification;
mod consents;
mod profile;
mod refresh;
mod request_verification;
mod sessions;
mod sign_in;
mod sign_up;
pub(crate) mod social;

pub(crate) use profile::Profile;
pub(crate) use request_verification::Requested;
pub(crate) use sessions::Device;
pub(crate) use sign_in::{SignIn, Signed};
pub(crate) use sign_up::{NewMember, Who};
