//! The OWASP API Security Top 10 (2023), tried: each file attacks the running server in the way that
//! one item describes, and says what came of it. <https://owasp.org/API-Security/editions/2023/en/0x11-t10/>

mod api01_object_level_authorization;
mod api02_authentication;
mod api03_property_level_authorization;
mod api04_resource_consumption;
mod api05_function_level_authorization;
mod api06_business_flows;
mod api07_server_side_request_forgery;
mod api08_misconfiguration;
mod api09_inventory;
mod api10_consumption_of_apis;
