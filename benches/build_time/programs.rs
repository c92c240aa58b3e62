//! The generated programs: modules in a row, in groups, and inside one another.

use std::fmt::Write as _;

/// Operations of one module, and modules of one group.
pub const OPERATIONS: usize = 20;
pub const MODULES: usize = 5;
const WIDTH: usize = 8;

/// A module of `operations` operations: `linear` and `relu` in turn.
fn module(name: &str, operations: usize) -> String {
    let (mut fields, mut body) = (String::new(), String::from("x"));
    for i in 0..operations {
        if i % 2 == 0 {
            let _ = write!(
                fields,
                "#[module(init = Tensor::eye().into())] w{i}: Param<Rank2<{WIDTH}, {WIDTH}>>, "
            );
            let _ = write!(body, ".linear(&self.w{i})");
        } else {
            body.push_str(".relu()");
        }
    }
    definition(name, &fields, &body)
}

/// A module that runs others in sequence.
fn row(name: &str, parts: &[String]) -> String {
    let fields: String = parts.iter().enumerate().map(|(i, part)| format!("m{i}: {part}, ")).collect();
    let mut body: String = (0..parts.len()).map(|i| format!("let x = self.m{i}.call(x);\n")).collect();
    body.push('x');
    definition(name, &fields, &body)
}

fn definition(name: &str, fields: &str, body: &str) -> String {
    format!(
        "#[derive(Module)]\nstruct {name} {{ {fields} }}\n\
         impl<const B: usize> Forward<Rank2<B, {WIDTH}>> for {name} {{\n\
         type Output = Rank2<B, {WIDTH}>;\n\
         fn forward<M: Mode>(&self, x: Input<Rank2<B, {WIDTH}>, M>) -> impl Traced<Self::Output, M> {{\n{body}\n}}\n}}\n"
    )
}

fn program(definitions: &str) -> String {
    format!(
        "use typegrad::prelude::*;\n{definitions}\n\
         fn main() {{\n\
         let mut net = Net::new(&mut Rng::seed(0));\n\
         let loss = net.train(Tensor::<Rank2<4, {WIDTH}>>::ones()).sum().backward();\n\
         println!(\"{{loss}} {{}}\", net.num_parameters());\n\
         net.zero_grad();\n}}\n"
    )
}

pub fn in_a_row(modules: usize, operations: usize) -> String {
    let names: Vec<_> = (0..modules).map(|i| format!("Block{i}")).collect();
    let mut definitions: String = names.iter().map(|name| module(name, operations)).collect();
    definitions += &row("Net", &names);
    program(&definitions)
}

pub fn in_groups(groups: usize) -> String {
    let mut definitions = String::new();
    let groups: Vec<_> = (0..groups).map(|g| format!("Group{g}")).collect();
    for group in &groups {
        let names: Vec<_> = (0..MODULES).map(|i| format!("{group}Block{i}")).collect();
        names.iter().for_each(|name| definitions += &module(name, OPERATIONS));
        definitions += &row(group, &names);
    }
    definitions += &row("Net", &groups);
    program(&definitions)
}

pub fn nested(depth: usize) -> String {
    let mut definitions = module("Block0", 2);
    for i in 1..depth {
        definitions += &row(&format!("Block{i}"), &[format!("Block{}", i - 1)]);
    }
    definitions += &row("Net", &[format!("Block{}", depth - 1)]);
    program(&definitions)
}
