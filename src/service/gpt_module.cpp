#include "service/gpt_module.hpp"

#include "service/module.hpp"

namespace loadstar::service {

Result<const gpt::Functions*> gpt_module() {
    static const auto module = module_functions<gpt::Functions>("libloadstar_gpt.so", gpt::functions_symbol);
    return module;
}

}  // namespace loadstar::service
