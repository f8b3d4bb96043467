//! Views without their types.

/// A `view!` as an [`AnyView`](leptos::prelude::AnyView): Leptos compiles what takes a view anew for each type of view.
macro_rules! markup {
    ($($view:tt)*) => {
        leptos::prelude::IntoAny::into_any(leptos::prelude::view! { $($view)* })
    };
}

pub(crate) use markup;
