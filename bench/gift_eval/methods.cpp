#include "gift_eval/baseline_method.hpp"
#include "gift_eval/method.hpp"
#include "gift_eval/ridge_method.hpp"

namespace loadstar::gift_eval {

std::vector<std::string> method_names() { return {"seasonal_naive", "ridge"}; }

Result<std::unique_ptr<Method>> make_method(const std::string& name, const MethodOptions&) {
    if (name == "seasonal_naive") return std::unique_ptr<Method>(std::make_unique<BaselineMethod>());
    if (name == "ridge") return std::unique_ptr<Method>(std::make_unique<RidgeMethod>());
    return Error{.code = ErrorCode::not_found, .message = "no method is called " + name};
}

}  // namespace loadstar::gift_eval
