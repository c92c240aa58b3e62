//! The expansion of an invalid struct: the errors, and impls that do nothing, so that the rest
//! of the program does not report again that the struct is not a module.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Error, Field};

use crate::attr::ends_in;
use crate::generics::mentions;

pub(crate) fn expand(input: &DeriveInput, error: &Error) -> TokenStream {
    let errors = error.to_compile_error();
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();

    let init = may_have_init(input).then(|| {
        quote! {
            #[automatically_derived]
            impl #impl_generics ::typegrad::nn::Init for #ident #ty_generics #where_clause {
                fn new(_: &mut ::typegrad::Rng) -> Self {
                    ::core::unreachable!()
                }
            }
        }
    });

    quote! {
        #errors

        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #impl_generics ::typegrad::nn::Module for #ident #ty_generics #where_clause {
            fn visit<'__module, __V>(&'__module self, _: &mut __V)
            where
                __V: ::typegrad::nn::Visitor<'__module>,
            {
            }

            fn visit_mut<'__module, __V>(&'__module mut self, _: &mut __V)
            where
                __V: ::typegrad::nn::VisitorMut<'__module>,
            {
            }
        }

        #init
    }
}

/// Whether the struct was meant to have a constructor, as far as can be told: the attributes may be
/// what is wrong. In doubt there is none, because the user's own would collide with it.
fn may_have_init(input: &DeriveInput) -> bool {
    let Data::Struct(data) = &input.data else { return false };
    let has = |attrs: &[Attribute], name: &str| {
        attrs.iter().any(|attr| match &attr.meta {
            syn::Meta::List(list) => mentions(list.tokens.clone(), &|ident| ident == name),
            _ => false,
        })
    };
    let needs_a_value =
        |field: &Field| ends_in(&field.ty, &["Param", "Buffer"]) && !has(&field.attrs, "init");
    !has(&input.attrs, "no_init") && !data.fields.iter().any(needs_a_value)
}
