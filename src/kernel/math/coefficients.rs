//! The constants of the functions, for each element type.
//!
//! The polynomials interpolate at Chebyshev nodes; they were computed with 60 digits. Their errors are below 0.15 units
//! in the last place of what they approximate. Coefficients ascend.

use super::super::simd::SimdFloat;

/// The differences between `f32` and `f64`.
pub(crate) trait Coefficients: SimdFloat {
    /// (eʳ - 1 - r) / r² for |r| up to ln 2 / 2.
    const EXP: &[Self];
    /// (2 artanh s / s - 2) / z of z = s², for (1 + s) / (1 - s) in [√½, √2].
    const LN: &[Self];
    /// (2 artanh s / s - 2) / z of z = s², for (1 + s) / (1 - s) in [1, 2].
    const LN_TO_2: &[Self];
    /// (2 artanh s / s - 2 - ⅔ z) / z² of z = s², in the same range.
    const LN_TAIL: &[Self];
    /// erf x / x - 1 of x², for |x| up to `ERF_SMALL`.
    const ERF: &[Self];
    /// (x + c) exp x² erfc x of (x - c) / (x + c), for c = `ERFCX_CENTER` and x in [0, `ERFCX_RANGE`].
    const ERFCX: &[Self];
    /// exp x² erfc x of x from `ERF_SMALL` to `ERF_ONE` as a quotient of polynomials with the least error of erf.
    const ERF_LARGE: [&[Self]; 2];
    /// (1 - Φ(x)) exp(x² / 2) of x in [0, `GELU_RANGE`] as a quotient of polynomials with the least relative error.
    const MILLS: [&[Self]; 2];
    /// (sin r / r - 1) / r² of r², for |r| up to π / 4.
    const SIN: &[Self];
    /// (cos r - 1 + r² / 2) / r⁴ of r², for |r| up to π / 4.
    const COS: &[Self];
    /// (atan t / t - 1) / t² of t², for |t| up to √2 - 1.
    const ATAN: &[Self];
    /// (asin t / t - 1) / t² of t², for |t| up to 1/2.
    const ASIN: &[Self];
    /// π / 2 as a sum of nearest floats.
    const HALF_PI_FMA: &[Self];
    /// π / 2 as a sum of floats that a number below 2¹¹ (f64: 2²²) is multiplied with exactly.
    const HALF_PI_EXACT: &[Self];
    /// ln 2 as a sum; an exponent times the first is exact.
    const LN_2_SUM: [Self; 2];
    /// π as a sum.
    const PI_SUM: [Self; 2];
    /// 1 / ln 2 as a sum; the first has half of the bits.
    const INV_LN_2: [Self; 2];
    /// 1 / ln 10 as a sum; the first has half of the bits.
    const INV_LN_10: [Self; 2];
    /// log₁₀ 2 as a sum; an exponent times the first is exact.
    const LOG10_2_SUM: [Self; 2];
    /// 2 √(2/π) as a sum.
    const GELU: [Self; 2];
    /// 0.044715 · 2 √(2/π) as a sum.
    const GELU_CUBIC: [Self; 2];
    /// 2/3 as a sum.
    const TWO_THIRDS: [Self; 2];
    /// Beyond these, x eˣ / 2 is 0 or sinh x is infinite.
    const EXP_RANGE: [Self; 2];
    /// Below this, eˣ - 1 is -1.
    const EXPM1_LEAST: Self;
    /// From here, tanh is 1.
    const TANH_ONE: Self;
    /// Up to this, erf is a polynomial.
    const ERF_SMALL: Self;
    /// From here, erf is 1.
    const ERF_ONE: Self;
    /// The center of the polynomial `ERFCX`.
    const ERFCX_CENTER: Self;
    /// From here, erfc is 0.
    const ERFCX_RANGE: Self;
    /// From here, x Φ(-x) is 0; the half of its square is in `EXP_RANGE`.
    const GELU_RANGE: Self;
    /// From here, √(1 + x²) is x.
    const AREA_LARGE: Self;
    /// A power of 2 that makes subnormal numbers normal, and its exponent.
    const SUBNORMAL: [Self; 2];
    /// 2^MANTISSA, without and with the bias of exponents.
    const INTEGER_BITS: [Self; 2];
    /// The bits of √½.
    const SQRT_HALF: Self::Bits;
    /// The bits of 1 less those of √½.
    const ONE_LESS_SQRT_HALF: Self::Bits;
    /// The bits of the mantissa.
    const FRACTION: Self::Bits;
    /// How far the lowest bit is from the sign.
    const TO_SIGN: u32;
    /// The bits that leave a float whose square is exact.
    const UPPER_HALF: Self::Bits;
    /// The largest argument that is reduced by π / 2 in vectors, without and with FMA.
    const TRIGONOMETRIC_RANGE: [Self; 2];
    /// The sine and the cosine of an argument beyond that.
    fn sin_cos_of_large(self) -> (Self, Self);
}

impl Coefficients for f32 {
    const EXP: &[Self] = &[0.5, 0.166_665_73, 0.041_666_55, 0.008_363_774, 0.001_392_692_7];
    const LN: &[Self] = &[0.666_666_87, 0.399_883_18, 0.296_006_92];
    const LN_TO_2: &[Self] = &[0.666_666_7, 0.399_997_06, 0.285_924_26, 0.217_054_28, 0.232_302_56];
    const LN_TAIL: &[Self] = &[0.400_000_15, 0.285_618_6, 0.230_651_56];
    const ERF: &[Self] =
        &[0.128_379_15, -0.376_124_92, 0.112_817_91, -0.026_765_361, 0.004_990_934, -0.000_597_772_7];
    const ERFCX: &[Self] = &[
        0.997_402_85,
        -0.607_057_45,
        0.179_347_54,
        0.016_228_51,
        -0.022_694_096,
        -0.002_966_923_4,
        0.003_421_334_3,
        0.001_177_047_5,
        -0.000_340_765_98,
        -0.000_300_585_35,
        -5.621_942_5e-5,
    ];
    const ERF_LARGE: [&[Self]; 2] =
        [&[1.000_726_3, 0.747_879_57, 0.236_562_58], &[1.0, 1.881_193_9, 1.343_729_4, 0.417_837_93]];
    const MILLS: [&[Self]; 2] = [
        &[0.5, 0.440_220_37, 0.184_666_53, 0.041_117_09, 0.004_188_478],
        &[1.0, 1.678_325_8, 1.208_437_9, 0.473_250_37, 0.103_071_08, 0.010_498_853],
    ];
    const SIN: &[Self] = &[-0.166_666_64, 0.008_332_725, -0.000_195_828_31];
    const COS: &[Self] = &[0.041_666_664, -0.001_388_827_9, 2.454_287_1e-5];
    const ATAN: &[Self] = &[-0.333_333_3, 0.199_995_23, -0.142_633_57, 0.107_372_954, -0.064_307_06];
    const ASIN: &[Self] = &[0.166_666_73, 0.074_988_55, 0.045_001_38, 0.026_554_542, 0.038_085_025];
    const HALF_PI_FMA: &[Self] = &[1.570_796_4, -4.371_139e-8, -1.715_124_5e-15];
    const HALF_PI_EXACT: &[Self] =
        &[1.570_556_6, 0.000_239_670_28, 1.589_069_1e-8, 2.563_283e-12, 6.123_234e-17];
    const LN_2_SUM: [Self; 2] = [0.693_145_75, 1.428_606_8e-6];
    const PI_SUM: [Self; 2] = [std::f32::consts::PI, -8.742_278e-8];
    const INV_LN_2: [Self; 2] = [1.442_382_8, 0.000_312_228_4];
    const INV_LN_10: [Self; 2] = [0.434_204_1, 9.038_034e-5];
    const LOG10_2_SUM: [Self; 2] = [0.301_025_4, 4.605_039e-6];
    const GELU: [Self; 2] = [1.595_769_2, -4.534_068e-8];
    const GELU_CUBIC: [Self; 2] = [0.071_354_814, 2.398_832_5e-9];
    const TWO_THIRDS: [Self; 2] = [0.666_666_7, -1.986_821_6e-8];
    const EXP_RANGE: [Self; 2] = [-120.0, 89.5];
    const EXPM1_LEAST: Self = -20.0;
    const TANH_ONE: Self = 10.0;
    const ERF_SMALL: Self = 0.9277;
    const ERF_ONE: Self = 4.0;
    const ERFCX_CENTER: Self = 1.75;
    const ERFCX_RANGE: Self = 10.6;
    const GELU_RANGE: Self = 15.0;
    const AREA_LARGE: Self = 16_384.0;
    const SUBNORMAL: [Self; 2] = [33_554_432.0, 25.0];
    const INTEGER_BITS: [Self; 2] = [8_388_608.0, 8_388_608.0 + 127.0];
    const SQRT_HALF: u32 = 0x3f35_04f3;
    const ONE_LESS_SQRT_HALF: u32 = 0x3f80_0000 - Self::SQRT_HALF;
    const FRACTION: u32 = (1 << 23) - 1;
    const TO_SIGN: u32 = 31;
    const UPPER_HALF: u32 = !0xfff;
    const TRIGONOMETRIC_RANGE: [Self; 2] = [3_216.0, 100_000.0];
    fn sin_cos_of_large(self) -> (Self, Self) {
        libm::sincosf(self)
    }
}

impl Coefficients for f64 {
    const EXP: &[Self] = &[
        0.500_000_000_000_000_1,
        0.166_666_666_666_666_69,
        0.041_666_666_666_620_64,
        0.008_333_333_333_329_793,
        0.001_388_888_891_893_916_8,
        0.000_198_412_698_643_805_13,
        2.480_151_864_139_599_3e-5,
        2.755_726_641_861_23e-6,
        2.762_133_866_914_292_5e-7,
        2.510_134_692_835_034e-8,
    ];
    const LN: &[Self] = &[
        0.666_666_666_666_667,
        0.399_999_999_998_866_15,
        0.285_714_286_317_643_34,
        0.222_222_101_992_642_1,
        0.181_829_566_080_634_58,
        0.153_295_007_542_041_78,
        0.146_436_286_019_097_97,
    ];
    const LN_TO_2: &[Self] = &[
        0.666_666_666_666_666_6,
        0.400_000_000_000_147_24,
        0.285_714_285_670_716_66,
        0.222_222_227_211_782_23,
        0.181_817_892_475_915_37,
        0.153_855_753_555_158_38,
        0.133_140_574_801_228_62,
        0.120_018_975_207_037_72,
        0.087_965_270_266_740_57,
        0.161_729_737_651_648_72,
    ];
    const LN_TAIL: &[Self] = &[
        0.4,
        0.285_714_285_714_294_86,
        0.222_222_222_215_834_4,
        0.181_818_183_516_517_5,
        0.153_845_932_425_795_14,
        0.133_348_973_085_470_64,
        0.117_037_807_729_493_68,
        0.117_486_033_656_080_93,
    ];
    const ERF: &[Self] = &[
        0.128_379_167_095_512_6,
        -0.376_126_389_031_837_1,
        0.112_837_916_709_527_35,
        -0.026_866_170_644_611_61,
        0.005_223_977_619_601_503,
        -0.000_854_832_663_561_777,
        0.000_120_553_166_271_476_78,
        -1.492_519_517_391_834_1e-5,
        1.645_362_788_947_203_1e-6,
        -1.626_057_818_731_474_4e-7,
        1.396_715_351_707_684_4e-8,
        -8.301_815_886_527_071e-10,
    ];
    const ERFCX: &[Self] = &[
        1.054_031_820_305_718,
        -0.804_651_849_439_148_9,
        0.453_914_116_648_097_44,
        -0.171_251_145_246_042_7,
        0.028_361_550_131_928_114,
        0.008_393_044_302_318_138,
        -0.004_818_785_522_075_671,
        -0.000_439_208_263_732_776_57,
        0.000_702_693_715_023_129_2,
        5.830_775_540_572_537_5e-5,
        -0.000_112_604_804_962_488_15,
        -1.953_177_818_443_701e-5,
        1.824_441_236_480_696_4e-5,
        6.752_173_385_847_006e-6,
        -2.332_923_485_164_221_6e-6,
        -1.956_625_174_916_913_3e-6,
        -3.547_491_864_172_76e-9,
        4.374_925_641_647_948e-7,
        1.330_431_889_330_528_8e-7,
        -5.870_022_862_995_681e-8,
        -4.671_869_396_339_382e-8,
        -1.783_436_397_417_842_9e-9,
        7.038_114_737_439_582e-9,
        1.890_000_808_768_955_5e-9,
    ];
    const ERF_LARGE: [&[Self]; 2] = [
        &[
            0.999_999_940_337_193_1,
            1.376_289_813_860_835_2,
            0.931_837_458_343_760_1,
            0.363_078_317_838_390_34,
            0.081_011_678_788_624_17,
            0.008_432_391_945_147_55,
        ],
        &[
            1.0,
            2.504_668_316_079_427,
            2.758_056_526_342_752,
            1.722_784_481_622_213,
            0.651_081_409_156_341,
            0.143_584_819_089_163_94,
            0.014_946_175_546_554_38,
        ],
    ];
    const MILLS: [&[Self]; 2] = [
        &[
            0.5,
            0.828_620_604_267_043_4,
            0.680_695_807_631_434_4,
            0.358_184_128_120_700_6,
            0.132_457_985_719_900_1,
            0.035_807_953_517_137_5,
            0.007_157_049_751_417_684_5,
            0.001_045_686_603_014_881_6,
            0.000_107_296_467_925_394_65,
            7.031_661_401_814_115e-6,
            2.262_902_194_471_847_2e-7,
        ],
        &[
            1.0,
            2.455_125_769_336_952,
            2.820_298_561_446_071_6,
            2.005_039_570_873_019_5,
            0.982_525_790_175_296_2,
            0.349_430_756_070_793_1,
            0.092_343_125_104_230_61,
            0.018_207_881_170_656_16,
            0.002_638_773_366_998_496,
            0.000_269_519_585_729_241_55,
            1.762_576_128_744_600_7e-5,
            5.672_254_623_386_513e-7,
        ],
    ];
    const SIN: &[Self] = &[
        -0.166_666_666_666_666_66,
        0.008_333_333_333_330_7,
        -0.000_198_412_698_363_854_35,
        2.755_731_591_093_9e-6,
        -2.505_109_230_843_131_8e-8,
        1.591_530_918_305_795_2e-10,
    ];
    const COS: &[Self] = &[
        0.041_666_666_666_666_664,
        -0.001_388_888_888_888_724_1,
        2.480_158_729_853_226e-5,
        -2.755_731_715_185_886_6e-7,
        2.087_612_153_460_845_4e-9,
        -1.138_086_817_144_991_4e-11,
    ];
    const ATAN: &[Self] = &[
        -0.333_333_333_333_333_3,
        0.199_999_999_999_950_83,
        -0.142_857_142_845_757_4,
        0.111_111_110_079_901_61,
        -0.090_909_042_843_935_1,
        0.076_921_764_018_963_92,
        -0.066_644_163_055_767_37,
        0.058_573_266_159_081_39,
        -0.050_811_685_041_257_77,
        0.039_108_601_602_565_12,
        -0.019_026_944_583_259_2,
    ];
    const ASIN: &[Self] = &[
        0.166_666_666_666_666_69,
        0.074_999_999_999_984_33,
        0.044_642_857_146_355_43,
        0.030_381_944_138_531_247,
        0.022_372_172_942_149_89,
        0.017_352_392_720_869_973,
        0.013_971_212_973_552_933,
        0.011_479_177_415_184_906,
        0.010_322_814_350_185_78,
        0.005_457_506_718_640_358,
        0.017_400_879_442_694_02,
        -0.014_851_887_071_247_204,
        0.028_757_851_367_421_566,
    ];
    const HALF_PI_FMA: &[Self] =
        &[std::f64::consts::FRAC_PI_2, 6.123_233_995_736_766e-17, -1.497_384_904_859_169_8e-33];
    const HALF_PI_EXACT: &[Self] = &[
        1.570_796_326_734_125_6,
        6.077_100_503_593_46e-11,
        2.912_732_054_822_7e-20,
        1.270_655_875_332_088_6e-29,
        6.818_992_292_941_83e-39,
    ];
    const LN_2_SUM: [Self; 2] = [0.693_147_180_485_539_1, 7.440_617_110_012_397e-11];
    const PI_SUM: [Self; 2] = [std::f64::consts::PI, 1.224_646_799_147_353_2e-16];
    const INV_LN_2: [Self; 2] = [1.442_695_021_629_333_5, 1.925_962_991_126_617_5e-8];
    const INV_LN_10: [Self; 2] = [0.434_294_477_105_140_7, 4.798_111_141_615_973e-9];
    const LOG10_2_SUM: [Self; 2] = [0.301_029_995_607_677_85, 5.630_334_806_675_098e-11];
    const GELU: [Self; 2] = [1.595_769_121_605_730_8, -9.969_308_809_110_92e-17];
    const GELU_CUBIC: [Self; 2] = [0.071_354_816_272_600_25, -6.175_149_918_155_315e-19];
    const TWO_THIRDS: [Self; 2] = [0.666_666_666_666_666_6, 3.700_743_415_417_188e-17];
    const EXP_RANGE: [Self; 2] = [-760.0, 710.5];
    const EXPM1_LEAST: Self = -40.0;
    const TANH_ONE: Self = 20.0;
    const ERF_SMALL: Self = 0.9277;
    const ERF_ONE: Self = 5.95;
    const ERFCX_CENTER: Self = 2.5;
    const ERFCX_RANGE: Self = 28.0;
    const GELU_RANGE: Self = 38.9;
    const AREA_LARGE: Self = 268_435_456.0;
    const SUBNORMAL: [Self; 2] = [18_014_398_509_481_984.0, 54.0];
    const INTEGER_BITS: [Self; 2] = [4_503_599_627_370_496.0, 4_503_599_627_370_496.0 + 1023.0];
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const ONE_LESS_SQRT_HALF: u64 = 0x3ff0_0000_0000_0000 - Self::SQRT_HALF;
    const FRACTION: u64 = (1 << 52) - 1;
    const TO_SIGN: u32 = 63;
    const UPPER_HALF: u64 = !0x7ff_ffff;
    const TRIGONOMETRIC_RANGE: [Self; 2] = [6_000_000.0, 1e9];
    fn sin_cos_of_large(self) -> (Self, Self) {
        libm::sincos(self)
    }
}
