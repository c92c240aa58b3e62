//! Recurrent layers and their cells.

pub(in crate::nn) mod cell;
mod elements;
pub(in crate::nn) mod gru;
pub(in crate::nn) mod layer;
pub(in crate::nn) mod lengths;
pub(in crate::nn) mod lstm;
pub(in crate::nn) mod params;
pub(in crate::nn) mod projected_lstm;
pub(in crate::nn) mod rnn;
pub(in crate::nn) mod shapes;
