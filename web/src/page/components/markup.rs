//! Views of one type.

/// A `view!` as an [`AnyView`](leptos::prelude::AnyView). Leptos compiles its functions once for each type of view, so fewer
/// types make a smaller program.
macro_rules! markup {
    ($($view:tt)*) => {
        leptos::prelude::IntoAny::into_any(leptos::prelude::view! { $($view)* })
    };
}

pub(crate) use markup;
