//! The types of elements that files have and that are read.

/// The type of the elements of an array in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Bool,
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F16,
    BF16,
    F32,
    F64,
}

impl Kind {
    pub(crate) fn size(self) -> usize {
        match self {
            Kind::Bool | Kind::U8 | Kind::I8 => 1,
            Kind::U16 | Kind::I16 | Kind::F16 | Kind::BF16 => 2,
            Kind::U32 | Kind::I32 | Kind::F32 => 4,
            Kind::U64 | Kind::I64 | Kind::F64 => 8,
        }
    }

    /// The name in NumPy and PyTorch.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Bool => "bool",
            Kind::U8 => "uint8",
            Kind::I8 => "int8",
            Kind::U16 => "uint16",
            Kind::I16 => "int16",
            Kind::U32 => "uint32",
            Kind::I32 => "int32",
            Kind::U64 => "uint64",
            Kind::I64 => "int64",
            Kind::F16 => "float16",
            Kind::BF16 => "bfloat16",
            Kind::F32 => "float32",
            Kind::F64 => "float64",
        }
    }
}

/// The value of a `float16`, which `f32` has exactly. NaN stays NaN, and becomes quiet.
pub(crate) fn f16(bytes: [u8; 2]) -> f32 {
    let bits = u32::from(u16::from_le_bytes(bytes));
    let (sign, exponent, fraction) = ((bits & 0x8000) << 16, bits >> 10 & 31, bits & 0x3ff);
    let magnitude = match (exponent, fraction) {
        // 2⁻²⁴ is the smallest number, and all below 2⁻¹⁴ are its multiples.
        (0, _) => (fraction as f32 * 2.0_f32.powi(-24)).to_bits(),
        (31, 0) => f32::INFINITY.to_bits(),
        (31, _) => f32::NAN.to_bits() | fraction << 13,
        _ => (exponent + 127 - 15) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
}

/// The value of a `bfloat16`, which is the upper half of an `f32`. NaN stays NaN, and becomes quiet.
pub(crate) fn bf16(bytes: [u8; 2]) -> f32 {
    let x = f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16);
    if x.is_nan() { f32::from_bits(x.to_bits() | f32::NAN.to_bits()) } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The CRC-32 of all 65,536 values, little-endian, with one NaN for all.
    fn checksum(convert: fn([u8; 2]) -> f32) -> u32 {
        let values = (0..=u16::MAX).map(|bits| convert(bits.to_le_bytes()));
        let bits = values.map(|x| if x.is_nan() { f32::NAN } else { x }.to_le_bytes());
        crc32fast::hash(&bits.collect::<Vec<_>>().concat())
    }

    /// `torch.arange(65536).to(torch.int16).view(torch.float16).float()` of PyTorch 2.15, and the same of bfloat16;
    /// NumPy gives the same.
    #[test]
    fn every_half_float_converts_as_in_pytorch() {
        assert_eq!(checksum(f16), 0x3020_c7a7);
        assert_eq!(checksum(bf16), 0x28c5_ed34);
    }

    #[test]
    fn every_half_float_has_the_value_that_its_parts_say() {
        for bits in 0..=u16::MAX {
            let part = |width: u32, from: u32| f64::from(bits >> from & ((1 << width) - 1));
            let value = |exponent: u32, fraction: u32| {
                let (e, f) = (part(exponent, fraction), part(fraction, 0) / f64::from(1 << fraction));
                let (largest, bias) = ((1 << exponent) - 1, (1 << (exponent - 1)) - 1);
                let sign = if bits >= 0x8000 { -1.0 } else { 1.0 };
                sign * match e as i32 {
                    0 => f * 2.0_f64.powi(1 - bias),
                    e if e < largest => (1.0 + f) * 2.0_f64.powi(e - bias),
                    _ if f == 0.0 => f64::INFINITY,
                    _ => f64::NAN,
                }
            };
            for (x, y) in [(f16(bits.to_le_bytes()), value(5, 10)), (bf16(bits.to_le_bytes()), value(8, 7))] {
                assert!(
                    x.is_nan() && y.is_nan() || f64::from(x).to_bits() == y.to_bits(),
                    "{bits:04x} {x} {y}"
                );
            }
        }
    }
}
