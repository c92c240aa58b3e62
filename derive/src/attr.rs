//! The user's input, parsed once and checked as a whole: after [`Input::from_syn`] nothing can go
//! wrong any more. Mistakes are collected, so that each is reported once and all in one run.

use std::collections::HashMap;

use crate::generics::{NO_DEFAULT, is_float, without_a_role};
use crate::shapes::{Shapes, has_defaults};
use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, Ident, Index, LitStr, Member, Meta, Result, Token, Type,
};

/// A struct that can be expanded.
pub(crate) struct Input<'a> {
    pub(crate) original: &'a DeriveInput,
    pub(crate) fields: Vec<Field<'a>>,
    pub(crate) no_init: bool,
    /// The shapes of inputs for which the network is checked.
    pub(crate) inputs: Vec<Shapes>,
    /// The loss that its output is for.
    pub(crate) loss: Option<Type>,
}

/// One field and its role.
pub(crate) struct Field<'a> {
    pub(crate) member: Member,
    pub(crate) ty: &'a Type,
    pub(crate) role: Role,
    pub(crate) init: Option<Expr>,
    /// Whether `forward` may leave it out.
    pub(crate) unused: bool,
}

/// The role of a field for visitors.
pub(crate) enum Role {
    /// Enters it under this name.
    Visited(Name),
    /// Passes it by: `#[module(skip)]`, or a `PhantomData`.
    Skipped,
}

/// The name of a field in the state dict.
pub(crate) enum Name {
    Field(String),
    Index(usize),
}

impl<'a> Input<'a> {
    pub(crate) fn from_syn(original: &'a DeriveInput) -> Result<Self> {
        let only_structs = |keyword: &dyn ToTokens, instead: &str| {
            let (keyword, ident) = (keyword.to_token_stream(), &original.ident);
            let message = format!("`#[derive(Module)]` is for structs: {instead}");
            Err(Error::new_spanned(quote::quote!(#keyword #ident), message))
        };
        let data = match &original.data {
            Data::Struct(data) => data,
            Data::Enum(data) => {
                let instead = "for an enum write `impl Module` by hand, with a `match` in `visit` \
                               and in `visit_mut`";
                return only_structs(&data.enum_token, instead);
            }
            Data::Union(data) => {
                let instead = "instead of a union write a struct with a field for each part";
                return only_structs(&data.union_token, instead);
            }
        };

        let mut errors = Errors::default();
        let StructAttrs { no_init, inputs, loss } = StructAttrs::parse(&original.attrs, &mut errors);
        if let Some(input) = inputs.first().filter(|_| !has_defaults(original)) {
            errors.push(input.of_parameters());
        }
        if let Some(loss) = loss.as_ref().filter(|_| inputs.is_empty()) {
            let message = "`loss` is for a network that is checked: write the shape of an input beside it, \
                           `input = Rank2<8, 64>`";
            errors.push(Error::new_spanned(loss, message));
        }
        let mut names = Names::default();
        let mut fields = Vec::with_capacity(data.fields.len());
        for (index, field) in data.fields.iter().enumerate() {
            let FieldAttrs { skip, init, rename, unused } = FieldAttrs::parse(&field.attrs, &mut errors);
            let member = match &field.ident {
                Some(ident) => Member::Named(ident.clone()),
                None => Member::Unnamed(Index::from(index)),
            };
            let role = if skip.is_some() || ends_in(&field.ty, &["PhantomData"]) {
                if let Some(rename) = rename {
                    let message = "`rename` on a skipped field, which is never visited by name";
                    errors.push(Error::new(rename.span(), message));
                }
                if skip.is_some() && init.is_none() && no_init.is_none() && is_float(&field.ty) {
                    errors.push(Error::new_spanned(&field.ty, NO_DEFAULT));
                }
                Role::Skipped
            } else {
                let name = match (&rename, &field.ident) {
                    (Some(rename), _) => Name::Field(rename.value()),
                    (None, Some(ident)) => Name::Field(ident.unraw().to_string()),
                    (None, None) => Name::Index(index),
                };
                names.insert(&name, rename.as_ref(), &mut errors);
                without_a_role(&field.ty, original)
                    .into_iter()
                    .for_each(|text| errors.push(Error::new_spanned(&field.ty, text)));
                Role::Visited(name)
            };
            fields.push(Field { member, ty: &field.ty, role, init, unused: unused.is_some() });
        }
        errors.check()?;
        Ok(Input { original, fields, no_init: no_init.is_some(), inputs, loss })
    }

    /// Whether `Init` is emitted: nothing forbids it, and no field waits for a value that only the
    /// user can choose.
    pub(crate) fn has_init(&self) -> bool {
        !self.no_init && !self.fields.iter().any(Field::needs_a_value)
    }
}

impl Field<'_> {
    pub(crate) fn is_skipped(&self) -> bool {
        matches!(self.role, Role::Skipped)
    }

    /// A visited `Param` or `Buffer` without `init`.
    fn needs_a_value(&self) -> bool {
        !self.is_skipped() && self.init.is_none() && ends_in(self.ty, &["Param", "Buffer"])
    }
}

/// Whether the last segment of the path `ty` is one of `names`.
pub(crate) fn ends_in(ty: &Type, names: &[&str]) -> bool {
    match ty {
        Type::Path(ty) => {
            let last = ty.path.segments.last();
            last.is_some_and(|segment| names.iter().any(|name| segment.ident == name))
        }
        // A type that went through a `macro_rules!` is wrapped in an invisible group.
        Type::Group(ty) => ends_in(&ty.elem, names),
        Type::Paren(ty) => ends_in(&ty.elem, names),
        _ => false,
    }
}

/// `#[module(...)]` on the struct. Each attribute is kept with what an error would point at.
#[derive(Default)]
struct StructAttrs {
    no_init: Option<Ident>,
    inputs: Vec<Shapes>,
    loss: Option<Type>,
}

/// `#[module(...)]` on a field.
#[derive(Default)]
struct FieldAttrs {
    skip: Option<Ident>,
    init: Option<Expr>,
    rename: Option<LitStr>,
    unused: Option<Ident>,
}

/// The attributes of the struct, as an error lists them.
const STRUCT_ATTRS: &str = "`no_init`, `input = SHAPE`, `inputs = (SHAPE, SHAPE)` and `loss = LOSS`";
/// The attributes of a field, as an error lists them.
const FIELD_ATTRS: &str = "`skip`, `init = EXPR`, `rename = \"name\"` and `unused`";

impl StructAttrs {
    fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut found = StructAttrs::default();
        for_each_attr(attrs, errors, |name, meta| match name.to_string().as_str() {
            "no_init" => set(&mut found.no_init, &name, flag(&name, meta)?),
            "input" => {
                let shape = ty(&name, meta, "the shape of an input: `input = Rank2<8, 64>`")?;
                found.inputs.push(Shapes::one(shape)?);
                Ok(())
            }
            "inputs" => {
                let shapes = ty(&name, meta, "both shapes: `inputs = (Rank2<8, 64>, Rank1<8>)`")?;
                found.inputs.push(Shapes::two(shapes)?);
                Ok(())
            }
            "loss" => {
                let value = ty(&name, meta, "the loss of the output: `loss = CrossEntropyLoss`")?;
                set(&mut found.loss, &name, value)
            }
            "skip" | "init" | "rename" | "unused" => Err(Error::new(
                name.span(),
                format!("`{name}` is for a field; the attributes of the struct are {STRUCT_ATTRS}"),
            )),
            _ => Err(Error::new(
                name.span(),
                format!("unknown attribute `{name}`; the attributes of the struct are {STRUCT_ATTRS}"),
            )),
        });
        found
    }
}

impl FieldAttrs {
    fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut found = FieldAttrs::default();
        for_each_attr(attrs, errors, |name, meta| match name.to_string().as_str() {
            "skip" => set(&mut found.skip, &name, flag(&name, meta)?),
            "init" => set(&mut found.init, &name, expr(&name, meta)?),
            "rename" => set(&mut found.rename, &name, state_dict_name(&name, meta)?),
            "unused" => set(&mut found.unused, &name, flag(&name, meta)?),
            "no_init" | "input" | "inputs" | "loss" => Err(Error::new(
                name.span(),
                format!("`{name}` is for the struct; the attributes of a field are {FIELD_ATTRS}"),
            )),
            _ => Err(Error::new(
                name.span(),
                format!("unknown attribute `{name}`; the attributes of a field are {FIELD_ATTRS}"),
            )),
        });
        found
    }
}

/// Hands each `name ...` inside each `#[module(...)]` to `read`, which takes the value, if any, from
/// the input. The first error ends its list: what follows it cannot be told from its consequences.
fn for_each_attr(
    attrs: &[Attribute],
    errors: &mut Errors,
    mut read: impl FnMut(Ident, &ParseNestedMeta) -> Result<()>,
) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("module")) {
        let result = match &attr.meta {
            Meta::List(list) => list.parse_nested_meta(|meta| {
                let name = meta.path.get_ident().cloned();
                read(name.ok_or_else(|| meta.error("expected the name of an attribute"))?, &meta)
            }),
            meta => Err(Error::new_spanned(meta, "expected `#[module(...)]`")),
        };
        if let Err(error) = result {
            errors.push(error);
        }
    }
}

/// Fills a slot that may be filled once.
fn set<T>(slot: &mut Option<T>, name: &Ident, value: T) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::new(name.span(), format!("duplicate attribute `{name}`"))),
    }
}

/// `skip`
fn flag(name: &Ident, meta: &ParseNestedMeta) -> Result<Ident> {
    if meta.input.is_empty() || meta.input.peek(Token![,]) {
        return Ok(name.clone());
    }
    Err(Error::new(name.span(), format!("`{name}` takes no value")))
}

/// `init = EXPR`
fn expr(name: &Ident, meta: &ParseNestedMeta) -> Result<Expr> {
    let no_value = "`init` without a value; write an expression, in which `rng` is the \
                    generator: `init = Linear::new(rng)`";
    if !has_value(meta) {
        return Err(Error::new(name.span(), no_value));
    }
    meta.value()?.parse()
}

/// `input = SHAPE`, `inputs = (SHAPE, SHAPE)`, `loss = LOSS`
fn ty(name: &Ident, meta: &ParseNestedMeta, example: &str) -> Result<Type> {
    if !has_value(meta) {
        let message = format!("`{name}` without a value; write {example}");
        return Err(Error::new(name.span(), message));
    }
    meta.value()?.parse()
}

/// `rename = "name"`
fn state_dict_name(name: &Ident, meta: &ParseNestedMeta) -> Result<LitStr> {
    if !has_value(meta) {
        let message = "`rename` without a value; write a string: `rename = \"weight\"`";
        return Err(Error::new(name.span(), message));
    }
    let literal: LitStr = meta.value()?.parse()?;
    let value = literal.value();
    if value.is_empty() {
        return Err(Error::new(literal.span(), "`rename` to an empty name"));
    }
    if value.contains('.') {
        let message = "`rename` to a name with a `.`, which separates the names of nested modules";
        return Err(Error::new(literal.span(), message));
    }
    Ok(literal)
}

/// Whether `= something` follows.
fn has_value(meta: &ParseNestedMeta) -> bool {
    let ahead = meta.input.fork();
    ahead.parse::<Token![=]>().is_ok() && !ahead.is_empty() && !ahead.peek(Token![,])
}

/// The names met so far, each with the `rename` it comes from.
#[derive(Default)]
struct Names(HashMap<String, Option<Span>>);

impl Names {
    /// Two fields share a name only if one of them was renamed, and that one is pointed at.
    fn insert(&mut self, name: &Name, rename: Option<&LitStr>, errors: &mut Errors) {
        let name = match name {
            Name::Field(name) => name.clone(),
            // "0" and 0 are the same key of a state dict.
            Name::Index(index) => index.to_string(),
        };
        let rename = rename.map(LitStr::span);
        let message = format!("two fields are named `{name}`; in a state dict names are unique");
        if let Some(earlier) = self.0.insert(name, rename) {
            let span = rename.or(earlier).unwrap_or_else(Span::call_site);
            errors.push(Error::new(span, message));
        }
    }
}

/// The mistakes so far.
#[derive(Default)]
struct Errors(Option<Error>);

impl Errors {
    fn push(&mut self, error: Error) {
        match &mut self.0 {
            None => self.0 = Some(error),
            Some(first) => first.combine(error),
        }
    }

    fn check(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    /// The messages of the mistakes in a struct.
    fn mistakes(input: &DeriveInput) -> Vec<String> {
        match Input::from_syn(input) {
            Ok(_) => Vec::new(),
            Err(error) => error.into_iter().map(|error| error.to_string()).collect(),
        }
    }

    fn names(input: &DeriveInput) -> Vec<String> {
        let input = Input::from_syn(input).expect("a struct without mistakes");
        let name = |field: &Field| match &field.role {
            Role::Visited(Name::Field(name)) => name.clone(),
            Role::Visited(Name::Index(index)) => index.to_string(),
            Role::Skipped => "-".to_owned(),
        };
        input.fields.iter().map(name).collect()
    }

    #[test]
    fn a_field_is_named_after_itself_its_rename_or_its_index() {
        let input = parse_quote! {
            struct S {
                fc1: A,
                r#type: A,
                #[module(rename = "weight")] w: A,
                #[module(skip)] n: usize,
                marker: std::marker::PhantomData<A>,
            }
        };
        assert_eq!(names(&input), ["fc1", "type", "weight", "-", "-"]);
        assert_eq!(names(&parse_quote! { struct S(A, #[module(skip)] u8, A); }), ["0", "-", "2"]);
        assert!(names(&parse_quote! { struct S; }).is_empty());
    }

    #[test]
    fn attributes_combine_in_one_list_and_over_several() {
        let input: DeriveInput = parse_quote! {
            struct S {
                #[module(skip, init = f::<u8, 2>(rng, 3))] a: A,
                #[module(init = if true { 1 } else { 2 })] #[module(rename = "c")] b: A,
            }
        };
        let read = Input::from_syn(&input).expect("a struct without mistakes");
        assert!(read.fields[0].is_skipped() && !read.fields[1].is_skipped());
        assert!(matches!(read.fields[0].init, Some(Expr::Call(_))));
        assert!(matches!(read.fields[1].init, Some(Expr::If(_))));
    }

    #[test]
    fn init_is_left_out_only_for_a_value_the_user_must_choose() {
        let has_init =
            |input: DeriveInput| Input::from_syn(&input).expect("a struct without mistakes").has_init();
        assert!(has_init(parse_quote! { struct S { a: Linear<2, 3> } }));
        assert!(has_init(parse_quote! { struct S { #[module(init = p())] a: Param<(N,)> } }));
        assert!(has_init(parse_quote! { struct S { #[module(skip)] a: Param<(N,)> } }));
        assert!(!has_init(parse_quote! { struct S { a: Param<(N,)> } }));
        assert!(!has_init(parse_quote! { struct S { a: typegrad::nn::Buffer<(N,)> } }));
        assert!(!has_init(parse_quote! { #[module(no_init)] struct S { a: Linear<2, 3> } }));
    }

    #[test]
    fn each_mistake_is_one_error() {
        let one = |input: DeriveInput, start: &str| {
            let mistakes = mistakes(&input);
            assert!(
                matches!(mistakes.as_slice(), [one] if one.starts_with(start)),
                "expected only {start:?}, found {mistakes:?}"
            );
        };
        one(parse_quote! { enum E { A } }, "`#[derive(Module)]` is for structs: for an enum");
        one(parse_quote! { union U { a: u8 } }, "`#[derive(Module)]` is for structs: instead of");
        one(parse_quote! { #[module(x)] struct S; }, "unknown attribute `x`; the attributes of");
        one(parse_quote! { #[module(skip)] struct S; }, "`skip` is for a field");
        one(parse_quote! { #[module(input)] struct S; }, "`input` without a value; write the shape");
        one(parse_quote! { #[module(loss = L)] struct S; }, "`loss` is for a network that is checked");
        one(parse_quote! { #[module] struct S; }, "expected `#[module(...)]`");
        let field = |attr: Attribute| parse_quote! { struct S { #attr a: A, b: A } };
        one(field(parse_quote!(#[module(skipped)])), "unknown attribute `skipped`");
        one(field(parse_quote!(#[module(no_init)])), "`no_init` is for the struct");
        one(field(parse_quote!(#[module(skip, skip)])), "duplicate attribute `skip`");
        one(field(parse_quote!(#[module(skip = true)])), "`skip` takes no value");
        one(field(parse_quote!(#[module(init)])), "`init` without a value");
        one(field(parse_quote!(#[module(init =)])), "`init` without a value");
        one(field(parse_quote!(#[module(init = , skip)])), "`init` without a value");
        one(field(parse_quote!(#[module(rename)])), "`rename` without a value");
        one(field(parse_quote!(#[module(rename = w)])), "expected string literal");
        one(field(parse_quote!(#[module(rename = "")])), "`rename` to an empty name");
        one(field(parse_quote!(#[module(rename = "a.b")])), "`rename` to a name with a `.`");
        one(field(parse_quote!(#[module(rename = "b")])), "two fields are named `b`");
        one(field(parse_quote!(#[module(rename = "x", skip)])), "`rename` on a skipped field");
        one(parse_quote! { struct S { #[module(skip)] a: f64 } }, "a skipped number has no default");
        one(field(parse_quote!(#[module = "skip"])), "expected `#[module(...)]`");
        one(parse_quote! { struct S(A, #[module(rename = "0")] A); }, "two fields are named `0`");
    }

    #[test]
    fn all_mistakes_are_reported_in_one_run() {
        let input = parse_quote! {
            #[module(x)]
            struct S { #[module(y)] a: A, #[module(init)] b: A }
        };
        assert_eq!(mistakes(&input).len(), 3);
    }
}
