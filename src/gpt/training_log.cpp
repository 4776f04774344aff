#include "gpt/training_log.hpp"

#include <fstream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/new_file.hpp"

namespace loadstar::gpt {
namespace {

using nlohmann::json;

void put(json& line, const char* key, const std::optional<double>& value) {
    if (value) line[key] = *value;
}

std::optional<double> get(const json& line, const char* key) {
    const auto found = line.find(key);
    return found == line.end() ? std::nullopt : std::optional(found->get<double>());
}

std::string line_of(const TrainingRecord& record) {
    json line{{"iteration", record.iteration},
              {"consumed_samples", record.consumed_samples},
              {"learning_rate", record.learning_rate},
              {"skipped", record.skipped}};
    put(line, "loss", record.loss);
    put(line, "grad_norm", record.grad_norm);
    put(line, "loss_scale", record.loss_scale);
    put(line, "tokens_per_second", record.tokens_per_second);
    put(line, "mfu", record.mfu);
    put(line, "validation_loss", record.validation_loss);
    return line.dump() + "\n";
}

TrainingRecord record_of(const json& line) {
    return {.iteration = line.at("iteration").get<std::int64_t>(),
            .consumed_samples = line.at("consumed_samples").get<std::int64_t>(),
            .loss = get(line, "loss"),
            .learning_rate = line.at("learning_rate").get<double>(),
            .grad_norm = get(line, "grad_norm"),
            .loss_scale = get(line, "loss_scale"),
            .skipped = line.at("skipped").get<std::int64_t>(),
            .tokens_per_second = get(line, "tokens_per_second"),
            .mfu = get(line, "mfu"),
            .validation_loss = get(line, "validation_loss")};
}

/// The records up to an iteration. What a killed process left of its last line has no end and is no line.
Result<std::vector<TrainingRecord>> read_until(const std::filesystem::path& file, std::int64_t iteration) {
    std::vector<TrainingRecord> records;
    std::ifstream stream(file);
    std::string text;
    for (std::int64_t number = 1; std::getline(stream, text) && !stream.eof(); ++number) {
        try {
            const auto record = record_of(json::parse(text));
            if (record.iteration <= iteration) records.push_back(record);
        } catch (const json::exception& problem) {
            return Error{.code = ErrorCode::invalid_input,
                         .message = fmt::format("expected a line of a training log: {}", problem.what()),
                         .where = fmt::format("{}:{}", file.string(), number),
                         .hint = "move the file away: the run goes on without it"};
        }
    }
    return records;
}

}  // namespace

Result<TrainingLog> TrainingLog::open(const std::filesystem::path& file, std::int64_t iteration) {
    LOADSTAR_TRY(auto records, read_until(file, iteration));
    LOADSTAR_TRY(auto kept, NewFile::create(file));
    for (const auto& record : records) LOADSTAR_CHECK(kept.write(line_of(record)));
    LOADSTAR_CHECK(kept.publish());
    return TrainingLog(file, std::move(records));
}

Result<void> TrainingLog::add(const TrainingRecord& record) {
    std::ofstream stream(file_, std::ios::app);
    stream << line_of(record) << std::flush;
    if (!stream) {
        return Error{.code = ErrorCode::io_error,
                     .message = "cannot write to the training log: is the disk full?",
                     .where = file_.string()};
    }
    records_.push_back(record);
    return {};
}

}  // namespace loadstar::gpt
