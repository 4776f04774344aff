#include <string_view>

#include "gift_eval/baseline_method.hpp"
#include "gift_eval/method.hpp"
#include "gift_eval/network_method.hpp"
#include "gift_eval/ridge_method.hpp"
#include "gift_eval/smoothing_method.hpp"
#include "gift_eval/trees_method.hpp"

namespace loadstar::gift_eval {

namespace {

constexpr std::string_view tuned_suffix = "_tuned";

}  // namespace

std::vector<std::string> method_names() { return {"seasonal_naive", "smoothing", "ridge", "trees", "trees_on_ridge"}; }

Result<std::unique_ptr<Method>> make_method(const std::string& name, const MethodOptions& options) {
    using Made = std::unique_ptr<Method>;
    const auto ridge = options.ridge != nullptr ? options.ridge : std::make_shared<LastRidge>();
    if (name == "seasonal_naive") return Made(std::make_unique<BaselineMethod>());
    if (name == "smoothing") return Made(std::make_unique<SmoothingMethod>());
    if (name == "ridge") return Made(std::make_unique<RidgeMethod>(ridge));
    if (name == "trees") return Made(std::make_unique<TreesMethod>(TreesMethod::Target::outcome, ridge));
    if (name == "trees_on_ridge")
        return Made(std::make_unique<TreesMethod>(TreesMethod::Target::error_of_ridge, ridge));
    const bool tuned = name.ends_with(tuned_suffix);
    const auto network = options.networks.find(tuned ? name.substr(0, name.size() - tuned_suffix.size()) : name);
    if (network != options.networks.end())
        return Made(
            std::make_unique<NetworkMethod>(network->second, tuned ? NetworkUse::tuned : NetworkUse::as_it_comes));
    return Error{.code = ErrorCode::not_found,
                 .message = "no method is called " + name,
                 .hint = "a network needs --network " + name + "=FOLDER"};
}

}  // namespace loadstar::gift_eval
