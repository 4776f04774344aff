#include "service/network_pretrain.hpp"

#include <nlohmann/json.hpp>

#include "service/neural_module.hpp"

namespace loadstar::service {

Result<neural::PretrainingReport> pretrain_network(const neural::PretrainingOptions& options, Progress& progress,
                                                   const Clock& clock) {
    LOADSTAR_TRY(const auto* module, neural_module());
    return module->pretrain(options, progress, clock);
}

nlohmann::json to_json(const neural::PretrainingReport& report) {
    const auto number = [](const std::optional<double>& value) {
        return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
    };
    return {{"schema", "loadstar.network_pretrain/1"},
            {"step", report.step},
            {"resumed_from", report.resumed_from},
            {"parameters", report.parameters},
            {"loss", number(report.loss)},
            {"validation_loss", number(report.validation_loss)},
            {"points_per_second", number(report.points_per_second)},
            {"network", report.network.string()},
            {"log", report.log.string()},
            {"loss_curve", report.loss_curve.string()}};
}

}  // namespace loadstar::service
