#include "gpt/low_rank.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace loadstar::gpt {
namespace {

bool is_updated(const Parameter& parameter) {
    const auto ends = [&](std::string_view end) { return parameter.name.ends_with(end); };
    return ends(".linear_qkv.weight") || ends(".linear_fc1.weight") || ends(".linear_fc2.weight");
}

Error refusal(std::string message) { return {.code = ErrorCode::invalid_argument, .message = std::move(message)}; }

}  // namespace

Result<LowRankUpdates> LowRankUpdates::create(const std::vector<Parameter>& parameters, const LowRankOptions& options,
                                              std::uint64_t seed) {
    LowRankUpdates made(options.alpha / static_cast<double>(options.rank));
    auto generator = at::detail::createCPUGenerator(seed);
    for (const auto& parameter : parameters) {
        if (!is_updated(parameter) || !parameter.value.requires_grad()) {
            parameter.value.set_requires_grad(false);
            continue;
        }
        const auto out = parameter.value.size(0);
        const auto in = parameter.value.size(1);
        if (options.rank < 1 || options.rank >= std::min(out, in))
            return refusal(fmt::format("expected a rank of 1..{} for {}, found {}", std::min(out, in) - 1,
                                       parameter.name, options.rank));
        const auto on_device = parameter.value.options().dtype(at::kFloat).requires_grad(false);
        auto a = at::empty({options.rank, in}, at::kFloat);
        a.normal_(0, 1 / std::sqrt(static_cast<double>(in)), generator);
        made.updates_.push_back({.name = parameter.name,
                                 .weight = parameter.value,
                                 .base = parameter.value.detach().clone(),
                                 .a = a.to(on_device).set_requires_grad(true),
                                 .b = at::zeros({out, options.rank}, on_device).set_requires_grad(true)});
    }
    if (made.updates_.empty()) return refusal("no linear_qkv, linear_fc1 or linear_fc2 weight is left to update");
    return made;
}

std::vector<Parameter> LowRankUpdates::parameters() const {
    std::vector<Parameter> all;
    for (const auto& update : updates_) {
        all.push_back({.name = update.name + ".low_rank_a", .value = update.a});
        all.push_back({.name = update.name + ".low_rank_b", .value = update.b});
    }
    return all;
}

void LowRankUpdates::pass_gradients() {
    const at::NoGradGuard no_gradients;
    for (auto& update : updates_) {
        const auto of_sum = update.weight.grad().to(at::kFloat);                   // [out, in]
        update.a.mutable_grad().addmm_(update.b.t(), of_sum, /*beta=*/1, scale_);  // [rank, in]
        update.b.mutable_grad().addmm_(of_sum, update.a.t(), /*beta=*/1, scale_);  // [out, rank]
        update.weight.mutable_grad().reset();
    }
}

void LowRankUpdates::merge() {
    const at::NoGradGuard no_gradients;
    for (auto& update : updates_)
        update.weight.copy_(
            at::addmm(update.base.to(at::kFloat), update.b, update.a, /*beta=*/1, scale_));  // [out, in]
}

bool follows(std::string_view text, std::string_view rule) {
    const auto star = rule.find('*');
    if (star == std::string_view::npos) return text == rule;
    if (!text.starts_with(rule.substr(0, star))) return false;
    for (auto rest = text.substr(star);; rest.remove_prefix(1)) {
        if (follows(rest, rule.substr(star + 1))) return true;
        if (rest.empty()) return false;
    }
}

Result<void> freeze(const std::vector<Parameter>& parameters, const std::vector<std::string>& rules) {
    for (const auto& rule : rules) {
        bool found = false;
        for (const auto& parameter : parameters) {
            if (!follows(parameter.name, rule)) continue;
            parameter.value.set_requires_grad(false);
            found = true;
        }
        if (!found)
            return Error{.code = ErrorCode::invalid_argument,
                         .message = fmt::format("no weight has a name like \"{}\"", rule),
                         .hint = "names are those of Megatron core, such as decoder.layers.0.*: see gpt inspect"};
    }
    if (std::ranges::none_of(parameters, [](const Parameter& parameter) { return parameter.value.requires_grad(); }))
        return refusal("every weight is frozen: nothing is left to learn");
    return {};
}

}  // namespace loadstar::gpt
