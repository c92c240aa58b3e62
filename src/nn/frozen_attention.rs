//! Frozen layers of attention, with a mask or a memory.

use super::bias::Biases;
use super::{
    Frozen, MultiheadAttention, MultiheadCrossAttention, TransformerDecoderLayer, TransformerEncoderLayer,
};
use crate::element::Float;
use crate::graph::{CompatibleWith, Context, Flow, Graph, InsideForward, Mode, RunsLayers};
use crate::ops::Mask;
use crate::shape::{Const, Dim, Is};
use crate::tensor::{Called, CalledWith, Tensor};

/// The context inside a frozen layer that is called in the context `C`.
type In<C> = InsideForward<<<C as RunsLayers>::Mode as Mode>::FrozenShares>;

impl<const D: usize, const HEADS: usize, E: Float, P: Biases> Frozen<MultiheadAttention<D, HEADS, E, P>> {
    /// [`MultiheadAttention::call_masked`].
    pub fn call_masked<C: RunsLayers, F, B: Dim, T: Dim>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        mask: Mask<(B, Const<HEADS>, T, T), E>,
    ) -> Called<(B, T, Const<D>), E, C, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
    {
        let y = self.0.call_masked(x.in_layer::<In<C>>(), mask);
        Is::of(y.in_layer::<C>())
    }

    /// [`MultiheadAttention::call_with`].
    pub fn call_with<C: RunsLayers, K: Context + CompatibleWith<C>, F, B: Dim, T: Dim, S: Dim, R>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        memory: Tensor<(B, S, Const<D>), E, Graph<K, R>>,
        mask: Mask<(B, Const<HEADS>, T, S), E>,
    ) -> CalledWith<(B, T, Const<D>), E, C, K, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
        R: Flow<(B, S, Const<D>), E>,
    {
        let y = self.0.call_with(x.in_layer::<In<C>>(), memory.in_layer::<In<C>>(), mask);
        Is::of(Is::of(y.in_layer::<C>()))
    }

    /// [`MultiheadAttention::call_weights`].
    pub fn call_weights<C: RunsLayers, K: Context + CompatibleWith<C>, F, B: Dim, T: Dim, S: Dim, R>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        memory: Tensor<(B, S, Const<D>), E, Graph<K, R>>,
        mask: Mask<(B, Const<HEADS>, T, S), E>,
    ) -> CalledWith<(B, Const<HEADS>, T, S), E, C, K, impl Flow<(B, Const<HEADS>, T, S), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
        R: Flow<(B, S, Const<D>), E>,
    {
        let weights = self.0.call_weights(x.in_layer::<In<C>>(), memory.in_layer::<In<C>>(), mask);
        Is::of(Is::of(weights.in_layer::<C>()))
    }
}

impl<const D: usize, const HEADS: usize, const KDIM: usize, const VDIM: usize, E: Float, P: Biases>
    Frozen<MultiheadCrossAttention<D, HEADS, KDIM, VDIM, E, P>>
{
    /// [`MultiheadCrossAttention::call_with`].
    pub fn call_with<C: RunsLayers, K: Context + CompatibleWith<C>, F, B: Dim, T: Dim, S: Dim, R, V>(
        &self,
        query: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        key: Tensor<(B, S, Const<KDIM>), E, Graph<K, R>>,
        value: Tensor<(B, S, Const<VDIM>), E, Graph<K, V>>,
        mask: Mask<(B, Const<HEADS>, T, S), E>,
    ) -> CalledWith<(B, T, Const<D>), E, C, K, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
        R: Flow<(B, S, Const<KDIM>), E>,
        V: Flow<(B, S, Const<VDIM>), E>,
    {
        let (key, value) = (key.in_layer::<In<C>>(), value.in_layer::<In<C>>());
        let y = self.0.call_with(query.in_layer::<In<C>>(), key, value, mask);
        Is::of(Is::of(y.in_layer::<C>()))
    }
}

impl<const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases>
    Frozen<TransformerEncoderLayer<D, HEADS, FF, E, P>>
{
    /// [`TransformerEncoderLayer::call_masked`].
    pub fn call_masked<C: RunsLayers, F, B: Dim, T: Dim>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        mask: Mask<(B, Const<HEADS>, T, T), E>,
    ) -> Called<(B, T, Const<D>), E, C, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
    {
        let y = self.0.call_masked(x.in_layer::<In<C>>(), mask);
        Is::of(y.in_layer::<C>())
    }
}

impl<const D: usize, const HEADS: usize, const FF: usize, E: Float, P: Biases>
    Frozen<TransformerDecoderLayer<D, HEADS, FF, E, P>>
{
    /// [`TransformerDecoderLayer::call_with`].
    pub fn call_with<C: RunsLayers, K: Context + CompatibleWith<C>, F, B: Dim, T: Dim, S: Dim, R>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        memory: Tensor<(B, S, Const<D>), E, Graph<K, R>>,
    ) -> CalledWith<(B, T, Const<D>), E, C, K, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
        R: Flow<(B, S, Const<D>), E>,
    {
        self.call_masked(x, memory, Mask::none(), Mask::none())
    }

    /// [`TransformerDecoderLayer::call_masked`].
    pub fn call_masked<C: RunsLayers, K: Context + CompatibleWith<C>, F, B: Dim, T: Dim, S: Dim, R>(
        &self,
        x: Tensor<(B, T, Const<D>), E, Graph<C, F>>,
        memory: Tensor<(B, S, Const<D>), E, Graph<K, R>>,
        mask: Mask<(B, Const<HEADS>, T, T), E>,
        memory_mask: Mask<(B, Const<HEADS>, T, S), E>,
    ) -> CalledWith<(B, T, Const<D>), E, C, K, impl Flow<(B, T, Const<D>), E>>
    where
        F: Flow<(B, T, Const<D>), E>,
        R: Flow<(B, S, Const<D>), E>,
    {
        let (x, memory) = (x.in_layer::<In<C>>(), memory.in_layer::<In<C>>());
        let y = self.0.call_masked(x, memory, mask, memory_mask);
        Is::of(Is::of(y.in_layer::<C>()))
    }
}
