//! The impls of `Module` and `Init` for a struct without mistakes.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Ident, Type};

use crate::attr::{Field, Input, Name, Role};
use crate::elements;
use crate::fallback;
use crate::generics::{Bounds, Params, mentions};
use crate::laws;
use crate::shapes::Shapes;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    match Input::from_syn(input) {
        Ok(input) => {
            let module = impl_module(&input);
            let init = input.has_init().then(|| impl_init(&input));
            let (laws, checks) = (laws::at_fields(&input), checks(&input));
            let one = |shapes: &Shapes| matches!(shapes, Shapes::One(_));
            let not_called = input.inputs.iter().any(one).then(|| not_called(&input));
            let elements = elements::derive(&input);
            quote!(#module #init #elements #laws #checks #not_called)
        }
        Err(error) => fallback::expand(input, &error),
    }
}

fn impl_module(input: &Input) -> TokenStream {
    let ident = &input.original.ident;
    let (impl_generics, ty_generics, _) = input.original.generics.split_for_impl();

    let params = Params::of(input.original);
    let mut bounds = Bounds::of(input.original);
    for field in input.fields.iter().filter(|field| !field.is_skipped()) {
        if params.bound(field.ty) {
            bounds.push(field.ty, &quote!(::typegrad::nn::Module));
        }
    }
    let where_clause = bounds.into_where_clause();

    let (count, parts, law) = (count(input, &params), module_parts(input, &params), laws::of_type(input));
    let visit = visits(input, &quote!(visit_part), &quote!(&));
    let visit_mut = visits(input, &quote!(visit_part_mut), &quote!(&mut));
    // With no field to enter, the visitor has nothing to do.
    let visitor = if visit.is_empty() { quote!(_) } else { quote!(visitor) };

    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #impl_generics ::typegrad::nn::Module for #ident #ty_generics #where_clause {
            #count
            #parts
            #law

            fn visit<'__module, __V>(&'__module self, #visitor: &mut __V)
            where
                __V: ::typegrad::nn::Visitor<'__module>,
            {
                #(#visit)*
            }

            fn visit_mut<'__module, __V>(&'__module mut self, #visitor: &mut __V)
            where
                __V: ::typegrad::nn::VisitorMut<'__module>,
            {
                #(#visit_mut)*
            }
        }
    }
}

/// The number of parameters: the sum of those of the fields. A type that contains itself has no fixed number.
fn count(input: &Input, params: &Params) -> Option<TokenStream> {
    let visited = || input.fields.iter().filter(|field| !field.is_skipped()).map(|field| field.ty);
    if visited().any(|ty| params.recursive(ty)) {
        return None;
    }
    let counts =
        visited().map(|ty| quote_spanned!(ty.span()=> <#ty as ::typegrad::nn::Module>::NUM_PARAMETERS));
    Some(quote! {
        const NUM_PARAMETERS: ::core::option::Option<usize> =
            ::typegrad::nn::__total_parameters(&[#(#counts),*]);
    })
}

/// The name of the struct and its fields, for `check`.
fn module_parts(input: &Input, params: &Params) -> TokenStream {
    let visited = || input.fields.iter().filter(|field| !field.is_skipped());
    let name = input.original.ident.to_string();
    // A type that contains itself has no fixed number of parameters.
    let value = if visited().any(|field| params.recursive(field.ty)) {
        quote!(::typegrad::nn::__ModuleParts::named(#name))
    } else {
        let fields = visited().map(|field| {
            let (ty, unused) = (field.ty, field.unused);
            let member = match &field.member {
                syn::Member::Named(ident) => ident.to_string(),
                syn::Member::Unnamed(index) => index.index.to_string(),
            };
            let parts = quote_spanned!(ty.span()=> <#ty as ::typegrad::nn::Module>::PARTS);
            let count = quote_spanned!(ty.span()=> <#ty as ::typegrad::nn::Module>::NUM_PARAMETERS);
            quote!(::typegrad::nn::__Field::new(#member, #parts, #count, #unused))
        });
        // The layers of this library that compute scores.
        let scores = input.original.attrs.iter().any(|attr| attr.path().is_ident("__gives_scores"));
        let giving_scores = scores.then(|| quote!(.giving_scores()));
        quote!(::typegrad::nn::__ModuleParts::new(#name, &[#(#fields),*]) #giving_scores)
    };
    quote!(const PARTS: ::typegrad::nn::__ModuleParts = #value;)
}

/// A constant for each `input` and `inputs` of the struct, in which the network is checked: its errors point at the shapes, and from
/// there to the loss, which is checked with the first.
fn checks(input: &Input) -> TokenStream {
    let check = |(i, shapes): (usize, &Shapes)| {
        let span = match shapes {
            Shapes::One(shape) => shape.span(),
            Shapes::Two(pair) => pair.span(),
        };
        // rustc points at the name of the network where it does not take the shapes.
        let mut ident = input.original.ident.clone();
        ident.set_span(span);
        let (number, arguments) = match shapes {
            Shapes::One(shape) => ("", quote_spanned!(span=> #ident, #shape, _, _)),
            Shapes::Two(pair) => {
                let shapes = pair.elems.iter();
                ("2", quote_spanned!(span=> #ident, #(#shapes,)* _, _, _))
            }
        };
        let function = |name: &str| Ident::new(&format!("{name}{number}"), span);
        match input.loss.as_ref().filter(|_| i == 0) {
            Some(loss) => {
                let (check, call) = (function("check_loss"), quote_spanned!(loss.span()=> ()));
                let check = quote_spanned!(span=> ::typegrad::nn::#check::<#arguments, #loss>);
                quote!(const _: () = #check #call;)
            }
            None => {
                let check = function("check");
                quote_spanned!(span=> const _: () = ::typegrad::nn::#check::<#arguments>();)
            }
        }
    };
    input.inputs.iter().enumerate().map(check).collect()
}

/// Writes the impl by which `net.forward(x)` is one error, as for a tuple of layers. It goes before a method `forward` of the user's
/// own, so it is only for a struct of which `input` says that it implements `Forward`.
fn not_called(input: &Input) -> TokenStream {
    let ident = &input.original.ident;
    let (impl_generics, ty_generics, where_clause) = input.original.generics.split_for_impl();
    quote!(impl #impl_generics ::typegrad::nn::NotCalled for #ident #ty_generics #where_clause {})
}

/// The statements that visit each field.
///
/// `<#ty as Module>` is where rustc finds that a field has no role, and it points at `#ty`, which is
/// the user's. `visit` and `visit_mut` make the same mistake at the same place in the same words,
/// and rustc prints equal errors once.
fn visits(input: &Input, visit: &TokenStream, borrow: &TokenStream) -> Vec<TokenStream> {
    let one = |field: &Field| {
        let Role::Visited(name) = &field.role else { return None };
        let name = match name {
            Name::Field(name) => quote!(::typegrad::nn::Name::Field(#name)),
            Name::Index(index) => quote!(::typegrad::nn::Name::Index(#index)),
        };
        let (ty, member) = (field.ty, &field.member);
        Some(quote_spanned! {at(ty)=>
            <#ty as ::typegrad::nn::Module>::#visit(#borrow self.#member, #name, visitor);
        })
    };
    input.fields.iter().filter_map(one).collect()
}

fn impl_init(input: &Input) -> TokenStream {
    let ident = &input.original.ident;
    let (impl_generics, ty_generics, _) = input.original.generics.split_for_impl();

    let params = Params::of(input.original);
    let mut bounds = Bounds::of(input.original);
    for field in input.fields.iter().filter(|field| field.init.is_none()) {
        if params.bound(field.ty) {
            bounds.push(field.ty, &source(field));
        }
    }
    let where_clause = bounds.into_where_clause();

    let members = input.fields.iter().map(|field| &field.member);
    let values = input.fields.iter().map(|field| value(field, &params));
    let unused = (!input.fields.iter().any(draws)).then(|| quote!(let _ = rng;));
    let drawn = |field: &Field| is_drawn(field, &params);
    let draw = input.fields.iter().any(drawn).then(draw_item);
    let (holds, assertion) = laws::of_constructor(input.original);

    quote! {
        #[automatically_derived]
        impl #impl_generics ::typegrad::nn::Init for #ident #ty_generics #where_clause {
            #holds
            fn new(rng: &mut ::typegrad::Rng) -> Self {
                #assertion
                #draw
                #unused
                Self { #(#members: #values),* }
            }
        }
    }
}

/// Whether the value of a field comes from [`draw_item`]: a visited field of a concrete type.
fn is_drawn(field: &Field, params: &Params) -> bool {
    field.init.is_none() && !field.is_skipped() && params.concrete(field.ty)
}

/// `__Draw::<T>::new(rng)` is `<T as Init>::new(rng)`, except that it compiles for a `T` that is not a
/// module at all. That mistake is reported by `visit`, and a second error, that `f32` has no `Init`
/// either, would lead away from it.
///
/// An inherent function goes before a function of a trait, so the first `new` is taken wherever
/// `T: Module` holds. The second is therefore never run: a struct that uses it does not compile.
fn draw_item() -> TokenStream {
    quote! {
        struct __Draw<T>(::core::marker::PhantomData<T>);

        impl<T: ::typegrad::nn::Module> __Draw<T> {
            #[inline]
            fn new(rng: &mut ::typegrad::Rng) -> T
            where
                T: ::typegrad::nn::__HasNew,
            {
                <T as ::typegrad::nn::Init>::new(rng)
            }

            #[inline]
            fn each<const N: usize>(rng: &mut ::typegrad::Rng) -> [T; N]
            where
                T: ::typegrad::nn::__HasNew,
            {
                <[T; N] as ::typegrad::nn::Init>::new(rng)
            }
        }

        #[allow(dead_code, reason = "used for a field that is not a module, which is an error")]
        trait __NotAModule<T> {
            fn new(_: &mut ::typegrad::Rng) -> T {
                ::core::unreachable!()
            }
            fn each<const N: usize>(_: &mut ::typegrad::Rng) -> [T; N] {
                ::core::unreachable!()
            }
        }

        impl<T> __NotAModule<T> for __Draw<T> {}
    }
}

/// The trait that makes the value of a field without `init`.
fn source(field: &Field) -> TokenStream {
    match field.role {
        Role::Visited(_) => quote!(::typegrad::nn::Init),
        Role::Skipped => quote!(::core::default::Default),
    }
}

/// The value of a field. `rng` is written with the span of the call site, so that it is the same
/// identifier in `init = EXPR`.
fn value(field: &Field, params: &Params) -> TokenStream {
    let ty = field.ty;
    match (&field.init, &field.role) {
        // The borrow leaves the generator to the fields that follow, whatever the expression does.
        (Some(init), _) if draws(field) => quote!({ let rng = &mut *rng; #init }),
        (Some(init), _) => init.to_token_stream(),
        (None, Role::Visited(_)) if is_drawn(field, params) => {
            match ty {
                // The error names the layer, and not the array.
                Type::Array(array) => {
                    let layer = &array.elem;
                    quote_spanned!(at(layer)=> __Draw::<#layer>::each(rng))
                }
                _ => quote_spanned!(at(ty)=> __Draw::<#ty>::new(rng)),
            }
        }
        (None, Role::Visited(_)) => {
            quote_spanned!(at(ty)=> <#ty as ::typegrad::nn::Init>::new(rng))
        }
        (None, Role::Skipped) => {
            quote_spanned!(at(ty)=> <#ty as ::core::default::Default>::default())
        }
    }
}

/// Whether the value of a field takes something from the generator.
fn draws(field: &Field) -> bool {
    match &field.init {
        Some(init) => mentions(init.to_token_stream(), &|ident| ident == "rng"),
        None => !field.is_skipped(),
    }
}

/// The span of the type, for errors. Only its location: a type that came through a `macro_rules` has the hygiene of its
/// caller, in which `self` and `rng` do not exist.
fn at(ty: &impl Spanned) -> Span {
    Span::call_site().located_at(ty.span())
}
