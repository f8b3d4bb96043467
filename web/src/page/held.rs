//! Values that the page holds and follows: like Leptos' signals, but with code that stands in the program once, whatever the
//! value is. A signal of Leptos brings over a kilobyte for each type; the page has forty.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::*;

type AnyValue = Arc<dyn Any + Send + Sync>;

/// A value of a type. A copy is a handle on the same value.
pub(super) struct Held<T> {
    value: RwSignal<AnyValue>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Held<T> {}

impl<T: Clone + Send + Sync + 'static> Held<T> {
    /// Holds a value.
    pub(super) fn new(value: T) -> Held<T> {
        Held { value: RwSignal::new(Arc::new(value)), kind: PhantomData }
    }

    /// The value. Whoever asks follows it.
    pub(super) fn get(&self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    pub(super) fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }

    /// Looks at the value. Whoever asks follows it.
    pub(super) fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(typed(&self.value.get()))
    }

    /// Looks at the value as it is now.
    pub(super) fn with_untracked<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(typed(&self.value.get_untracked()))
    }

    /// Another value; those who follow it learn of it.
    pub(super) fn set(&self, value: T) {
        self.value.set(Arc::new(value));
    }

    /// Changes the value; those who follow it learn of it.
    pub(super) fn update(&self, change: impl FnOnce(&mut T)) {
        let mut value = self.get_untracked();
        change(&mut value);
        self.set(value);
    }
}

#[allow(clippy::expect_used, reason = "nothing but a T is ever put into a Held<T>")]
fn typed<T: 'static>(value: &AnyValue) -> &T {
    value.downcast_ref().expect("a value of the type that is held")
}
