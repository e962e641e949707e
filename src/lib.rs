//! dockfix
