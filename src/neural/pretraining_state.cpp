#include "neural/pretraining_state.hpp"

#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "gpt/weights.hpp"
#include "megatron/safetensors.hpp"
#include "megatron/safetensors_writer.hpp"

namespace loadstar::neural {
namespace {

constexpr const char* run_key = "run";
constexpr const char* place_key = "place";

/// Calls `each` with the name and the tensor of everything that a state holds.
void for_each_tensor(Learner& learner, const std::function<void(std::string, const at::Tensor&)>& each) {
    auto states = learner.optimizer().state();
    for (std::size_t at = 0; at < states.size(); ++at) {
        const auto& name = learner.optimizer().places()[at].name;
        each("main." + name, states[at].main);
        each("exp_avg." + name, states[at].exp_avg);
        each("exp_avg_sq." + name, states[at].exp_avg_sq);
    }
    for (std::size_t at = 0; at < learner.average().size(); ++at)
        each(fmt::format("average.{:04}", at), learner.average()[at]);
}

nlohmann::json place_of(Learner& learner) {
    const auto& guard = learner.guard().state();
    return {{"steps", learner.steps()},     {"taken", learner.optimizer().steps()},
            {"mean_loss", guard.mean_loss}, {"guard_taken", guard.taken},
            {"skipped", guard.skipped},     {"skipped_in_a_row", guard.skipped_in_a_row}};
}

void restore_place(Learner& learner, const nlohmann::json& place) {
    learner.set_steps(place.at("steps"), place.at("taken"));
    learner.guard().restore({.mean_loss = place.at("mean_loss"),
                             .taken = place.at("guard_taken"),
                             .skipped = place.at("skipped"),
                             .skipped_in_a_row = place.at("skipped_in_a_row")});
}

}  // namespace

std::string run_text(const PretrainingOptions& options) {
    return nlohmann::json{{"size", options.size},
                          {"corpus_seed", options.corpus.seed},
                          {"real_series", options.corpus.real_series.filename().string()},
                          {"real_share", options.corpus.real_share},
                          {"tokens", options.tokens},
                          {"learning_rate", options.learning_rate},
                          {"warmup_steps", options.warmup_steps},
                          {"weight_decay", options.weight_decay},
                          {"seed", options.seed}}
        .dump();
}

Result<void> write_state(const std::filesystem::path& file, Learner& learner, const std::string& run) {
    std::vector<megatron::NamedTensor> tensors;
    for_each_tensor(learner, [&](std::string name, const at::Tensor& tensor) {
        tensors.push_back({std::move(name), gpt::view_of(tensor)});
    });
    NoProgress quiet;
    return megatron::write_safetensors(file, tensors, {{run_key, run}, {place_key, place_of(learner).dump()}}, quiet);
}

Result<bool> read_state(const std::filesystem::path& file, Learner& learner, const std::string& run) {
    if (!std::filesystem::exists(file)) return false;
    LOADSTAR_TRY(const auto stored, megatron::SafetensorsFile::open(file));
    const auto text = [&](const char* key) {
        const auto found = stored.metadata().find(key);
        return found == stored.metadata().end() ? std::string() : found->second;
    };
    if (text(run_key) != run)
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("this folder holds a run of {}, asked for was {}", text(run_key), run),
                     .where = file.string(),
                     .hint = "choose another folder, or the options of that run"};
    std::string missing;
    const at::NoGradGuard no_gradients;
    for_each_tensor(learner, [&](const std::string& name, const at::Tensor& tensor) {
        const auto* found = stored.find(name);
        if (!found || found->shape != tensor.sizes().vec())
            missing = name;
        else
            tensor.detach().copy_(gpt::tensor_of(*found));
    });
    const auto place = nlohmann::json::parse(text(place_key), nullptr, /*allow_exceptions=*/false);
    if (!missing.empty() || !place.is_object())
        return Error{.code = ErrorCode::invalid_input,
                     .message = fmt::format("the state has no {}", missing.empty() ? "place" : missing),
                     .where = file.string()};
    restore_place(learner, place);
    return true;
}

}  // namespace loadstar::neural
