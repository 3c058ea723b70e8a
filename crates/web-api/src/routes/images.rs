//! Pictures of members.

use actix_web::http::Method;

use super::{Access as A, Entry, MINE, RateClass, at, reads};
use crate::accounts::handlers::{
    begin_image_upload, delete_profile_image, receive_image, set_profile_image, show_image,
};

pub(crate) const MY_IMAGE: &str = "/api/v1/me/profile-image";
pub(crate) const MY_IMAGE_UPLOADS: &str = "/api/v1/me/profile-image/uploads";
pub(crate) const IMAGE_UPLOAD: &str = "/profile-image-uploads/{id}";
pub(crate) const PROFILE_IMAGE: &str = "/profile-images/{name}";

pub(super) fn of_images() -> Vec<Entry> {
    use RateClass::{Pages, Writes};
    vec![
        at(MY_IMAGE_UPLOADS).on(
            Method::POST,
            A::MEMBER,
            Writes,
            begin_image_upload::begin_image_upload,
        ),
        at(MY_IMAGE)
            .on(
                Method::PUT,
                A::MEMBER,
                Writes,
                set_profile_image::set_profile_image,
            )
            .on(
                Method::DELETE,
                MINE,
                Writes,
                delete_profile_image::delete_profile_image,
            ),
        at(IMAGE_UPLOAD).on(Method::PUT, A::PUBLIC, Writes, receive_image::receive_image),
        reads(PROFILE_IMAGE, A::PUBLIC, Pages, show_image::show_image),
    ]
}
