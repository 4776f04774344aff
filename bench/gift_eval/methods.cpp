#include "gift_eval/baseline_method.hpp"
#include "gift_eval/method.hpp"
#include "gift_eval/network_method.hpp"
#include "gift_eval/ridge_method.hpp"
#include "gift_eval/trees_method.hpp"
#include "open_network.hpp"

namespace loadstar::gift_eval {

std::vector<std::string> method_names() { return {"seasonal_naive", "ridge", "trees", "trees_on_ridge", "network"}; }

Result<std::unique_ptr<Method>> make_method(const std::string& name, const MethodOptions& options) {
    using Made = std::unique_ptr<Method>;
    if (name == "seasonal_naive") return Made(std::make_unique<BaselineMethod>());
    if (name == "ridge") return Made(std::make_unique<RidgeMethod>());
    if (name == "trees") return Made(std::make_unique<TreesMethod>(TreesMethod::Target::outcome));
    if (name == "trees_on_ridge") return Made(std::make_unique<TreesMethod>(TreesMethod::Target::error_of_ridge));
    if (name == "network") {
        LOADSTAR_TRY(auto network, bench::open_network(options.network_folder));
        return Made(std::make_unique<NetworkMethod>(std::move(network)));
    }
    return Error{.code = ErrorCode::not_found, .message = "no method is called " + name};
}

}  // namespace loadstar::gift_eval
