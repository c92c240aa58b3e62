//! Tests of losses that need only the public interface.

mod bce;
mod cosine_embedding;
mod cosine_similarity;
mod cross_entropy;
mod gaussian_nll;
mod hinge_embedding;
mod huber;
mod kl_div;
mod l1;
mod margin_ranking;
mod mse;
mod multi_margin;
mod nll;
mod poisson_nll;
mod smooth_l1;
mod soft_margin;
mod triplet_margin;
