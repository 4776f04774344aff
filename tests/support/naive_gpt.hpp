#pragma once
#include <cmath>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "gpt/configuration.hpp"

namespace loadstar::test_support {

/// Megatron-LM's GPT written down once more as plain loops in double precision, one position after the other, to hold
/// the real one against: slow, and with nothing in common but the names of the weights.
class NaiveGpt {
  public:
    using Row = std::vector<double>;
    using Matrix = std::vector<Row>;

    NaiveGpt(gpt::GptConfiguration form, std::map<std::string, Matrix> weights)
        : form_(std::move(form)), weights_(std::move(weights)) {}

    /// Logits of each position. [s][V]
    Matrix logits(const std::vector<std::int64_t>& tokens) const {
        Matrix stream;
        for (std::size_t at = 0; at < tokens.size(); ++at) stream.push_back(embedding(tokens[at], at));
        for (std::int64_t number = 0; number < form_.num_layers; ++number) {
            const auto name = "decoder.layers." + std::to_string(number) + ".";
            attend(name, stream);
            for (auto& row : stream) add(row, mlp(name, norm(name + "pre_mlp_layernorm", row)));
        }
        Matrix result;
        const auto head = form_.untie_embeddings_and_output_weights ? "output_layer" : "embedding.word_embeddings";
        for (const auto& row : stream) result.push_back(linear(head, norm("decoder.final_layernorm", row)));
        return result;
    }

    /// -log of the probability that softmax gives to a label.
    static double loss(const Row& logits, std::int64_t label) {
        double sum = 0;
        for (const auto score : logits) sum += std::exp(score - logits[static_cast<std::size_t>(label)]);
        return std::log(sum);
    }

  private:
    using Size = std::size_t;
    static Size size(std::int64_t number) { return static_cast<Size>(number); }
    static void add(Row& to, const Row& what) {
        for (Size at = 0; at < to.size(); ++at) to[at] += what[at];
    }
    const Matrix* find(const std::string& name) const {
        const auto found = weights_.find(name);
        return found == weights_.end() ? nullptr : &found->second;
    }
    Row linear(const std::string& name, const Row& in) const {
        const auto* bias = find(name + ".bias");
        Row out;
        for (const auto& row : *find(name + ".weight")) {
            double sum = bias ? (*bias)[0][out.size()] : 0;
            for (Size at = 0; at < in.size(); ++at) sum += row[at] * in[at];
            out.push_back(sum);
        }
        return out;
    }
    Row norm(const std::string& name, const Row& in) const {
        const auto& weight = (*find(name + ".weight"))[0];
        const auto* bias = find(name + ".bias");
        const auto count = static_cast<double>(in.size());
        double mean = 0, square = 0;
        if (form_.normalization == gpt::Normalization::layer_norm)
            for (const auto value : in) mean += value / count;
        for (const auto value : in) square += (value - mean) * (value - mean) / count;
        Row out;
        for (Size at = 0; at < in.size(); ++at)
            out.push_back((in[at] - mean) / std::sqrt(square + form_.layernorm_epsilon) *
                              (weight[at] + (form_.apply_layernorm_1p ? 1 : 0)) +
                          (bias ? (*bias)[0][at] : 0));
        return out;
    }
    Row embedding(std::int64_t token, Size position) const {
        auto row = (*find("embedding.word_embeddings.weight"))[size(token)];
        if (form_.position_embedding_type == gpt::PositionEmbedding::learned_absolute)
            add(row, (*find("embedding.position_embeddings.weight"))[position]);
        return row;
    }
    /// Angle per position of pair number `pair` of `pairs`.
    double frequency(Size pair, Size pairs) const {
        const auto plain = std::pow(form_.rotary_base, -static_cast<double>(pair) / static_cast<double>(pairs));
        if (!form_.rope_scaling) return plain;
        const auto& scaling = *form_.rope_scaling;
        const auto turns =
            static_cast<double>(scaling.original_max_position_embeddings) * plain / (2 * std::numbers::pi);
        const auto mix =
            (turns - scaling.low_frequency_factor) / (scaling.high_frequency_factor - scaling.low_frequency_factor);
        const auto share = std::min(1.0, std::max(0.0, mix));
        return share * plain + (1 - share) * plain / scaling.factor;
    }
    void turn(Row& head, Size position) const {
        if (form_.position_embedding_type != gpt::PositionEmbedding::rope) return;
        const auto pairs = size(form_.rotary_channels()) / 2;
        for (Size pair = 0; pair < pairs; ++pair) {
            const auto angle = static_cast<double>(position) * frequency(pair, pairs);
            auto& x = head[form_.rotary_interleaved ? 2 * pair : pair];
            auto& y = head[form_.rotary_interleaved ? 2 * pair + 1 : pair + pairs];
            const auto old = x;
            x = old * std::cos(angle) - y * std::sin(angle);
            y = y * std::cos(angle) + old * std::sin(angle);
        }
    }
    Row head_of(const Row& rows, Size number) const {
        const auto channels = form_.head_channels();
        const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(number) * channels;
        return Row(begin, begin + channels);
    }
    void attend(const std::string& name, Matrix& stream) const {
        const auto attention = name + "self_attention.";
        const auto groups = size(form_.groups()), heads = size(form_.num_attention_heads), queries = heads / groups;
        std::vector<Matrix> query, key, value;  // [s][head or group][d]
        for (Size at = 0; at < stream.size(); ++at) {
            const auto rows = linear(attention + "linear_qkv", norm(name + "input_layernorm", stream[at]));
            Matrix q, k, v;
            for (Size group = 0; group < groups; ++group) {
                const auto first = group * (queries + 2);
                for (Size number = 0; number < queries; ++number) q.push_back(head_of(rows, first + number));
                k.push_back(head_of(rows, first + queries));
                v.push_back(head_of(rows, first + queries + 1));
            }
            for (auto* all : {&q, &k})
                for (auto& head : *all) {
                    if (form_.qk_layernorm) head = norm(attention + (all == &q ? "q_layernorm" : "k_layernorm"), head);
                    turn(head, at);
                }
            query.push_back(q), key.push_back(k), value.push_back(v);
        }
        for (Size at = 0; at < stream.size(); ++at) {
            Row context;
            for (Size head = 0; head < heads; ++head) {
                const auto group = head / queries;
                Row shares;
                double sum = 0;
                for (Size seen = 0; seen <= at; ++seen) {
                    double score = 0;
                    for (Size channel = 0; channel < query[at][head].size(); ++channel)
                        score += query[at][head][channel] * key[seen][group][channel];
                    shares.push_back(std::exp(score / std::sqrt(static_cast<double>(query[at][head].size()))));
                    sum += shares.back();
                }
                Row mixed(query[at][head].size(), 0.0);
                for (Size seen = 0; seen <= at; ++seen)
                    for (Size channel = 0; channel < mixed.size(); ++channel)
                        mixed[channel] += shares[seen] / sum * value[seen][group][channel];
                context.insert(context.end(), mixed.begin(), mixed.end());
            }
            add(stream[at], linear(attention + "linear_proj", context));
        }
    }
    Row mlp(const std::string& name, const Row& in) const {
        auto inner = linear(name + "mlp.linear_fc1", in);
        const auto half = inner.size() / 2;
        for (Size at = 0; at < inner.size(); ++at) {
            const auto x = inner[at];
            if (form_.activation == gpt::Activation::gelu_tanh)
                inner[at] = x / 2 * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
            else if (form_.activation == gpt::Activation::gelu_erf)
                inner[at] = x / 2 * (1 + std::erf(x / std::sqrt(2.0)));
            else if (at < half)
                inner[at] = x / (1 + std::exp(-x)) * inner[at + half];
        }
        if (form_.activation == gpt::Activation::swiglu) inner.resize(half);
        return linear(name + "mlp.linear_fc2", inner);
    }

    gpt::GptConfiguration form_;
    std::map<std::string, Matrix> weights_;
};

}  // namespace loadstar::test_support
