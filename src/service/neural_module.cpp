#include "service/neural_module.hpp"

#include "service/module.hpp"

namespace loadstar::service {

Result<const neural::Functions*> neural_module() {
    static const auto module = module_functions<neural::Functions>("libloadstar_neural.so", neural::functions_symbol);
    return module;
}

}  // namespace loadstar::service
