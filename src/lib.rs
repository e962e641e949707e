//! dockfix

pub mod facts;
