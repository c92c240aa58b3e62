//! Whether numbers too small for a full mantissa are taken as 0.

/// Whether results that are denormal become 0, and operands that are denormal count as 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    flush: u32,
}

impl State {
    /// IEEE 754: denormals are numbers.
    #[cfg(any(feature = "threads", not(all(target_arch = "x86_64", not(miri)))))]
    pub(crate) const DEFAULT: State = State { flush: 0 };
}

/// FTZ and DAZ, bits of the register MXCSR.
#[cfg(all(target_arch = "x86_64", not(miri)))]
const FLUSH: u32 = 1 << 15 | 1 << 6;

#[cfg(all(target_arch = "x86_64", not(miri)))]
fn mxcsr() -> u32 {
    let mut value = 0_u32;
    // SAFETY: `stmxcsr` stores 4 bytes at the address it is given, which is that of `value`.
    unsafe { std::arch::asm!("stmxcsr [{}]", in(reg) &mut value, options(nostack, preserves_flags)) };
    value
}

/// The state of this thread.
pub(crate) fn get() -> State {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    return State { flush: mxcsr() & FLUSH };
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    State::DEFAULT
}

/// Changes the state of this thread, if it is another one.
pub(crate) fn set(state: State) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if get() != state {
        let value = mxcsr() & !FLUSH | state.flush;
        // SAFETY: `ldmxcsr` reads 4 bytes from the address of `value`. All bits but FTZ and DAZ are as they were, so no
        // exception is unmasked and rounding stays; every x86_64 processor has both bits. The compiler assumes neither bit:
        // what it computes itself, from constants, keeps its denormals. It bases nothing but values on that, and no `unsafe` of
        // this crate relies on the value of a float.
        unsafe {
            std::arch::asm!("ldmxcsr [{}]", in(reg) &value, options(nostack, preserves_flags, readonly))
        };
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = state;
}

/// Sets whether denormal numbers count as 0. PyTorch's `torch.set_flush_denormal`.
///
/// It holds for the operations that this thread calls, on every thread that runs them, those of `DataParallel` too; a thread of
/// your own may start with the setting of the one that starts it, as on Linux, or without. Returns whether the machine supports it,
/// as x86-64 does. A network whose activations decay towards 0 is several times slower with denormals.
///
/// ```
/// use typegrad::Tensor;
/// let tiny = Tensor::from([1e-40_f32]);
/// if typegrad::set_flush_denormal(true) {
///     assert_eq!((&tiny * 0.5).to_vec(), [0.0]);
///     typegrad::set_flush_denormal(false);
///     assert!((&tiny * 0.5).to_vec()[0] > 0.0);
/// }
/// ```
pub fn set_flush_denormal(flush: bool) -> bool {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    set(State { flush: if flush { FLUSH } else { 0 } });
    let _ = flush;
    cfg!(all(target_arch = "x86_64", not(miri)))
}
