//! stand-in until the module lands
#![allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family { Debian, Windows }
pub fn family(_name: &str, _tag: Option<&str>) -> Option<Family> { None }
pub fn official(_name: &str) -> Option<&str> { None }
pub fn default_user(_r: &str, _tag: Option<&str>) -> Option<&'static str> { None }
