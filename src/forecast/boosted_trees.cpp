#include "forecast/boosted_trees.hpp"

#include <stdexcept>

#include <LightGBM/c_api.h>
#include <fmt/format.h>

namespace loadstar::forecast {
namespace {

Error refused(const char* what) {
    return {.code = ErrorCode::internal,
            .message = fmt::format("LightGBM could not {}: {}", what, LGBM_GetLastError())};
}

void free_dataset(void* handle) { LGBM_DatasetFree(handle); }
void free_booster(void* handle) { LGBM_BoosterFree(handle); }

std::string objective_of(const TreeLoss& loss) {
    switch (loss.kind) {
        case TreeLoss::Kind::absolute: return "regression_l1";
        case TreeLoss::Kind::square: return "regression";
        case TreeLoss::Kind::quantile: break;
    }
    return fmt::format("quantile alpha={}", loss.level);
}

std::string parameters(const TreeLoss& loss, const TreeSettings& settings) {
    return fmt::format(
        "objective={} num_leaves={} min_data_in_leaf={} learning_rate={} feature_fraction={} bagging_fraction={} "
        "bagging_freq=1 seed={} num_threads=1 verbosity=-1 deterministic=true force_row_wise=true",
        objective_of(loss), settings.leaves, settings.least_rows, settings.rate, settings.column_share,
        settings.row_share, settings.seed);
}

}  // namespace

Result<TreeData> TreeData::make(const std::vector<double>& values, std::size_t columns) {
    const auto rows = values.size() / columns;
    DatasetHandle handle = nullptr;
    if (LGBM_DatasetCreateFromMat(values.data(), C_API_DTYPE_FLOAT64, static_cast<int>(rows), static_cast<int>(columns),
                                  1,
                                  "max_bin=127 num_threads=1 verbosity=-1 force_row_wise=true feature_pre_filter=false",
                                  nullptr, &handle) != 0) {
        return refused("read the inputs");
    }
    return TreeData(std::shared_ptr<void>(handle, free_dataset), rows);
}

Result<BoostedTrees> BoostedTrees::fit(const TreeData& data, const std::vector<double>& targets, const TreeLoss& loss,
                                       const TreeSettings& settings) {
    const std::vector<float> labels(targets.begin(), targets.end());
    if (LGBM_DatasetSetField(data.handle_.get(), "label", labels.data(), static_cast<int>(labels.size()),
                             C_API_DTYPE_FLOAT32) != 0) {
        return refused("read the targets");
    }
    BoosterHandle handle = nullptr;
    if (LGBM_BoosterCreate(data.handle_.get(), parameters(loss, settings).c_str(), &handle) != 0) {
        return refused("start a model");
    }
    BoostedTrees model{std::shared_ptr<void>(handle, free_booster)};
    int finished = 0;
    for (int tree = 0; tree < settings.trees && finished == 0; ++tree) {
        if (LGBM_BoosterUpdateOneIter(handle, &finished) != 0) return refused("grow a tree");
    }
    // The model keeps nothing of the data it was fitted on.
    return parse(model.text());
}

Result<BoostedTrees> BoostedTrees::parse(const std::string& text) {
    BoosterHandle handle = nullptr;
    int trees = 0;
    if (LGBM_BoosterLoadModelFromString(text.c_str(), &trees, &handle) != 0) {
        auto error = refused("read a model");
        error.code = ErrorCode::invalid_input;
        return error;
    }
    return BoostedTrees(std::shared_ptr<void>(handle, free_booster));
}

std::vector<double> BoostedTrees::predict(const std::vector<double>& values, std::size_t columns) const {
    const auto rows = values.size() / columns;
    std::vector<double> result(rows);
    std::int64_t length = 0;
    if (LGBM_BoosterPredictForMat(handle_.get(), values.data(), C_API_DTYPE_FLOAT64, static_cast<int>(rows),
                                  static_cast<int>(columns), 1, C_API_PREDICT_NORMAL, 0, -1, "num_threads=1", &length,
                                  result.data()) != 0) {
        throw std::logic_error(LGBM_GetLastError());  // the caller's columns are not those of the fit
    }
    return result;
}

std::string BoostedTrees::text() const {
    std::int64_t needed = 0;
    LGBM_BoosterSaveModelToString(handle_.get(), 0, -1, C_API_FEATURE_IMPORTANCE_GAIN, 0, &needed, nullptr);
    std::string text(static_cast<std::size_t>(needed), '\0');
    LGBM_BoosterSaveModelToString(handle_.get(), 0, -1, C_API_FEATURE_IMPORTANCE_GAIN, needed, &needed, text.data());
    text.resize(static_cast<std::size_t>(needed) - 1);  // without the closing zero
    return text;
}

}  // namespace loadstar::forecast
