#include "gpt/training_checkpoint.hpp"

#include <fmt/format.h>

#include "gpt/weights.hpp"
#include "megatron/checkpoint_file.hpp"
#include "megatron/torch_file.hpp"
#include "megatron/torch_writer.hpp"

namespace loadstar::gpt {
namespace {

using megatron::PickleValue;
using megatron::SaveValue;
using Dict = SaveValue::Dict;
using List = SaveValue::List;
using Kind = PickleValue::Kind;

/// The dict of a checkpoint, and the tensors that its views look into.
class Writing {
  public:
    Writing(const TrainingState& state, const TrainingPosition& position) : state_(state), position_(position) {}

    SaveValue root() {
        return {Dict{{"checkpoint_version", {3.0}},
                     {"iteration", {position_.iteration}},
                     {"model", model()},
                     {"optimizer", optimizer()},
                     {"opt_param_scheduler", scheduler()},
                     {"loadstar_run", run()},
                     {megatron::arguments_key, arguments()}}};
    }

  private:
    SaveValue tensor(const at::Tensor& values) {
        kept_.push_back(values.detach().cpu().contiguous());
        return {view_of(kept_.back())};
    }

    SaveValue model() {
        Dict weights;
        for (const auto& parameter : state_.model.parameters())
            weights.emplace_back(parameter.name, tensor(parameter.value));
        return {weights};
    }

    /// As torch's AdamW and the fused one of Megatron-LM keep it: states by number, in the order of the groups.
    SaveValue adam() {
        const auto step = tensor(at::full({}, static_cast<double>(state_.optimizer.steps()), at::kFloat));
        Dict states;
        std::int64_t number = 0;
        for (const auto& moments : state_.optimizer.state())
            states.emplace_back(number++, SaveValue{Dict{{"step", step},
                                                         {"exp_avg", tensor(moments.exp_avg)},
                                                         {"exp_avg_sq", tensor(moments.exp_avg_sq)}}});
        return {Dict{{"state", {states}}, {"param_groups", {List{group(1), group(0)}}}}};
    }

    SaveValue group(double weight_decay_multiplier) {
        const auto& schedule = state_.schedule;
        const auto& adam = state_.optimizer.options();
        List numbers;
        const auto& places = state_.optimizer.places();
        for (std::size_t i = 0; i < places.size(); ++i)
            if (places[i].weight_decay_multiplier == weight_decay_multiplier)
                numbers.emplace_back(static_cast<std::int64_t>(i));
        const auto decay = weight_decay_multiplier * schedule.weight_decay(position_.scheduled_samples);
        return {Dict{{"params", {numbers}},
                     {"lr", {schedule.learning_rate(position_.scheduled_samples)}},
                     {"max_lr", {schedule.options().max_lr}},
                     {"min_lr", {schedule.options().min_lr}},
                     {"betas", {List{{adam.adam_beta1}, {adam.adam_beta2}}}},
                     {"eps", {adam.adam_eps}},
                     {"weight_decay", {decay}},
                     {"wd_mult", {weight_decay_multiplier}},
                     {"lr_mult", {1.0}},
                     {"is_expert_parallel", {false}},
                     {"is_decoupled_lr", {false}},
                     {"step", {state_.optimizer.steps()}}}};
    }

    /// Weights that the model has not in fp32 stand beside the optimiser, by group.
    SaveValue optimizer() {
        if (!state_.low_rank && !position_.loss_scaler && state_.model.parameters()[0].value.dtype() == at::kFloat)
            return adam();
        List decayed;
        List others;
        const auto states = state_.optimizer.state();
        for (std::size_t i = 0; i < states.size(); ++i)
            (state_.optimizer.places()[i].weight_decay_multiplier == 1 ? decayed : others)
                .push_back(tensor(states[i].main));
        Dict all{{"optimizer", adam()}, {"fp32_from_fp16_params", {List{{decayed}, {others}}}}};
        if (const auto& scaler = position_.loss_scaler)
            all.emplace_back("grad_scaler", SaveValue{Dict{{"scale", tensor(at::full({1}, scaler->scale, at::kFloat))},
                                                           {"growth_tracker", {scaler->growth_tracker}},
                                                           {"hysteresis_tracker", {scaler->hysteresis_tracker}}}});
        return {all};
    }

    [[nodiscard]] SaveValue scheduler() const {
        const auto& o = state_.schedule.options();
        const auto text = [](std::string_view name) { return SaveValue{std::string(name)}; };
        return {Dict{{"max_lr", {o.max_lr}},
                     {"lr_warmup_steps", {o.lr_warmup_samples}},
                     {"num_steps", {position_.scheduled_samples}},
                     {"lr_decay_style", text(decay_style_names[static_cast<std::size_t>(o.lr_decay_style)])},
                     {"lr_decay_steps", {o.lr_decay_samples}},
                     {"min_lr", {o.min_lr}},
                     {"start_wd", {o.start_wd}},
                     {"end_wd", {o.end_wd}},
                     {"wd_incr_style", text(increment_style_names[static_cast<std::size_t>(o.wd_incr_style)])},
                     {"wd_incr_steps", {o.wd_incr_samples}}}};
    }

    [[nodiscard]] SaveValue arguments() const {
        Dict arguments;
        for (const auto& [name, value] : state_.arguments) arguments.emplace_back(name, SaveValue{value});
        return {arguments};
    }

    SaveValue run() {
        Dict bases;
        if (state_.low_rank)
            for (const auto& update : state_.low_rank->updates()) bases.emplace_back(update.name, tensor(update.base));
        return {Dict{{"consumed_train_samples", {position_.consumed_samples}},
                     {"mean_loss", {position_.guard.mean_loss}},
                     {"taken_steps", {position_.guard.taken}},
                     {"skipped_steps", {position_.guard.skipped}},
                     {"skipped_in_a_row", {position_.guard.skipped_in_a_row}},
                     {"low_rank_bases", {bases}}}};
    }

    const TrainingState& state_;
    const TrainingPosition& position_;
    std::vector<at::Tensor> kept_;
};

/// Reads a file that a run like this wrote. What is not as it should be is thrown, and caught where this is called.
class Reading {
  public:
    explicit Reading(const megatron::TorchFile& file) : file_(file) {}

    struct Problem {
        Error error;
    };

    [[nodiscard]] const PickleValue& at(const PickleValue& dict, std::string_view key) const {
        const auto* found = dict.find(key);
        if (found == nullptr) fail(fmt::format("the checkpoint has no \"{}\" of a run of this program", key));
        return *found;
    }
    [[nodiscard]] std::int64_t integer(const PickleValue& dict, std::string_view key) const {
        const auto& value = at(dict, key);
        if (!value.is(Kind::integer)) fail(fmt::format("expected \"{}\" to be a whole number", key));
        return value.integer;
    }
    [[nodiscard]] double number(const PickleValue& dict, std::string_view key) const {
        const auto& value = at(dict, key);
        if (!value.is(Kind::number)) fail(fmt::format("expected \"{}\" to be a number", key));
        return value.number;
    }
    [[nodiscard]] at::Tensor tensor(const PickleValue& value) const {
        auto view = file_.tensor(value);
        if (!view) throw Problem{view.error()};
        return tensor_of(*view);
    }
    void copy(at::Tensor into, const PickleValue& value, const std::string& name) const {
        const auto read = tensor(value);
        if (read.sizes() != into.sizes())
            fail(fmt::format("{} has the shape {}, expected {}", name, megatron::shape_text(read.sizes().vec()),
                             megatron::shape_text(into.sizes().vec())));
        const at::NoGradGuard no_gradients;
        into.copy_(read);
    }
    [[noreturn]] void fail(std::string message) const {
        throw Problem{{.code = ErrorCode::invalid_input,
                       .message = std::move(message),
                       .where = file_.path().string(),
                       .hint = "the file is of another run, or damaged; finetune begins from its weights alone"}};
    }

  private:
    const megatron::TorchFile& file_;
};

Arguments arguments_in(const Reading& reading, const PickleValue& root) {
    Arguments arguments;
    for (const auto& [key, value] : reading.at(root, megatron::arguments_key).entries)
        arguments.emplace(key->text, value->text);
    return arguments;
}

TrainingPosition position_in(const Reading& reading, const PickleValue& root) {
    const auto& own = reading.at(root, "loadstar_run");
    TrainingPosition position{
        .iteration = reading.integer(root, "iteration"),
        .consumed_samples = reading.integer(own, "consumed_train_samples"),
        .scheduled_samples = reading.integer(reading.at(root, "opt_param_scheduler"), "num_steps"),
        .guard = {.mean_loss = reading.number(own, "mean_loss"),
                  .taken = reading.integer(own, "taken_steps"),
                  .skipped = reading.integer(own, "skipped_steps"),
                  .skipped_in_a_row = reading.integer(own, "skipped_in_a_row")}};
    if (const auto* scaler = reading.at(root, "optimizer").find("grad_scaler"))
        position.loss_scaler = {.scale = reading.tensor(reading.at(*scaler, "scale")).item<double>(),
                                .growth_tracker = reading.integer(*scaler, "growth_tracker"),
                                .hysteresis_tracker = reading.integer(*scaler, "hysteresis_tracker")};
    return position;
}

void read_adam(const Reading& reading, const PickleValue& adam, Optimizer& optimizer) {
    const auto& states = reading.at(adam, "state").entries;
    const auto into = optimizer.state();
    if (states.size() != into.size())
        reading.fail(fmt::format("the optimiser has {} states, expected {}", states.size(), into.size()));
    for (std::size_t i = 0; i < into.size(); ++i) {
        const auto& name = optimizer.places()[i].name;
        reading.copy(into[i].exp_avg, reading.at(*states[i].second, "exp_avg"), "exp_avg of " + name);
        reading.copy(into[i].exp_avg_sq, reading.at(*states[i].second, "exp_avg_sq"), "exp_avg_sq of " + name);
    }
    const auto& groups = reading.at(adam, "param_groups").items;
    if (groups.empty()) reading.fail("the optimiser has no groups of parameters");
    optimizer.set_steps(reading.integer(*groups.front(), "step"));
}

/// Weights in fp32 beside a model that has not all of them.
void read_main_weights(const Reading& reading, const PickleValue& groups, Optimizer& optimizer) {
    std::vector<const PickleValue*> weights;
    for (const auto* group : groups.items) weights.insert(weights.end(), group->items.begin(), group->items.end());
    const auto into = optimizer.state();
    if (weights.size() != into.size())
        reading.fail(fmt::format("the optimiser has {} weights in fp32, expected {}", weights.size(), into.size()));
    for (std::size_t i = 0; i < into.size(); ++i)
        reading.copy(into[i].main, *weights[i], "the weight in fp32 of " + optimizer.places()[i].name);
    optimizer.sync_parameters();
}

void read_state(const Reading& reading, const PickleValue& root, const TrainingState& state) {
    const auto& weights = reading.at(root, "model");
    for (const auto& parameter : state.model.parameters())
        reading.copy(parameter.value, reading.at(weights, parameter.name), parameter.name);
    const auto& optimizer = reading.at(root, "optimizer");
    const auto* main = optimizer.find("fp32_from_fp16_params");
    read_adam(reading, main ? reading.at(optimizer, "optimizer") : optimizer, state.optimizer);
    if (main) read_main_weights(reading, *main, state.optimizer);
    if (!state.low_rank) return;
    const auto& bases = reading.at(reading.at(root, "loadstar_run"), "low_rank_bases");
    for (const auto& update : state.low_rank->updates())
        reading.copy(update.base, reading.at(bases, update.name), "the base of " + update.name);
    state.low_rank->merge();
}

}  // namespace

Result<void> write_training_checkpoint(const std::filesystem::path& file, const TrainingState& state,
                                       const TrainingPosition& position) {
    Writing writing(state, position);
    return megatron::write_torch_file(file, writing.root());
}

Result<TrainingPosition> read_training_checkpoint(const std::filesystem::path& file, const TrainingState& state) {
    LOADSTAR_TRY(const auto opened, megatron::TorchFile::open(file));
    try {
        const Reading reading(opened);
        if (auto same = check_same(arguments_in(reading, opened.root()), state.arguments); !same) {
            auto error = same.error();
            error.where = file.string();
            return error;
        }
        read_state(reading, opened.root(), state);
        return position_in(reading, opened.root());
    } catch (const Reading::Problem& problem) {
        return problem.error;
    }
}

}  // namespace loadstar::gpt
